# title: Jeffreys divergence: the sum of the two Kullback-Leibler divergences of rows scaled to sum 1
# aliases: jeffreys_divergence
# domain: X_ip > 0
# kinks: none for X_ip > 0; at X_ip = 0, the end of the domain, the derivative is unbounded
# note: pynndescent adds 1.2e-7 to every entry. umap's symmetric_kl is half of this: symmetric_kl_half
# source: H. Jeffreys, An invariant form for the prior probability in estimation problems, Proceedings of the Royal Society A 186,
#     1946
# reference: pynndescent.distances.symmetric_kl(x, y)
# packages:
#     pynndescent: symmetric_kl (adds 1.2e-7 to every entry)

tensor X[n,d] > 0
P_ip = X_ip / sum_q X_iq
D_ij = sum_p (P_ip - P_jp) log(P_ip / P_jp)
