# title: Jensen-Shannon distance of rows scaled to sum 1
# domain: X_ip > 0
# kinks: where X_i is proportional to X_j the slope of the root is infinite. At X_ip = 0 the derivative is unbounded
# note: the square root of the divergence, a metric. J_ij is never negative; max(0, ..) keeps rounding from making it so where
#     rows nearly agree. simsimd does not normalise, and version 6.5.16 is wrong for float64 input
# source: D. M. Endres, J. E. Schindelin, A new metric for probability distributions, IEEE Transactions on Information Theory
#     49(7), 2003
# reference: scipy.spatial.distance.cdist(X, Y, "jensenshannon")
# packages:
#     scipy: jensenshannon
#     simsimd: jensenshannon (no normalisation)

tensor X[n,d] > 0
P_ip = X_ip / sum_q X_iq
M_ijp = (P_ip + P_jp) / 2
J_ij = 1/2 sum_p (P_ip log(P_ip / M_ijp) + P_jp log(P_jp / M_ijp))
D_ij = sqrt(max(0, J_ij))
