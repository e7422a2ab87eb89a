# title: cubic radial basis function
# domain: all real X; epsilon > 0
# kinks: none of first order: at X_i = X_j the gradient is 0; the third derivative has a kink there
# source: G. E. Fasshauer, Meshfree Approximation Methods with MATLAB, World Scientific, 2007
# reference: (epsilon * scipy.spatial.distance.cdist(X, Y))**3
# packages:
#     scipy: interpolate.RBFInterpolator kernel 'cubic'

tensor X[n,d]
scalar epsilon > 0 default 1
r_ij = epsilon sqrt(sum_p (X_ip - X_jp)^2)
K_ij = r_ij^3
