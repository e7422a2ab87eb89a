# title: logistic loss of a margin
# aliases: soft_margin_loss
# domain: all real x; y_i is -1 or 1
# kinks: none; smooth everywhere
# source: J. Friedman, T. Hastie, R. Tibshirani, Additive logistic regression: a statistical view of boosting, Annals of
#     Statistics 28(2), 2000
# reference: torch.nn.functional.soft_margin_loss(x, y)
# packages:
#     torch: SoftMarginLoss

tensor x[d]
tensor y[d] in [-1,1]
L = 1/d sum_i softplus(-y_i x_i)
