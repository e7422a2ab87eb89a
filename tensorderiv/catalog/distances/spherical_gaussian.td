# title: energy between two round Gaussians of the plane, with the sum of the widths
# domain: X_i = (mean 1, mean 2, width); width_i + width_j != 0
# kinks: none where the widths do not cancel
# note: twice spherical_gaussian_energy for widths of one sign, up to a constant
# source: L. McInnes, J. Healy, J. Melville, UMAP: uniform manifold approximation and projection for dimension reduction,
#     arXiv:1802.03426, 2018; umap/distances.py
# reference: umap.distances.spherical_gaussian_grad(x, y)[0]
# packages:
#     umap: spherical_gaussian_grad (not named)

tensor X[n,3]
S_ij = abs(X[i,2] + X[j,2])
D_ij = ((X[i,0] - X[j,0])^2 + (X[i,1] - X[j,1])^2) / S_ij + 2 log(S_ij) + log(2 pi)
