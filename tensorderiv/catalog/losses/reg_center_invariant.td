# title: variance of the squared norms of the rows, over four
# domain: all real E
# kinks: none; a polynomial in E
# source: Y. Wu, H. Liu, J. Li, Y. Fu, Deep face recognition with center invariant loss, Thematic Workshops of ACM Multimedia 2017
# reference: pytorch_metric_learning.regularizers.CenterInvariantRegularizer()(E)
# packages:
#     pytorch-metric-learning: CenterInvariantRegularizer

tensor E[n,d]
S_a = sum_k E_ak^2
M = 1/n sum_b S_b
L = 1/(4 n) sum_a (S_a - M)^2
