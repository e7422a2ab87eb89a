# title: Hellinger distance between rows scaled to sum 1
# domain: X_ip >= 0, rows that are not zero
# kinks: where X_i is proportional to X_j; the gradient there is taken as 0. At X_ip = 0 the derivative is unbounded
# note: umap takes sqrt(1 - sum_p R_ip R_jp), which is the same number but loses all digits for close pairs in float32; for a
#     negative coordinate it returns NaN, and 0 with gradient 0 from hellinger_grad
# source: E. Hellinger, Neue Begründung der Theorie quadratischer Formen von unendlichvielen Veränderlichen, Journal für die reine
#     und angewandte Mathematik 136, 1909
# reference: umap.distances.hellinger(x, y)
# packages:
#     umap: hellinger
#     pynndescent: hellinger

tensor X[n,d] >= 0
T_i = sum_p X_ip
R_ip = sqrt(X_ip / T_i)
D_ij = sqrt(1/2 sum_p (R_ip - R_jp)^2)
