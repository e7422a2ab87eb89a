# title: margin ranking loss: x above y by m where t = 1, below where t = -1
# domain: all real x, y; t_i is -1 or 1
# kinks: where t_i (x_i - y_i) = m; the subgradient there is 0
# note: at m = 0 all equal x and y lie on the kink
# source: R. Herbrich, T. Graepel, K. Obermayer, Large margin rank boundaries for ordinal regression, Advances in Large Margin
#     Classifiers, MIT Press, 2000
# reference: torch.nn.functional.margin_ranking_loss(x, y, t, margin=m)
# packages:
#     torch: MarginRankingLoss

tensor x[d], y[d]
tensor t[d] in [-1,1]
scalar m default 0
L = 1/d sum_i max(0, m - t_i (x_i - y_i))
