# title: Minkowski distance of exponent p
# aliases: lp
# domain: all real X; p >= 1
# kinks: where X_i = X_j, and for p = 1 where a coordinate agrees; the gradient there is taken as 0
# note: p = inf is not this formula but chebyshev; umap's minkowski returns 1 there, minkowski_grad NaN
# source: H. Minkowski, Geometrie der Zahlen, Teubner, 1896
# reference: scipy.spatial.distance.cdist(X, Y, "minkowski", p=p)
# packages:
#     scipy: minkowski
#     umap: minkowski
#     pynndescent: minkowski
#     torch: cdist(p)
#     pytorch-metric-learning: LpDistance(p)

tensor X[n,d]
scalar p >= 1 default 2
D_ij = (sum_k abs(X_ik - X_jk)^p)^(1/p)
