# title: geodesic distance on the sphere: the angle between rows
# aliases: angular, arccos_distance
# domain: rows of X that are not zero; they need not have unit length
# kinks: parallel and antiparallel rows, C_ij = 1 and C_ij = -1, where arccos has no derivative
# source: the arc length of a great circle; as a loss in place of the chord, see F. Schroff et al., FaceNet, CVPR 2015, for the
#     setting
# reference: numpy.arccos(1 - scipy.spatial.distance.cdist(X, Y, "cosine"))

tensor X[n,d]
N_i = sqrt(sum_p X_ip^2)
C_ij = sum_p X_ip X_jp / (N_i N_j)
D_ij = acos(C_ij)
