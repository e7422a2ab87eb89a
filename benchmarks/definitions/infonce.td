# symmetric InfoNCE: the rows of two tables find each other in both directions
tensor X[n,d], Y[n,d]
scalar t > 0 default 1
S_ij = sum_p X_ip Y_jp / t
L = -1/(2 n) sum_i log( exp(S_ii) / sum_j exp(S_ij) ) - 1/(2 n) sum_j log( exp(S_jj) / sum_i exp(S_ij) )
