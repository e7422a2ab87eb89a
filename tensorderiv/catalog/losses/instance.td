# title: instance loss as implemented: cross-entropy over the similarities of the batch
# domain: rows of E that are not zero, labels c below n; gamma > 0
# kinks: none where no row is zero. A zero row has no direction
# note: pytorch-metric-learning lets the label pick a column of the similarity matrix of the batch, so the row c_a of the batch
#     stands for the class c_a
# source: Z. Zheng et al., Dual-path convolutional image-text embeddings with instance loss, ACM TOMM 16(2), 2020
# reference: pytorch_metric_learning.losses.InstanceLoss(gamma=gamma)(E, c)
# packages:
#     pytorch-metric-learning: InstanceLoss

labels c[n] in n
tensor E[n,d]
scalar gamma > 0 default 64
N_a = sqrt(sum_k E_ak^2)
S_ab = sum_k E_ak E_bk / (N_a N_b)
L = -1/n sum_a log(exp(gamma S[a,c[a]]) / sum_b exp(gamma S_ab))
