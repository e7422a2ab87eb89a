# title: polynomial kernel of degree g
# aliases: poly
# domain: all real X; where g is no whole number, gamma <X_i, X_j> + c > 0
# kinks: none for whole g >= 1
# note: scikit-learn's gamma is 1/d unless given
# source: B. Schölkopf, A. J. Smola, Learning with Kernels, MIT Press, 2002
# reference: sklearn.metrics.pairwise.polynomial_kernel(X, Y, gamma=gamma, coef0=c, degree=g)
# packages:
#     sklearn: polynomial_kernel

tensor X[n,d]
scalar gamma > 0 default 1
scalar c default 1
scalar g default 3
K_ij = (gamma sum_p X_ip X_jp + c)^g
