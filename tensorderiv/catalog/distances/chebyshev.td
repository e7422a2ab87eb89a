# title: Chebyshev distance: the largest difference of coordinates
# aliases: linf, linfty, linfinity
# domain: all real X
# kinks: where the maximum is attained twice: the first coordinate that attains it is taken; where X_i = X_j the gradient is taken
#     as 0
# source: C. D. Cantrell, Modern Mathematical Methods for Physicists and Engineers, Cambridge University Press, 2000
# reference: scipy.spatial.distance.cdist(X, Y, "chebyshev")
# packages:
#     scipy: chebyshev
#     umap: chebyshev
#     pynndescent: chebyshev
#     faiss: METRIC_Linf
#     torch: cdist(p=inf)

tensor X[n,d]
D_ij = max_p abs(X_ip - X_jp)
