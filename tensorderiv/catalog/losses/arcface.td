# title: ArcFace: additive angular margin loss
# domain: rows of E and W that are not zero, labels c; scale s, margin m in radians
# kinks: where the angle to the own class is pi - m, a jump; at the angles 0 and pi arccos has no derivative
# note: pytorch-metric-learning takes the margin in degrees. Beyond pi - m the value goes on with another formula, lower by a jump
# source: J. Deng, J. Guo, N. Xue, S. Zafeiriou, ArcFace: additive angular margin loss for deep face recognition, CVPR 2019
# reference: pytorch_metric_learning.losses.ArcFaceLoss(C, d, margin=28.6, scale=s)(E, c)
# packages:
#     pytorch-metric-learning: ArcFaceLoss

labels c[n] in C
tensor E[n,d], W[C,d]
scalar s > 0 default 64
scalar m default 0.4991641660703783     # 28.6 degrees
N_a = sqrt(sum_k E_ak^2)
M_r = sqrt(sum_k W_rk^2)
S_ar = sum_k E_ak W_rk / (N_a M_r)
T_ar = acos(S_ar)
Z_ar = if(r = c_a, if(T_ar <= pi - m, cos(T_ar + m), S_ar - m sin(m)), S_ar)
L = -1/n sum_a log(exp(s Z[a,c[a]]) / sum_r exp(s Z_ar))
