# title: Poisson negative log-likelihood of the logarithm of the rate
# domain: all real x; counts y_i >= 0
# kinks: none; smooth everywhere
# note: without log(y_i!), which does not depend on x
# source: J. A. Nelder, R. W. M. Wedderburn, Generalized linear models, Journal of the Royal Statistical Society A 135(3), 1972
# reference: torch.nn.functional.poisson_nll_loss(x, y)
# packages:
#     torch: PoissonNLLLoss(log_input=True)

tensor x[d]
tensor y[d] >= 0
L = 1/d sum_i (exp(x_i) - y_i x_i)
