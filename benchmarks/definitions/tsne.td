# t-SNE: Kullback-Leibler divergence of given affinities from those of the embedding
tensor X[n,d]
tensor P[n,n] > 0
K_ij = 1 / (1 + sum_p (X_ip - X_jp)^2)
Z = sum_{i != j} K_ij
L = sum_{i != j} P_ij log(P_ij Z / K_ij)
