# title: Student's t kernel of nu degrees of freedom, without its constant
# aliases: student_t
# domain: all real X; nu > 0
# kinks: none; smooth everywhere
# note: scikit-learn's t-SNE has nu = max(n_components - 1, 1)
# source: L. van der Maaten, Learning a parametric embedding by preserving local structure, AISTATS 2009
# reference: (1 + scipy.spatial.distance.cdist(X, Y, 'sqeuclidean') / nu)**(-(nu + 1) / 2)
# packages:
#     sklearn: TSNE low-dimensional similarity (unnormalised)

tensor X[n,d]
scalar nu > 0 default 1
K_ij = (1 + sum_p (X_ip - X_jp)^2 / nu)^(-(nu + 1)/2)
