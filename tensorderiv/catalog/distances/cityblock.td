# title: city block (Manhattan, L1) distance
# aliases: manhattan, l1, taxicab
# domain: all real X
# kinks: where a coordinate agrees, X_ip = X_jp; abs' = sign with sign(0) = 0, a subgradient
# source: E. F. Krause, Taxicab Geometry, Addison-Wesley, 1975
# reference: scipy.spatial.distance.cdist(X, Y, "cityblock")
# packages:
#     scipy: cityblock
#     sklearn: manhattan_distances
#     umap: manhattan
#     pynndescent: manhattan
#     faiss: METRIC_L1
#     torch: cdist(p=1)

tensor X[n,d]
D_ij = sum_p abs(X_ip - X_jp)
