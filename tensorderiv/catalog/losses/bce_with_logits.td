# title: binary cross-entropy of logits
# aliases: logistic, binary_cross_entropy_with_logits
# domain: all real x; 0 <= y_i <= 1
# kinks: none; smooth everywhere
# source: D. R. Cox, The regression analysis of binary sequences, Journal of the Royal Statistical Society B 20(2), 1958
# reference: torch.nn.functional.binary_cross_entropy_with_logits(x, y)
# packages:
#     torch: BCEWithLogitsLoss

tensor x[d]
tensor y[d] in [0,1]
L = 1/d sum_i (softplus(x_i) - y_i x_i)
