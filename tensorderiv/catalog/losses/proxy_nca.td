# title: neighbourhood components loss against one proxy a class
# domain: rows of E and proxies W that are not zero, labels c
# kinks: none where no row is zero. A zero row has no direction
# note: the own proxy stands in the denominator as well, which the paper leaves out
# source: Y. Movshovitz-Attias, A. Toshev, T. K. Leung, S. Ioffe, S. Singh, No fuss distance metric learning using proxies, ICCV
#     2017
# reference: pytorch_metric_learning.losses.ProxyNCALoss(C, d, softmax_scale=1)(E, c)
# packages:
#     pytorch-metric-learning: ProxyNCALoss

labels c[n] in C
tensor E[n,d], W[C,d]
N_a = sqrt(sum_k E_ak^2)
M_r = sqrt(sum_k W_rk^2)
D_ar = sum_k (E_ak/N_a - W_rk/M_r)^2
L = -1/n sum_a log(exp(-D[a,c[a]]) / sum_r exp(-D_ar))
