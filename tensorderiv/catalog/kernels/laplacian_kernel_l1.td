# title: Laplacian kernel of the city block distance
# aliases: laplacian_kernel
# domain: all real X; gamma > 0
# kinks: where a coordinate agrees, X_ip = X_jp; abs' = sign with sign(0) = 0, a subgradient
# note: scikit-learn's gamma is 1/d unless given. KeOps' laplacian is another function: laplacian_kernel_l2
# source: A. Rahimi, B. Recht, Random features for large-scale kernel machines, NIPS 2007
# reference: sklearn.metrics.pairwise.laplacian_kernel(X, Y, gamma=gamma)
# packages:
#     sklearn: laplacian_kernel

tensor X[n,d]
scalar gamma > 0 default 1
K_ij = exp(-gamma sum_p abs(X_ip - X_jp))
