# title: normalised temperature-scaled cross-entropy (InfoNCE)
# aliases: infonce, nt_xent
# domain: rows of E that are not zero, labels c; temperature tau > 0
# kinks: none where no row is zero. A zero row has no direction
# note: each positive stands against the negatives alone; with several positives a class this is not supcon
# source: T. Chen, S. Kornblith, M. Norouzi, G. Hinton, A simple framework for contrastive learning of visual representations,
#     ICML 2020; A. van den Oord, Y. Li, O. Vinyals, Representation learning with contrastive predictive coding, arXiv:1807.03748,
#     2018
# reference: pytorch_metric_learning.losses.NTXentLoss(temperature=tau)(E, c)
# packages:
#     pytorch-metric-learning: NTXentLoss (InfoNCE)

labels c[n]
tensor E[n,d]
scalar tau > 0 default 0.07
N_a = sqrt(sum_k E_ak^2)
S_ab = sum_k E_ak E_bk / (N_a N_b)
Q_a = sum_{q: c_q != c_a} exp(S_aq/tau)
A = sum_{a,p: p != a and c_p = c_a} 1
L = -sum_{a,p: p != a and c_p = c_a} log(exp(S_ap/tau) / (exp(S_ap/tau) + Q_a)) / A
