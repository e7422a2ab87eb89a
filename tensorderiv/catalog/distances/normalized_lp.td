# title: Minkowski distance between rows scaled to unit length
# domain: rows of X that are not zero; p >= 1
# kinks: where X_i and X_j have one direction; the gradient there is taken as 0. A zero row has no direction and stays zero
# note: this is what LpDistance computes unless normalize_embeddings=False
# source: K. Musgrave, S. Belongie, S.-N. Lim, PyTorch Metric Learning, arXiv:2008.09164, 2020
# reference: pytorch_metric_learning.distances.LpDistance(p=p)(X, Y)
# packages:
#     pytorch-metric-learning: LpDistance (default)

tensor X[n,d]
scalar p >= 1 default 2
N_i = (sum_k abs(X_ik)^p)^(1/p)
D_ij = (sum_k abs(X_ik / N_i - X_jk / N_j)^p)^(1/p)
