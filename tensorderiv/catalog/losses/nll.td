# title: negative log-likelihood of a class t
# aliases: nll_loss, negative_log_likelihood
# domain: all real x, meant as log-probabilities; t a class
# kinks: none; linear in x
# note: despite its name it takes no logarithm: x holds logarithms already
# source: A. Paszke et al., PyTorch: an imperative style, high-performance deep learning library, NeurIPS 2019; torch.nn.NLLLoss
# reference: torch.nn.functional.nll_loss(x, t)
# packages:
#     torch: NLLLoss

tensor x[d]
labels t
L = -x_t
