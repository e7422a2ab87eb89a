# title: Matérn kernel, nu = 3/2
# domain: all real X; ell_p > 0
# kinks: none of first order: at X_i = X_j the gradient is 0, although that of r_ij is not defined; the second derivative has a
#     kink there
# source: C. E. Rasmussen, C. K. I. Williams, Gaussian Processes for Machine Learning, MIT Press, 2006, section 4.2.1
# reference: sklearn.gaussian_process.kernels.Matern(length_scale=ell, nu=1.5)(X, Y)
# packages:
#     sklearn: Matern(nu=1.5)

tensor X[n,d]
tensor ell[d] > 0
r_ij = sqrt(sum_p (X_ip - X_jp)^2 / ell_p^2)
K_ij = (1 + sqrt(3) r_ij) exp(-sqrt(3) r_ij)
