# title: Hellinger distance between probability vectors
# domain: rows of X on the probability simplex
# kinks: where X_i = X_j; the gradient there is taken as 0. At X_ip = 0 the derivative is unbounded
# note: equal to hellinger on the simplex, where this form loses no digits for close pairs; off it the two differ, and so do their
#     gradients
# source: E. Hellinger, Neue Begründung der Theorie quadratischer Formen von unendlichvielen Veränderlichen, Journal für die reine
#     und angewandte Mathematik 136, 1909
# reference: umap.distances.hellinger(x, y) on the simplex
# packages:
#     umap: hellinger (on the simplex)

tensor X[n,d] in simplex
D_ij = sqrt(1/2 sum_p (sqrt(X_ip) - sqrt(X_jp))^2)
