# title: weighted cosine distance
# domain: rows of X that are not zero; w_p >= 0
# kinks: a zero row has no direction; its cosine with any row is taken as 0
# source: P. Virtanen et al., SciPy 1.0: fundamental algorithms for scientific computing in Python, Nature Methods 17, 2020;
#     scipy.spatial.distance.cosine
# reference: scipy.spatial.distance.cdist(X, Y, "cosine", w=w)
# packages:
#     scipy: cosine(w=)

tensor X[n,d]
tensor w[d] >= 0
N_i = sqrt(sum_p w_p X_ip^2)
C_ij = sum_p w_p X_ip X_jp / (N_i N_j)
D_ij = 1 - C_ij
