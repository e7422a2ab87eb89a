# title: mean of the two Kullback-Leibler divergences of rows scaled to sum 1
# aliases: symmetric_kl
# domain: X_ip > 0
# kinks: none for X_ip > 0; at X_ip = 0, the end of the domain, the derivative is unbounded
# note: umap adds 1e-11 to every entry and overwrites its arguments; its symmetric_kl_grad is the derivative by the second
#     argument, without the projection that comes from the normalisation. pynndescent's symmetric_kl is twice this: jeffreys
# source: H. Jeffreys, An invariant form for the prior probability in estimation problems, Proceedings of the Royal Society A 186,
#     1946
# reference: umap.distances.symmetric_kl(x, y)
# packages:
#     umap: symmetric_kl (adds z=1e-11 first; overwrites its arguments)

tensor X[n,d] > 0
P_ip = X_ip / sum_q X_iq
D_ij = 1/2 sum_p (P_ip - P_jp) log(P_ip / P_jp)
