# title: UMAP's similarity of embedded points
# domain: all real X; a > 0, b > 0
# kinks: where X_i = X_j and b < 1; the gradient there is taken as 0
# note: the defaults are umap's fit to min_dist = 0.1. layouts.py has the gradients of -log K and of -log(1 - K) by hand, with
#     0.001 added in the second
# source: L. McInnes, J. Healy, J. Melville, UMAP: uniform manifold approximation and projection for dimension reduction,
#     arXiv:1802.03426, 2018
# reference: 1 / (1 + a * scipy.spatial.distance.cdist(X, Y, 'sqeuclidean')**b)
# packages:
#     umap: layouts.py phi

tensor X[n,d]
scalar a > 0 default 1.577
scalar b > 0 default 0.895
K_ij = 1 / (1 + a (sum_p (X_ip - X_jp)^2)^b)
