# title: angular similarity: one minus the angle over pi
# aliases: angular_similarity
# domain: rows of X that are not zero
# kinks: parallel and antiparallel rows, where arccos has no derivative; a zero row has cosine 0 with any row
# note: pynndescent lists it among the distances, but the value is 1 for parallel rows and falls with the angle; for <X_i, X_j> <=
#     0 it returns the largest float32
# source: L. McInnes, PyNNDescent, pynndescent/distances.py, version 0.7
# reference: pynndescent.distances.true_angular(x, y)
# packages:
#     pynndescent: true_angular

tensor X[n,d]
N_i = sqrt(sum_p X_ip^2)
C_ij = sum_p X_ip X_jp / (N_i N_j)
S_ij = 1 - acos(C_ij) / pi
