# title: distance in the Poincaré ball
# aliases: poincare_distance, hyperbolic
# domain: rows of X in the open unit ball
# kinks: where X_i = X_j; the gradient there is taken as 0. At |X_i| = 1 the distance is infinite
# note: umap takes arcosh(1 + 2 |X_i - X_j|^2 / (R_i R_j)^2), which is the same number but loses half of the digits of close pairs
# source: M. Nickel, D. Kiela, Poincaré embeddings for learning hierarchical representations, NIPS 2017
# reference: umap.distances.poincare(x, y)
# packages:
#     umap: poincare

tensor X[n,d]
R_i = sqrt(1 - sum_p X_ip^2)
D_ij = 2 asinh(|X_i - X_j| / (R_i R_j))
