# title: mean absolute error
# aliases: mean_absolute_error, mae
# domain: all real x, y
# kinks: where x_i = y_i; sign(0) = 0, a subgradient
# source: Y. Dodge (ed.), Statistical Data Analysis Based on the L1-Norm, North-Holland, 1987
# reference: torch.nn.functional.l1_loss(x, y)
# packages:
#     torch: L1Loss

tensor x[d], y[d]
L = 1/d sum_i abs(x_i - y_i)
