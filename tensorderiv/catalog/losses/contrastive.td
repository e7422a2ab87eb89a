# title: contrastive loss over all pairs of a batch
# domain: rows of E that are not zero, labels c; margins mpos, mneg
# kinks: where D_ab is a margin, and where two rows have one direction; the subgradient there is 0
# note: the divisor counts the terms that are not zero (AvgNonZeroReducer), so it jumps where one begins; its derivative is taken
#     as 0. The hinges are not squared, as they are in the paper
# source: R. Hadsell, S. Chopra, Y. LeCun, Dimensionality reduction by learning an invariant mapping, CVPR 2006
# reference: pytorch_metric_learning.losses.ContrastiveLoss(pos_margin=mpos, neg_margin=mneg)(E, c)
# packages:
#     pytorch-metric-learning: ContrastiveLoss

labels c[n]
tensor E[n,d]
scalar mpos default 0
scalar mneg default 1
N_a = sqrt(sum_k E_ak^2)
D_ab = sqrt(sum_k (E_ak/N_a - E_bk/N_b)^2)
A = sum_{a,p: p != a and c_p = c_a and D_ap > mpos} 1
B = sum_{a,q: c_q != c_a and D_aq < mneg} 1
L = sum_{a,p: p != a and c_p = c_a} max(0, D_ap - mpos) / A + sum_{a,q: c_q != c_a} max(0, mneg - D_aq) / B
