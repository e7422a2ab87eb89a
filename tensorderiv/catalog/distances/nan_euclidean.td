# title: Euclidean distance over the observed coordinates, scaled up to all of them
# domain: all real X; m_p = 1 where a coordinate is observed, else 0
# kinks: where X_i = X_j in all observed coordinates; the gradient there is taken as 0
# note: m holds for all pairs; scikit-learn finds the coordinates that both rows have, pair by pair. The faiss metric is the
#     square
# source: J. K. Dixon, Pattern recognition with partly missing data, IEEE Transactions on Systems, Man, and Cybernetics 9(10),
#     1979
# reference: sklearn.metrics.pairwise.nan_euclidean_distances(X, Y)
# packages:
#     sklearn: nan_euclidean_distances
#     faiss: METRIC_NaNEuclidean (the square)

tensor X[n,d]
tensor m[d] in [0,1]
W = sum_p m_p
D_ij = sqrt(d/W sum_p m_p (X_ip - X_jp)^2)
