# title: Jensen-Shannon divergence without normalisation
# domain: X_ip > 0
# kinks: none for X_ip > 0; at X_ip = 0, the end of the domain, the derivative is unbounded
# note: equal to jensen_shannon_divergence on the simplex; its gradient is another
# source: J. Lin, Divergence measures based on the Shannon entropy, IEEE Transactions on Information Theory 37(1), 1991
# reference: faiss.METRIC_JensenShannon
# packages:
#     faiss: METRIC_JensenShannon

tensor X[n,d] > 0
D_ij = 1/2 sum_p (X_ip log(X_ip) + X_jp log(X_jp) - (X_ip + X_jp) log((X_ip + X_jp)/2))
