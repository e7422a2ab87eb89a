# title: sum of powers of the differences: Minkowski distance without its root
# domain: all real X; p > 0
# kinks: for p <= 1 where a coordinate agrees; the derivative there is taken as 0
# note: faiss takes no root in METRIC_Lp; for the distance take minkowski
# source: M. Douze et al., The Faiss library, arXiv:2401.08281, 2024
# reference: scipy.spatial.distance.cdist(X, Y, "minkowski", p=p)**p
# packages:
#     faiss: METRIC_Lp (no root taken)

tensor X[n,d]
scalar p > 0 default 3
D_ij = sum_k abs(X_ik - X_jk)^p
