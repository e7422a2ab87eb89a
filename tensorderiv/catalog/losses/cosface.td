# title: CosFace: large margin cosine loss
# aliases: am_softmax
# domain: rows of E and W that are not zero, labels c; scale s, margin m
# kinks: none where no row is zero. A zero row has no direction
# source: H. Wang et al., CosFace: large margin cosine loss for deep face recognition, CVPR 2018
# reference: pytorch_metric_learning.losses.CosFaceLoss(C, d, margin=m, scale=s)(E, c)
# packages:
#     pytorch-metric-learning: CosFaceLoss

labels c[n] in C
tensor E[n,d], W[C,d]
scalar s > 0 default 64
scalar m default 0.35
N_a = sqrt(sum_k E_ak^2)
M_r = sqrt(sum_k W_rk^2)
S_ar = sum_k E_ak W_rk / (N_a M_r)
Z_ar = if(r = c_a, S_ar - m, S_ar)
L = -1/n sum_a log(exp(s Z[a,c[a]]) / sum_r exp(s Z_ar))
