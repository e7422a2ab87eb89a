# title: multiquadric radial basis function, with SciPy's sign
# aliases: multiquadric
# domain: all real X; epsilon > 0
# kinks: none; smooth everywhere
# note: Hardy's function has no minus
# source: R. L. Hardy, Multiquadric equations of topography and other irregular surfaces, Journal of Geophysical Research 76(8),
#     1971
# reference: -numpy.sqrt(1 + epsilon**2 * scipy.spatial.distance.cdist(X, Y, 'sqeuclidean'))
# packages:
#     scipy: interpolate.RBFInterpolator kernel 'multiquadric'

tensor X[n,d]
scalar epsilon > 0 default 1
K_ij = -sqrt(1 + epsilon^2 sum_p (X_ip - X_jp)^2)
