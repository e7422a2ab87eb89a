# title: additive chi-squared kernel
# aliases: additive_chi2
# domain: X_ip >= 0
# kinks: where X_ip = X_jp = 0 the term is 0, and so is its derivative
# note: only conditionally positive definite; sum_p 2 X_ip X_jp / (X_ip + X_jp), also called so, differs by the sums of the rows
# source: J. Zhang, M. Marszałek, S. Lazebnik, C. Schmid, Local features and kernels for classification of texture and object
#     categories, International Journal of Computer Vision 73(2), 2007
# reference: sklearn.metrics.pairwise.additive_chi2_kernel(X, Y)
# packages:
#     sklearn: additive_chi2_kernel

tensor X[n,d] >= 0
K_ij = -sum_p (X_ip - X_jp)^2 / (X_ip + X_jp)
