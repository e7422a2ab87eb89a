# title: inhomogeneous linear kernel
# domain: all real X; sigma >= 0
# kinks: none; a polynomial in X and sigma
# source: C. E. Rasmussen, C. K. I. Williams, Gaussian Processes for Machine Learning, MIT Press, 2006, section 4.2.2
# reference: sklearn.gaussian_process.kernels.DotProduct(sigma_0=sigma)(X, Y)
# packages:
#     sklearn: DotProduct

tensor X[n,d]
scalar sigma default 1
K_ij = sigma^2 + sum_p X_ip X_jp
