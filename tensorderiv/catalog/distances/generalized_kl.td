# title: generalised Kullback-Leibler divergence (I-divergence)
# aliases: kl_div, i_divergence
# domain: X_ip > 0
# kinks: none for X_ip > 0; at X_ip = 0, the end of the domain, the derivative is unbounded
# note: not symmetric; torch's kl_div is another function: see kl_div_loss
# source: I. Csiszár, Why least squares and maximum entropy? An axiomatic approach to inference for linear inverse problems,
#     Annals of Statistics 19(4), 1991
# reference: scipy.special.kl_div(x, y).sum()
# packages:
#     scipy: special.kl_div summed

tensor X[n,d] > 0
D_ij = sum_p (X_ip log(X_ip / X_jp) - X_ip + X_jp)
