# title: Jensen-Shannon divergence of rows scaled to sum 1
# domain: X_ip > 0
# kinks: none for X_ip > 0; at X_ip = 0, the end of the domain, the derivative is unbounded
# note: the entropy of the mean minus the mean of the entropies; with the natural logarithm it is at most log 2. simsimd 6.5.16 is
#     wrong for float64 input
# source: J. Lin, Divergence measures based on the Shannon entropy, IEEE Transactions on Information Theory 37(1), 1991
# reference: scipy.spatial.distance.jensenshannon(x, y)**2
# packages:
#     pynndescent: jensen_shannon

tensor X[n,d] > 0
P_ip = X_ip / sum_q X_iq
D_ij = 1/2 sum_p (P_ip log(P_ip) + P_jp log(P_jp) - (P_ip + P_jp) log((P_ip + P_jp)/2))
