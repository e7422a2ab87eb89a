# title: N-pairs loss over cosine similarities
# aliases: n_pairs, npair
# domain: rows of X and Y that are not zero; temperature t > 0
# kinks: a zero row has no direction; its cosine with any row is taken as 0
# source: K. Sohn, Improved deep metric learning with multi-class N-pair loss objective, NIPS 2016; with cosine similarities and a
#     temperature
# reference: torch.nn.functional.cross_entropy(cosine_similarity(X[:, None], Y[None], dim=2) / t, arange(n))
# packages:
#     pytorch-metric-learning: NPairsLoss

tensor X[n,d], Y[n,d]
scalar t > 0 default 1
N_i = sqrt(sum_p X_ip^2)
M_j = sqrt(sum_p Y_jp^2)
S_ij = sum_p X_ip Y_jp / (N_i M_j)
L = -1/n sum_i log( exp(S_ii/t) / sum_j exp(S_ij/t) )
