# title: mean Euclidean norm of the rows
# domain: all real E
# kinks: where a row is 0; the gradient there is taken as 0
# source: K. Musgrave, S. Belongie, S.-N. Lim, PyTorch Metric Learning, arXiv:2008.09164, 2020
# reference: pytorch_metric_learning.regularizers.LpRegularizer()(E)
# packages:
#     pytorch-metric-learning: LpRegularizer

tensor E[n,d]
N_a = sqrt(sum_k E_ak^2)
L = 1/n sum_a N_a
