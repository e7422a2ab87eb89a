# title: energy between two round Gaussians of the plane, with |widths|
# domain: X_i = (mean 1, mean 2, width); |width_i| + |width_j| > 0
# kinks: where a width is 0; sign(0) = 0
# note: umap's variances are these widths, not their squares
# source: L. McInnes, J. Healy, J. Melville, UMAP: uniform manifold approximation and projection for dimension reduction,
#     arXiv:1802.03426, 2018; umap/distances.py
# reference: umap.distances.spherical_gaussian_energy(x, y)
# packages:
#     umap: spherical_gaussian_energy

tensor X[n,3]
S_ij = abs(X[i,2]) + abs(X[j,2])
D_ij = ((X[i,0] - X[j,0])^2 + (X[i,1] - X[j,1])^2) / (2 S_ij) + log(S_ij) + log(2 pi)
