# title: exponential kernel of the Euclidean distance (Matérn 1/2)
# aliases: exponential, matern_12
# domain: all real X; sigma > 0
# kinks: where X_i = X_j; the gradient there is taken as 0, the subgradient of least norm
# note: scikit-learn's laplacian_kernel is another function: laplacian_kernel_l1
# source: C. E. Rasmussen, C. K. I. Williams, Gaussian Processes for Machine Learning, MIT Press, 2006, section 4.2.1
# reference: sklearn.gaussian_process.kernels.Matern(length_scale=sigma, nu=0.5)(X, Y)
# packages:
#     KeOps: laplacian
#     sklearn: gaussian_process Matern(nu=0.5)

tensor X[n,d]
scalar sigma > 0 default 1
K_ij = exp(-sqrt(sum_p (X_ip - X_jp)^2) / sigma)
