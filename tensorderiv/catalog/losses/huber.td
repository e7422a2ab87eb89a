# title: Huber loss
# aliases: huber_loss
# domain: all real x, y; delta > 0
# kinks: none of first order; the second derivative jumps where |x_i - y_i| = delta
# note: delta times smooth_l1 with beta = delta
# source: P. J. Huber, Robust estimation of a location parameter, Annals of Mathematical Statistics 35(1), 1964
# reference: torch.nn.functional.huber_loss(x, y, delta=delta)
# packages:
#     torch: HuberLoss

tensor x[d], y[d]
scalar delta > 0 default 1
r_i = abs(x_i - y_i)
L = 1/d sum_i if(r_i <= delta, r_i^2/2, delta (r_i - delta/2))
