# title: multi-class hinge loss of power g
# domain: all real x; t a class; g is 1 or 2
# kinks: for g = 1 where x_t - x_i = m; the subgradient there is 0
# note: divided by the number of classes d, not by d - 1
# source: J. Weston, C. Watkins, Support vector machines for multi-class pattern recognition, ESANN 1999
# reference: torch.nn.functional.multi_margin_loss(x, t, p=g, margin=m)
# packages:
#     torch: MultiMarginLoss

tensor x[d]
labels t
scalar m default 1
scalar g >= 1 default 1
L = 1/d sum_{i != t} max(0, m - x_t + x_i)^g
