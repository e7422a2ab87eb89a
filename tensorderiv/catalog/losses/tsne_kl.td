# title: t-SNE: Kullback-Leibler divergence of the embedding's similarities
# domain: all real E; P_ab > 0 for a != b, summing to 1; nu > 0
# kinks: none; smooth everywhere
# note: the value of scikit-learn is right for every nu; its gradient, written by hand, is wrong for nu != 1: it has
#     (1 + D/nu)^(-(nu + 1)/2) where the derivative has (1 + D/nu)^(-1)
# source: L. van der Maaten, G. Hinton, Visualizing data using t-SNE, Journal of Machine Learning Research 9, 2008; for nu != 1 L.
#     van der Maaten, Learning a parametric embedding by preserving local structure, AISTATS 2009
# reference: sklearn.manifold._t_sne._kl_divergence(E, P, nu, n, d)
# packages:
#     sklearn: manifold.TSNE (_kl_divergence)

tensor P[n,n] > 0
tensor E[n,d]
scalar nu > 0 default 1
K_ab = (1 + sum_k (E_ak - E_bk)^2 / nu)^(-(nu + 1)/2)
Z = sum_{p != q} K_pq
Q_ab = K_ab / Z
L = sum_{a != b} P_ab log(P_ab / Q_ab)
