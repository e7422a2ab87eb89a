# title: binary cross-entropy of probabilities
# aliases: log_loss, binary_cross_entropy
# domain: 0 < x_i < 1; 0 <= y_i <= 1
# kinks: none inside; at x_i = 0 and x_i = 1 the derivative is unbounded
# note: torch cuts the logarithms off at -100
# source: D. R. Cox, The regression analysis of binary sequences, Journal of the Royal Statistical Society B 20(2), 1958
# reference: torch.nn.functional.binary_cross_entropy(x, y)
# packages:
#     torch: BCELoss

tensor x[d] in (0,1)
tensor y[d] in [0,1]
L = -1/d sum_i (y_i log(x_i) + (1 - y_i) log(1 - x_i))
