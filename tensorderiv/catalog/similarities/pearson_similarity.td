# title: Pearson correlation
# aliases: pearson
# domain: rows of X that are not constant
# kinks: a constant row has no direction; its correlation with any row is taken as 0
# source: K. Pearson, Notes on regression and inheritance in the case of two parents, Proceedings of the Royal Society of London
#     58, 1895
# reference: scipy.stats.pearsonr(x, y).statistic
# packages:
#     scipy: stats.pearsonr
#     torch: corrcoef

tensor X[n,d]
M_i = 1/d sum_p X_ip
Z_ip = X_ip - M_i
N_i = sqrt(sum_p Z_ip^2)
R_ij = sum_p Z_ip Z_jp / (N_i N_j)
