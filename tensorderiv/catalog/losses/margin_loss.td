# title: margin loss with the boundary beta
# domain: rows of E that are not zero, labels c; boundary beta, margin m
# kinks: where a hinge closes, and where two rows have one direction; the subgradient there is 0
# note: summed over triplets, so each pair counts as often as it stands in one; the divisor counts the hinges that are open, so it
#     jumps where one opens; its derivative is taken as 0. pytorch-metric-learning holds beta in float32
# source: C.-Y. Wu, R. Manmatha, A. J. Smola, P. Krähenbühl, Sampling matters in deep embedding learning, ICCV 2017
# reference: pytorch_metric_learning.losses.MarginLoss(beta=beta, margin=m)(E, c)
# packages:
#     pytorch-metric-learning: MarginLoss

labels c[n]
tensor E[n,d]
scalar beta default 1.2
scalar m default 0.2
N_a = sqrt(sum_k E_ak^2)
D_ab = sqrt(sum_k (E_ak/N_a - E_bk/N_b)^2)
P_a = sum_{p: p != a and c_p = c_a} max(0, D_ap - beta + m)
Q_a = sum_{q: c_q != c_a} max(0, beta - D_aq + m)
A_a = sum_{p: p != a and c_p = c_a} 1
B_a = sum_{q: c_q != c_a} 1
U_a = sum_{p: p != a and c_p = c_a and D_ap - beta + m > 0} 1
V_a = sum_{q: c_q != c_a and beta - D_aq + m > 0} 1
L = sum_a (B_a P_a + A_a Q_a) / sum_a (B_a U_a + A_a V_a)
