# title: circle loss
# domain: rows of E that are not zero, labels c; gamma > 0, 0 < m < 1
# kinks: where S_ap = 1 + m or S_aq = -m; the derivative of the positive part there is 0
# note: pytorch-metric-learning stops the gradient through the weights max(0, ...), as the paper does: its gradient is not that of
#     the value that it returns. Beyond 20 its softplus is x
# source: Y. Sun et al., Circle loss: a unified perspective of pair similarity optimization, CVPR 2020
# reference: pytorch_metric_learning.losses.CircleLoss(m=m, gamma=gamma)(E, c)
# packages:
#     pytorch-metric-learning: CircleLoss

labels c[n]
tensor E[n,d]
scalar m default 0.4
scalar gamma > 0 default 80
N_a = sqrt(sum_k E_ak^2)
S_ab = sum_k E_ak E_bk / (N_a N_b)
P_a = log(sum_{p: p != a and c_p = c_a} exp(-gamma max(0, 1 + m - S_ap) (S_ap - 1 + m)))
Q_a = log(sum_{q: c_q != c_a} exp(gamma max(0, S_aq + m) (S_aq - m)))
L = 1/n sum_a softplus(P_a + Q_a)
