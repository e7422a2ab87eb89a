# title: standardised Euclidean distance with the variances V
# aliases: standardised_euclidean
# domain: all real X; V_p > 0
# kinks: where X_i = X_j; the gradient there is taken as 0, the subgradient of least norm
# note: umap calls the argument sigma, and uses it as a variance all the same
# source: P. Virtanen et al., SciPy 1.0: fundamental algorithms for scientific computing in Python, Nature Methods 17, 2020;
#     scipy.spatial.distance.seuclidean
# reference: scipy.spatial.distance.cdist(X, Y, "seuclidean", V=V)
# packages:
#     scipy: seuclidean
#     umap: seuclidean (argument named sigma, used as a variance)
#     pynndescent: seuclidean

tensor X[n,d]
tensor V[d] > 0
D_ij = sqrt(sum_p (X_ip - X_jp)^2 / V_p)
