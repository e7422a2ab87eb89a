# title: neighbourhood components analysis: minus the expected number of right neighbours
# aliases: nca
# domain: all real E, W; labels c
# kinks: none; smooth everywhere
# note: W[m,d] is the linear map; scikit-learn returns the sum itself and calls it with sign=-1
# source: J. Goldberger, S. Roweis, G. Hinton, R. Salakhutdinov, Neighbourhood components analysis, NIPS 2004
# reference: sklearn.neighbors.NeighborhoodComponentsAnalysis()._loss_grad_lbfgs(W, E, same_class)
# packages:
#     sklearn: NeighborhoodComponentsAnalysis

labels c[n]
tensor W[m,d]
tensor E[n,d]
Z_ab = sum_r (sum_k W_rk (E_ak - E_bk))^2
L = -sum_a (sum_{p: p != a and c_p = c_a} exp(-Z_ap) / sum_{q != a} exp(-Z_aq))
