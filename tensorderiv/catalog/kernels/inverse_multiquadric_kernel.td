# title: inverse multiquadric kernel
# aliases: inverse_multiquadric
# domain: all real X; sigma > 0
# kinks: none; smooth everywhere
# note: SciPy's RBFInterpolator has epsilon = 1/sigma
# source: R. L. Hardy, Multiquadric equations of topography and other irregular surfaces, Journal of Geophysical Research 76(8),
#     1971
# reference: 1 / numpy.sqrt(1 + scipy.spatial.distance.cdist(X, Y, 'sqeuclidean') / sigma**2)
# packages:
#     KeOps: inverse_multiquadric
#     scipy: interpolate RBF inverse_multiquadric

tensor X[n,d]
scalar sigma > 0 default 1
K_ij = 1 / sqrt(1 + sum_p (X_ip - X_jp)^2 / sigma^2)
