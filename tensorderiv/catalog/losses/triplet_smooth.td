# title: triplet loss over all triplets of a batch, with softplus for the hinge
# aliases: soft_triplet
# domain: rows of E that are not zero, labels c; margin m
# kinks: where two rows have one direction; the subgradient there is 0. A zero row has no direction
# source: A. Hermans, L. Beyer, B. Leibe, In defense of the triplet loss for person re-identification, arXiv:1703.07737, 2017
# reference: pytorch_metric_learning.losses.TripletMarginLoss(margin=m, smooth_loss=True)(E, c)
# packages:
#     pytorch-metric-learning: TripletMarginLoss(smooth_loss=True)

labels c[n]
tensor E[n,d]
scalar m default 0.05
N_a = sqrt(sum_k E_ak^2)
D_ab = sqrt(sum_k (E_ak/N_a - E_bk/N_b)^2)
A = sum_{a,p,q: p != a and c_p = c_a and c_q != c_a} 1
L = sum_{a,p,q: p != a and c_p = c_a and c_q != c_a} softplus(D_ap - D_aq + m) / A
