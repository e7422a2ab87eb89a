# title: great-circle distance on the unit sphere
# aliases: great_circle
# domain: X[i,0] latitude, X[i,1] longitude, in radians
# kinks: where X_i = X_j the gradient is taken as 0; at antipodal points arcsin has no derivative
# note: angles, not lengths: multiply by the radius of the globe. umap's haversine_grad adds pi/2 to the latitudes, so its value
#     is not that of umap's haversine
# source: R. W. Sinnott, Virtues of the haversine, Sky and Telescope 68(2), 1984
# reference: sklearn.metrics.pairwise.haversine_distances(X, Y)
# packages:
#     sklearn: haversine_distances
#     umap: haversine (value function only)
#     pynndescent: haversine

tensor X[n,2]
H_ij = sin((X[i,0] - X[j,0])/2)^2 + cos(X[i,0]) cos(X[j,0]) sin((X[i,1] - X[j,1])/2)^2
D_ij = 2 asin(sqrt(H_ij))
