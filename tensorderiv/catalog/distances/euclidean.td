# title: Euclidean distance
# aliases: l2
# domain: all real X
# kinks: where X_i = X_j; the gradient there is taken as 0, the subgradient of least norm
# source: Euclid, Elements, about 300 BC, book I, proposition 47, in coordinates
# reference: scipy.spatial.distance.cdist(X, Y, "euclidean")
# packages:
#     scipy: euclidean
#     sklearn: euclidean_distances / l2
#     umap: euclidean
#     pynndescent: euclidean
#     simsimd: euclidean (l2)
#     torch: cdist(p=2)
#     KeOps: Norm2(x-y)
#     pytorch-metric-learning: LpDistance(p=2, normalize_embeddings=False)

tensor X[n,d]
D_ij = sqrt(sum_p (X_ip - X_jp)^2)
