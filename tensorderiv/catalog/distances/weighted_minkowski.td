# title: weighted Minkowski distance
# aliases: wminkowski
# domain: all real X; w_k >= 0; p >= 1
# kinks: where X_i = X_j, and for p = 1 where a coordinate agrees; the gradient there is taken as 0
# note: the weight stands outside the power, as in SciPy since 1.6; the former wminkowski took abs(w_k (X_ik - X_jk))^p
# source: P. Virtanen et al., SciPy 1.0: fundamental algorithms for scientific computing in Python, Nature Methods 17, 2020;
#     scipy.spatial.distance.minkowski
# reference: scipy.spatial.distance.cdist(X, Y, "minkowski", p=p, w=w)
# packages:
#     scipy: minkowski(w=)
#     umap: wminkowski
#     pynndescent: wminkowski

tensor X[n,d]
tensor w[d] >= 0
scalar p >= 1 default 2
D_ij = (sum_k w_k abs(X_ik - X_jk)^p)^(1/p)
