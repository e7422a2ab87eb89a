# title: distance on the hyperboloid, by the coordinates of its chart
# aliases: lorentz
# domain: all real X
# kinks: where X_i = X_j; the gradient there is taken as 0, the subgradient of least norm
# note: (S_i, X_i) is the point of the hyperboloid and Q_ij the Minkowski square of a difference. umap takes arcosh(S_i S_j -
#     <X_i, X_j>), which is the same number but loses all digits for close pairs in float32
# source: M. Nickel, D. Kiela, Learning continuous hierarchies in the Lorentz model of hyperbolic geometry, ICML 2018
# reference: umap.distances.hyperboloid_grad(x, y)[0]
# packages:
#     umap: output_metric='hyperboloid' (hyperboloid_grad)

tensor X[n,d]
S_i = sqrt(1 + sum_p X_ip^2)
Q_ij = sum_p (X_ip - X_jp)^2 - (S_i - S_j)^2
D_ij = 2 asinh(sqrt(Q_ij) / 2)
