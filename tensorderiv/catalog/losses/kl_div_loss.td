# title: Kullback-Leibler divergence of log-probabilities x from probabilities y
# domain: x log-probabilities, any real numbers; y on the simplex
# kinks: none inside; at y_i = 0 the term is 0, its derivative by y unbounded
# note: the first argument is a logarithm, and it is the second argument that the divergence is of: kullback_leibler(y, exp(x))
# source: S. Kullback, R. A. Leibler, On information and sufficiency, Annals of Mathematical Statistics 22(1), 1951
# reference: torch.nn.functional.kl_div(x, y, reduction="sum")
# packages:
#     torch: KLDivLoss(reduction='sum')

tensor x[d]
tensor y[d] in simplex
L = sum_i y_i (log(y_i) - x_i)
