# title: energy between two axis-aligned Gaussians of the plane
# domain: X_i = (mean 1, mean 2, width 1, width 2); not both widths of a direction 0
# kinks: where a width is 0; sign(0) = 0
# note: umap's diagonal_gaussian_energy_grad returns six components, of which it never writes the last two
# source: L. McInnes, J. Healy, J. Melville, UMAP: uniform manifold approximation and projection for dimension reduction,
#     arXiv:1802.03426, 2018; umap/distances.py
# reference: umap.distances.diagonal_gaussian_energy(x, y)
# packages:
#     umap: diagonal_gaussian_energy

tensor X[n,4]
U_ij = abs(X[i,2]) + abs(X[j,2])
V_ij = abs(X[i,3]) + abs(X[j,3])
D_ij = 1/2 ((X[i,0] - X[j,0])^2 / U_ij + (X[i,1] - X[j,1])^2 / V_ij + log(U_ij V_ij)) + log(2 pi)
