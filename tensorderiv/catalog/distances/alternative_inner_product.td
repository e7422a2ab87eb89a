# title: reciprocal of the inner product
# domain: <X_i, X_j> > 0
# kinks: none where <X_i, X_j> > 0; elsewhere undefined (pynndescent returns the largest float32)
# source: L. McInnes, PyNNDescent, pynndescent/distances.py, version 0.7
# reference: pynndescent.distances.alternative_inner_product
# packages:
#     pynndescent: alternative_inner_product

tensor X[n,d]
D_ij = 1 / sum_p X_ip X_jp
