# title: UMAP: cross-entropy of the fuzzy graph of an embedding
# domain: all real E, no two rows equal; 0 <= v_ab <= 1
# kinks: where E_a = E_b the loss is infinite unless v_ab = 1
# note: umap samples the negative pairs and adds 0.001 to their squared distance; no function of the package returns this value
# source: L. McInnes, J. Healy, J. Melville, UMAP: uniform manifold approximation and projection for dimension reduction,
#     arXiv:1802.03426, 2018
# reference: the sum over i != j, written with numpy
# packages:
#     umap: layouts.py (sampled), ParametricUMAP loss

tensor v[n,n] in [0,1]
tensor E[n,d]
scalar a > 0 default 1.577
scalar b > 0 default 0.895
w_ij = 1 / (1 + a (sum_k (E_ik - E_jk)^2)^b)
L = -sum_{i != j} (v_ij log(w_ij) + (1 - v_ij) log(1 - w_ij))
