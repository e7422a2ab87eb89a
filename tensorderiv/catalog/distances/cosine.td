# title: cosine distance
# aliases: cosine_distance
# domain: rows of X that are not zero
# kinks: a zero row has no direction; its cosine with any row is taken as 0
# source: G. Salton, A. Wong, C. S. Yang, A vector space model for automatic indexing, Communications of the ACM 18(11), 1975
# reference: scipy.spatial.distance.cdist(X, Y, "cosine")
# packages:
#     scipy: cosine
#     sklearn: cosine_distances
#     umap: cosine
#     pynndescent: cosine / direct_cosine
#     simsimd: cosine (cos)

tensor X[n,d]
N_i = sqrt(sum_p X_ip^2)
C_ij = sum_p X_ip X_jp / (N_i N_j)
D_ij = 1 - C_ij
