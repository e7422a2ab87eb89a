# title: Euclidean distance
# aliases: l2
# domain: all real X
# kinks: where X_i = X_j; the gradient there is taken as 0, the subgradient of least norm
# source: Euclid, Elements, book I, proposition 47, in coordinates
# reference: scipy.spatial.distance.cdist(X, Y, "euclidean")

tensor X[n,d]
D_ij = sqrt(sum_p (X_ip - X_jp)^2)
