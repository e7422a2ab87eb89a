# title: thin plate spline
# aliases: thin_plate_spline
# domain: all real X; epsilon > 0
# kinks: at X_i = X_j value and gradient are 0, their limits; the second derivative is unbounded
# source: J. Duchon, Splines minimizing rotation-invariant semi-norms in Sobolev spaces, Lecture Notes in Mathematics 571,
#     Springer, 1977
# reference: scipy.special.xlogy(r**2, r) with r = epsilon * scipy.spatial.distance.cdist(X, Y)
# packages:
#     scipy: interpolate.RBFInterpolator kernel 'thin_plate_spline'

tensor X[n,d]
scalar epsilon > 0 default 1
r_ij = epsilon sqrt(sum_p (X_ip - X_jp)^2)
K_ij = r_ij^2 log(r_ij)
