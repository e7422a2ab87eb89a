# title: minus the binary logarithm of the cosine
# domain: <X_i, X_j> > 0
# kinks: none where <X_i, X_j> > 0; elsewhere undefined (pynndescent returns the largest float32)
# note: pynndescent searches with it, because it orders pairs as the cosine does
# source: L. McInnes, PyNNDescent, pynndescent/distances.py, version 0.7
# reference: pynndescent.distances.alternative_cosine
# packages:
#     pynndescent: alternative_cosine (search transform of cosine, dot)

tensor X[n,d]
N_i = sqrt(sum_p X_ip^2)
D_ij = log2(N_i N_j / sum_p X_ip X_jp)
