# title: Gaussian (radial basis function) kernel
# aliases: gaussian, rbf_kernel, squared_exponential
# domain: all real X; gamma > 0
# kinks: none; smooth everywhere
# source: C. E. Rasmussen, C. K. I. Williams, Gaussian Processes for Machine Learning, MIT Press, 2006, section 4.2.1, with gamma
#     = 1 / (2 l^2)
# reference: sklearn.metrics.pairwise.rbf_kernel(X, Y, gamma=gamma)
# packages:
#     sklearn: rbf_kernel
#     KeOps: Exp(-g*SqDist(x,y))

tensor X[n,d]
scalar gamma > 0 default 1
K_ij = exp(-gamma sum_p (X_ip - X_jp)^2)
