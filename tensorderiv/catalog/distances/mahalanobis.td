# title: Mahalanobis distance with the inverse covariance M
# aliases: mahalanobis_distance
# domain: M symmetric positive definite; all real X
# kinks: where X_i = X_j; the gradient there is taken as 0, the subgradient of least norm
# note: differentiable by X and by M; the entries of M are taken as independent variables
# source: P. C. Mahalanobis, On the generalised distance in statistics, Proceedings of the National Institute of Sciences of India
#     2(1), 1936
# reference: scipy.spatial.distance.cdist(X, Y, "mahalanobis", VI=M)
# packages:
#     scipy: mahalanobis
#     umap: mahalanobis
#     pynndescent: mahalanobis
#     simsimd: mahalanobis

tensor X[n,d]
tensor M[d,d] spd
D_ij = sqrt(sum_{p,q} (X_ip - X_jp) M_pq (X_iq - X_jq))
