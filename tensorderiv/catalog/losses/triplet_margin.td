# title: triplet loss over all triplets of a batch
# domain: rows of E that are not zero, labels c; margin m
# kinks: where the hinge closes, and where two rows have one direction; the subgradient there is 0
# note: the divisor counts the terms that are not zero (AvgNonZeroReducer), so it jumps where one begins; its derivative is taken
#     as 0. For given triplets: triplet, triplet_margin_torch
# source: F. Schroff, D. Kalenichenko, J. Philbin, FaceNet: A unified embedding for face recognition and clustering, CVPR 2015
# reference: pytorch_metric_learning.losses.TripletMarginLoss(margin=m)(E, c)
# packages:
#     pytorch-metric-learning: TripletMarginLoss

labels c[n]
tensor E[n,d]
scalar m default 0.05
N_a = sqrt(sum_k E_ak^2)
D_ab = sqrt(sum_k (E_ak/N_a - E_bk/N_b)^2)
A = sum_{a,p,q: p != a and c_p = c_a and c_q != c_a and D_ap - D_aq + m > 0} 1
L = sum_{a,p,q: p != a and c_p = c_a and c_q != c_a} max(0, D_ap - D_aq + m) / A
