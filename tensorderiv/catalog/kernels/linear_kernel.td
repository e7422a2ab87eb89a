# title: linear kernel
# domain: all real X
# kinks: none; a polynomial in X
# note: the same formula as inner_product
# source: B. Schölkopf, A. J. Smola, Learning with Kernels, MIT Press, 2002
# reference: sklearn.metrics.pairwise.linear_kernel(X, Y)
# packages:
#     sklearn: linear_kernel

tensor X[n,d]
K_ij = sum_p X_ip X_jp
