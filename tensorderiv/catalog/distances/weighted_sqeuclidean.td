# title: weighted squared Euclidean distance
# domain: all real X; w_p >= 0
# kinks: none; a polynomial in X and w
# source: B. Charlier, J. Feydy, J. A. Glaunès, F.-D. Collin, G. Durif, Kernel operations on the GPU, with autodiff, without
#     memory overflows, Journal of Machine Learning Research 22(74), 2021
# reference: scipy.spatial.distance.cdist(X, Y, "sqeuclidean", w=w)
# packages:
#     scipy: sqeuclidean(w=)
#     KeOps: WeightedSqDist(s, x, y), s of size d

tensor X[n,d]
tensor w[d] >= 0
D_ij = sum_p w_p (X_ip - X_jp)^2
