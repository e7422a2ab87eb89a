# title: triplet loss over geodesic distances (angles)
# aliases: triplet_angle
# domain: rows of A, P and N that are not zero; margin alpha >= 0
# kinks: where the hinge closes (value and subgradient there are 0), and where an anchor is parallel or antiparallel to its
#     partner
# source: F. Schroff, D. Kalenichenko, J. Philbin, FaceNet, CVPR 2015, section 3.1, with the chord replaced by the arc between the
#     unit vectors
# reference: the sum over t of max(0, ...), written with numpy

tensor A[m,d], P[m,d], N[m,d]
scalar alpha default 0.2
S_t = <A_t, P_t> / (|A_t| |P_t|)
T_t = <A_t, N_t> / (|A_t| |N_t|)
U_t = acos(S_t)
V_t = acos(T_t)
L = sum_t max(0, U_t - V_t + alpha)
