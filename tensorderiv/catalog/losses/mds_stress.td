# title: raw stress of multidimensional scaling
# aliases: raw_stress, mds_raw_stress
# domain: all real X; dissimilarities Delta_ij >= 0, read for i < j only
# kinks: where two points coincide, X_i = X_j; the gradient of their distance there is taken as 0
# source: J. B. Kruskal, Multidimensional scaling by optimizing goodness of fit to a nonmetric hypothesis, Psychometrika 29(1),
#     1964
# reference: sklearn.manifold.smacof (metric, normalized_stress=False)
# packages:
#     sklearn: manifold.MDS / smacof

tensor X[n,d]
tensor Delta[n,n]
D_ij = sqrt(sum_p (X_ip - X_jp)^2)
L = sum_{i<j} (D_ij - Delta_ij)^2
