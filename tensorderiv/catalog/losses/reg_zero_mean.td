# title: mean absolute sum of the rows
# domain: all real E
# kinks: where the entries of a row sum to 0; sign(0) = 0, a subgradient
# source: K. Musgrave, S. Belongie, S.-N. Lim, PyTorch Metric Learning, arXiv:2008.09164, 2020
# reference: pytorch_metric_learning.regularizers.ZeroMeanRegularizer()(E)
# packages:
#     pytorch-metric-learning: ZeroMeanRegularizer

tensor E[n,d]
L = 1/n sum_a abs(sum_k E_ak)
