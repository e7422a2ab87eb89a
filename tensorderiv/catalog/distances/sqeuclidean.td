# title: squared Euclidean distance between rows
# aliases: squared_euclidean, l2sq
# domain: all real X
# kinks: none; a polynomial in X
# source: L. Liberti, C. Lavor, N. Maculan, A. Mucherino, Euclidean distance geometry and applications, SIAM Review 56(1), 2014
# reference: scipy.spatial.distance.cdist(X, Y, "sqeuclidean")
# packages:
#     scipy: sqeuclidean
#     pynndescent: sqeuclidean
#     faiss: METRIC_L2 (faiss returns the square)
#     simsimd: sqeuclidean (l2sq)
#     KeOps: SqDist(x,y)
#     sklearn: euclidean_distances(squared=True)

tensor X[n,d]
D_ij = sum_p (X_ip - X_jp)^2
