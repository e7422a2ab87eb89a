# title: neighbourhood components loss: minus the log-probability of a neighbour of the own class
# domain: rows of E that are not zero, labels c
# kinks: none where no row is zero. A zero row has no direction
# note: a mean of logarithms; the paper's sum of probabilities is nca_expected_accuracy. A row alone in its class makes it
#     infinite
# source: J. Goldberger, S. Roweis, G. Hinton, R. Salakhutdinov, Neighbourhood components analysis, NIPS 2004
# reference: pytorch_metric_learning.losses.NCALoss(softmax_scale=1)(E, c)
# packages:
#     pytorch-metric-learning: NCALoss

labels c[n]
tensor E[n,d]
N_a = sqrt(sum_k E_ak^2)
D_ab = sum_k (E_ak/N_a - E_bk/N_b)^2
L = -1/n sum_a log(sum_{p: p != a and c_p = c_a} exp(-D_ap) / sum_{q != a} exp(-D_aq))
