# title: cross-entropy of the cosines with class weights
# aliases: norm_face
# domain: rows of E and W that are not zero, labels c; tau > 0
# kinks: none where no row is zero. A zero row has no direction
# source: A. Zhai, H.-Y. Wu, Classification is a strong baseline for deep metric learning, BMVC 2019
# reference: pytorch_metric_learning.losses.NormalizedSoftmaxLoss(C, d, temperature=tau)(E, c)
# packages:
#     pytorch-metric-learning: NormalizedSoftmaxLoss

labels c[n] in C
tensor E[n,d], W[C,d]
scalar tau > 0 default 0.05
N_a = sqrt(sum_k E_ak^2)
M_r = sqrt(sum_k W_rk^2)
S_ar = sum_k E_ak W_rk / (N_a M_r)
L = -1/n sum_a log(exp(S[a,c[a]]/tau) / sum_r exp(S_ar/tau))
