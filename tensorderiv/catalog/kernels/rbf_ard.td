# title: Gaussian kernel with a length scale for each coordinate
# aliases: ard
# domain: all real X; ell_p > 0
# kinks: none; smooth everywhere
# source: C. E. Rasmussen, C. K. I. Williams, Gaussian Processes for Machine Learning, MIT Press, 2006, section 5.1
# reference: sklearn.gaussian_process.kernels.RBF(length_scale=ell)(X, Y)
# packages:
#     sklearn: gaussian_process.kernels.RBF

tensor X[n,d]
tensor ell[d] > 0
K_ij = exp(-1/2 sum_p (X_ip - X_jp)^2 / ell_p^2)
