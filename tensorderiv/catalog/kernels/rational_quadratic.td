# title: rational quadratic kernel
# domain: all real X; alpha > 0, ell > 0
# kinks: none; smooth everywhere
# source: C. E. Rasmussen, C. K. I. Williams, Gaussian Processes for Machine Learning, MIT Press, 2006, section 4.2.1
# reference: sklearn.gaussian_process.kernels.RationalQuadratic(length_scale=ell, alpha=alpha)(X, Y)
# packages:
#     sklearn: RationalQuadratic

tensor X[n,d]
scalar alpha > 0 default 1
scalar ell > 0 default 1
K_ij = (1 + sum_p (X_ip - X_jp)^2 / (2 alpha ell^2))^(-alpha)
