# title: squared Mahalanobis distance with the matrix M
# aliases: squared_mahalanobis
# domain: all real X; M symmetric
# kinks: none; a polynomial in X and M
# note: the entries of M are taken as independent variables
# source: P. C. Mahalanobis, On the generalised distance in statistics, Proceedings of the National Institute of Sciences of India
#     2(1), 1936
# reference: scipy.spatial.distance.cdist(X, Y, "mahalanobis", VI=M)**2
# packages:
#     KeOps: WeightedSqDist(S, x, y), S of size d*d

tensor X[n,d]
tensor M[d,d] symmetric
D_ij = sum_{p,q} (X_ip - X_jp) M_pq (X_iq - X_jq)
