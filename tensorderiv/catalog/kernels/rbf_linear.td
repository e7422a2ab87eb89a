# title: linear radial basis function, with SciPy's sign
# domain: all real X; epsilon > 0
# kinks: where X_i = X_j; the gradient there is taken as 0, the subgradient of least norm
# note: the sign makes it conditionally positive definite of order 1, as RBFInterpolator needs it
# source: G. E. Fasshauer, Meshfree Approximation Methods with MATLAB, World Scientific, 2007
# reference: -epsilon * scipy.spatial.distance.cdist(X, Y)
# packages:
#     scipy: interpolate.RBFInterpolator kernel 'linear'

tensor X[n,d]
scalar epsilon > 0 default 1
r_ij = epsilon sqrt(sum_p (X_ip - X_jp)^2)
K_ij = -r_ij
