# title: squared Euclidean distance between columns
# aliases: squared_euclidean_columns
# domain: all real X
# kinks: none; a polynomial in X
# source: I. Dokmanić, R. Parhizkar, J. Ranieri, M. Vetterli, Euclidean distance matrices, IEEE Signal Processing Magazine 32(6),
#     2015: points as the columns of X, the convention of much of the matrix-calculus literature
# reference: scipy.spatial.distance.cdist(X.T, X.T, "sqeuclidean")

tensor X[d,n]
D_ij = sum_p (X_pi - X_pj)^2
