# title: exponential chi-squared kernel
# aliases: chi2
# domain: X_ip >= 0; gamma > 0
# kinks: where X_ip = X_jp = 0 the term is 0, and so is its derivative
# source: J. Zhang, M. Marszałek, S. Lazebnik, C. Schmid, Local features and kernels for classification of texture and object
#     categories, International Journal of Computer Vision 73(2), 2007
# reference: sklearn.metrics.pairwise.chi2_kernel(X, Y, gamma=gamma)
# packages:
#     sklearn: chi2_kernel

tensor X[n,d] >= 0
scalar gamma > 0 default 1
K_ij = exp(-gamma sum_p (X_ip - X_jp)^2 / (X_ip + X_jp))
