# title: inner product
# aliases: dot, dot_product
# domain: all real X
# kinks: none; a polynomial in X
# note: as a kernel: linear_kernel. pynndescent negates it, pytorch-metric-learning normalises unless told otherwise
# source: F. Pedregosa et al., Scikit-learn: machine learning in Python, Journal of Machine Learning Research 12, 2011
# reference: sklearn.metrics.pairwise.linear_kernel(X, Y)
# packages:
#     sklearn: linear_kernel
#     faiss: METRIC_INNER_PRODUCT
#     simsimd: dot / inner
#     KeOps: (x|y)
#     pytorch-metric-learning: DotProductSimilarity(normalize_embeddings=False)
#     pynndescent: inner_product (negated)

tensor X[n,d]
S_ij = sum_p X_ip X_jp
