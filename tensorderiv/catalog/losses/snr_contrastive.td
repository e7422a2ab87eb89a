# title: contrastive loss over signal-to-noise distances
# domain: rows of E that are not zero, labels c, rows of E not constant; margins mpos, mneg
# kinks: where D_ab is a margin; the subgradient there is 0. A constant row has no variance
# note: the variance of the difference over that of the anchor: not symmetric, so ordered pairs count; the divisor counts the
#     terms that are not zero (AvgNonZeroReducer), so it jumps where one begins; its derivative is taken as 0
# source: T. Yuan, W. Deng, J. Tang, Y. Tang, B. Chen, Signal-to-noise ratio: a robust distance metric for deep metric learning,
#     CVPR 2019
# reference: pytorch_metric_learning.losses.SignalToNoiseRatioContrastiveLoss(pos_margin=mpos, neg_margin=mneg)(E, c)
# packages:
#     pytorch-metric-learning: SignalToNoiseRatioContrastiveLoss

labels c[n]
tensor E[n,d]
scalar mpos default 0
scalar mneg default 1
N_a = sqrt(sum_k E_ak^2)
M_a = 1/d sum_k E_ak / N_a
Z_ak = E_ak / N_a - M_a
V_a = sum_k Z_ak^2
D_ab = sum_k (Z_ak - Z_bk)^2 / V_a
A = sum_{a,p: p != a and c_p = c_a and D_ap > mpos} 1
B = sum_{a,q: c_q != c_a and D_aq < mneg} 1
L = sum_{a,p: p != a and c_p = c_a} max(0, D_ap - mpos) / A + sum_{a,q: c_q != c_a} max(0, mneg - D_aq) / B
