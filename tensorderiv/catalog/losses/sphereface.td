# title: SphereFace: angular softmax with the margin m a whole number
# domain: rows of E and W that are not zero, labels c; m = 1, 2, 3, ...
# kinks: at the angles 0 and pi arccos has no derivative; where m times an angle is a multiple of pi the pieces meet with equal
#     value and slope
# note: the norm of the row stays: it is the scale
# source: W. Liu et al., SphereFace: deep hypersphere embedding for face recognition, CVPR 2017
# reference: pytorch_metric_learning.losses.SphereFaceLoss(C, d, margin=m, scale=1)(E, c)
# packages:
#     pytorch-metric-learning: SphereFaceLoss

labels c[n] in C
tensor E[n,d], W[C,d]
scalar m > 0 default 4
N_a = sqrt(sum_k E_ak^2)
M_r = sqrt(sum_k W_rk^2)
S_ar = sum_k E_ak W_rk / (N_a M_r)
T_ar = acos(S_ar)
g_ar = floor(m T_ar / pi)
Z_ar = if(r = c_a, (-1)^{g_ar} cos(m T_ar) - 2 g_ar, S_ar)
L = -1/n sum_a log(exp(N_a Z[a,c[a]]) / sum_r exp(N_a Z_ar))
