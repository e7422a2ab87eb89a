# title: half of the mean distance between the sub-centres of each class
# domain: sub-centres V_rh of class r that are not zero; at least two a class
# kinks: where two sub-centres of a class have one direction; the gradient there is taken as 0
# note: rows of V as pytorch-metric-learning holds them: class r, sub-centre h is row r K + h
# source: Q. Qian, L. Shang, B. Sun, J. Hu, H. Li, R. Jin, SoftTriple loss: deep metric learning without triplet sampling, ICCV
#     2019
# reference: pytorch_metric_learning.regularizers.SparseCentersRegularizer(C, K)(V)
# packages:
#     pytorch-metric-learning: SparseCentersRegularizer

tensor V[C,K,d]
N_rh = sqrt(sum_k V_rhk^2)
D_rhg = sqrt(sum_k (V_rhk / N_rh - V_rgk / N_rg)^2)
L = 1/(C K (K - 1)) sum_r sum_{h<g} D_rhg
