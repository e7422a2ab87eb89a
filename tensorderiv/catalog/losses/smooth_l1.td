# title: smooth L1 loss
# aliases: smooth_l1_loss
# domain: all real x, y; beta > 0
# kinks: none of first order; the second derivative jumps where |x_i - y_i| = beta
# note: huber divided by its delta
# source: R. Girshick, Fast R-CNN, ICCV 2015
# reference: torch.nn.functional.smooth_l1_loss(x, y, beta=beta)
# packages:
#     torch: SmoothL1Loss

tensor x[d], y[d]
scalar beta > 0 default 1
r_i = abs(x_i - y_i)
L = 1/d sum_i if(r_i < beta, r_i^2/(2 beta), r_i - beta/2)
