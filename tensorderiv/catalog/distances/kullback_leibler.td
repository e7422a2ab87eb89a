# title: Kullback-Leibler divergence
# aliases: kl, relative_entropy
# domain: rows of X on the probability simplex; X_jp > 0 where X_ip > 0
# kinks: none inside; at X_ip = 0 the term is 0, its derivative unbounded
# note: not symmetric. simsimd 6.5.16 is wrong for float64 input (39.9 for 1.07); in float32 its logarithm is good to five digits
# source: S. Kullback, R. A. Leibler, On information and sufficiency, Annals of Mathematical Statistics 22(1), 1951
# reference: scipy.special.rel_entr(x, y).sum()
# packages:
#     scipy: special.rel_entr summed / stats.entropy
#     simsimd: kullbackleibler
#     torch: kl_div(log y, x, reduction='sum')

tensor X[n,d] in simplex
D_ij = sum_p X_ip log(X_ip / X_jp)
