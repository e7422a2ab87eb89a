# title: Cauchy (inverse quadratic) kernel
# aliases: inverse_quadratic
# domain: all real X; sigma > 0
# kinks: none; smooth everywhere
# note: SciPy's RBFInterpolator has epsilon = 1/sigma
# source: B. Charlier, J. Feydy, J. A. Glaunès, F.-D. Collin, G. Durif, Kernel operations on the GPU, with autodiff, without
#     memory overflows, Journal of Machine Learning Research 22(74), 2021
# reference: 1 / (1 + scipy.spatial.distance.cdist(X, Y, 'sqeuclidean') / sigma**2)
# packages:
#     KeOps: cauchy
#     scipy: interpolate RBF inverse_quadratic

tensor X[n,d]
scalar sigma > 0 default 1
K_ij = 1 / (1 + sum_p (X_ip - X_jp)^2 / sigma^2)
