# title: Gaussian negative log-likelihood with given variances
# domain: all real x, y; v_i > 0
# kinks: none for v_i > 0
# note: torch cuts v_i off at 1e-6 from below and hides that from the gradient; without log(2 pi)/2
# source: D. A. Nix, A. S. Weigend, Estimating the mean and variance of the target probability distribution, ICNN 1994
# reference: torch.nn.functional.gaussian_nll_loss(x, y, v)
# packages:
#     torch: GaussianNLLLoss

tensor x[d], y[d]
tensor v[d] > 0
L = 1/d sum_i 1/2 (log(v_i) + (x_i - y_i)^2 / v_i)
