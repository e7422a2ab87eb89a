# title: multi-similarity loss
# domain: rows of E that are not zero, labels c; alpha, beta > 0
# kinks: none where no row is zero. A zero row has no direction
# note: without the mining of pairs of the paper
# source: X. Wang, X. Han, W. Huang, D. Dong, M. R. Scott, Multi-similarity loss with general pair weighting for deep metric
#     learning, CVPR 2019
# reference: pytorch_metric_learning.losses.MultiSimilarityLoss(alpha=alpha, beta=beta, base=base)(E, c)
# packages:
#     pytorch-metric-learning: MultiSimilarityLoss

labels c[n]
tensor E[n,d]
scalar alpha > 0 default 2
scalar beta > 0 default 50
scalar base default 0.5
N_a = sqrt(sum_k E_ak^2)
S_ab = sum_k E_ak E_bk / (N_a N_b)
P_a = 1/alpha log(1 + sum_{p: p != a and c_p = c_a} exp(-alpha (S_ap - base)))
Q_a = 1/beta log(1 + sum_{q: c_q != c_a} exp(beta (S_aq - base)))
L = 1/n sum_a (P_a + Q_a)
