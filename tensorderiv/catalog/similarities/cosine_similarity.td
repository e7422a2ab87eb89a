# title: cosine similarity
# aliases: cos_sim
# domain: rows of X that are not zero
# kinks: a zero row has no direction; its cosine with any row is taken as 0
# source: G. Salton, A. Wong, C. S. Yang, A vector space model for automatic indexing, Communications of the ACM 18(11), 1975
# reference: sklearn.metrics.pairwise.cosine_similarity(X, Y)
# packages:
#     sklearn: cosine_similarity
#     torch: cosine_similarity
#     pytorch-metric-learning: CosineSimilarity

tensor X[n,d]
N_i = sqrt(sum_p X_ip^2)
C_ij = sum_p X_ip X_jp / (N_i N_j)
