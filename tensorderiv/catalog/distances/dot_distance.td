# title: distance from the inner product of unit vectors
# domain: unit rows of X
# kinks: where <X_i, X_j> = 0; the derivative of the positive part there is 0
# note: for obtuse angles it is 1, with gradient 0
# source: L. McInnes, PyNNDescent, pynndescent/distances.py, version 0.7
# reference: pynndescent.distances.dot
# packages:
#     pynndescent: dot

tensor X[n,d] in sphere
D_ij = 1 - max(0, sum_p X_ip X_jp)
