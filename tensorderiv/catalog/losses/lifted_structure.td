# title: lifted structure loss
# domain: rows of E that are not zero, labels c; margins mneg, mpos
# kinks: where the hinge closes, and where two rows have one direction; the subgradient there is 0
# source: H. Oh Song, Y. Xiang, S. Jegelka, S. Savarese, Deep metric learning via lifted structured feature embedding, CVPR 2016
# reference: pytorch_metric_learning.losses.LiftedStructureLoss(neg_margin=mneg, pos_margin=mpos)(E, c)
# packages:
#     pytorch-metric-learning: LiftedStructureLoss

labels c[n]
tensor E[n,d]
scalar mneg default 1
scalar mpos default 0
N_a = sqrt(sum_k E_ak^2)
D_ab = sqrt(sum_k (E_ak/N_a - E_bk/N_b)^2)
Q_a = sum_{q: c_q != c_a} exp(mneg - D_aq)
A = sum_{a,p: p != a and c_p = c_a} 1
L = sum_{a,p: p != a and c_p = c_a} max(0, log(Q_a + Q_p) + D_ap - mpos)^2 / (2 A)
