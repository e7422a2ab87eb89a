# title: energy between two Gaussians of the plane
# domain: X_i = (mean 1, mean 2, width > 0, height > 0, |angle| < pi/2)
# kinks: none where the determinant is positive
# note: umap takes |width|, |height| and arcsin(sin(angle)) first, overwriting its arguments. Its gaussian_energy_grad is wrong in
#     three of five components: by the width, the height and the angle it lacks the derivative of log Delta; by the height and by
#     the angle one term has the wrong sign
# source: L. McInnes, J. Healy, J. Melville, UMAP: uniform manifold approximation and projection for dimension reduction,
#     arXiv:1802.03426, 2018; umap/distances.py
# reference: umap.distances.gaussian_energy(x, y)
# packages:
#     umap: gaussian_energy (takes |width|, |height| and arcsin(sin(angle)), overwriting its arguments)

tensor X[n,5]
A_i = X[i,2] cos(X[i,4])^2 + X[i,3] sin(X[i,4])^2       # the covariance of i is [[A_i, B_i], [B_i, C_i]]
B_i = (X[i,2] - X[i,3]) sin(X[i,4]) cos(X[i,4])
C_i = X[i,2] sin(X[i,4])^2 + X[i,3] cos(X[i,4])^2
U_ij = X[i,0] - X[j,0]
V_ij = X[i,1] - X[j,1]
P_ij = A_i + A_j
Q_ij = B_i + B_j
R_ij = C_i + C_j
Delta_ij = P_ij R_ij - Q_ij^2
D_ij = (R_ij U_ij^2 - 2 Q_ij U_ij V_ij + P_ij V_ij^2) / Delta_ij + log(Delta_ij) + log(2 pi)
