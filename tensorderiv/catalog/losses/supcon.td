# title: supervised contrastive loss
# aliases: supervised_contrastive
# domain: rows of E that are not zero, labels c; temperature tau > 0
# kinks: none where no row is zero. A zero row has no direction
# note: a row alone in its class counts as 0 here and in n; pytorch-metric-learning leaves it out of the mean
# source: P. Khosla et al., Supervised contrastive learning, NeurIPS 2020
# reference: pytorch_metric_learning.losses.SupConLoss(temperature=tau)(E, c)
# packages:
#     pytorch-metric-learning: SupConLoss

labels c[n]
tensor E[n,d]
scalar tau > 0 default 0.1
N_a = sqrt(sum_k E_ak^2)
S_ab = sum_k E_ak E_bk / (N_a N_b)
Z_a = log(sum_{b != a} exp(S_ab/tau))
P_a = sum_{p: p != a and c_p = c_a} 1
L = -1/n sum_{a: P_a > 0} sum_{p: p != a and c_p = c_a} (S_ap/tau - Z_a) / P_a
