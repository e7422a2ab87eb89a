# title: sigmoid (hyperbolic tangent) kernel
# aliases: tanh_kernel
# domain: all real X
# kinks: none; smooth everywhere
# note: scikit-learn's gamma is 1/d unless given; the kernel is not positive definite
# source: B. Schölkopf, A. J. Smola, Learning with Kernels, MIT Press, 2002
# reference: sklearn.metrics.pairwise.sigmoid_kernel(X, Y, gamma=gamma, coef0=c)
# packages:
#     sklearn: sigmoid_kernel

tensor X[n,d]
scalar gamma > 0 default 1
scalar c default 1
K_ij = tanh(gamma sum_p X_ip X_jp + c)
