# triplet loss over all triplets of a batch
tensor X[n,d]
labels c[n]
scalar alpha default 0.2
D_ij = sum_p (X_ip - X_jp)^2
L = sum_{a,p,n: a != p and c_a = c_p and c_a != c_n} max(0, D_ap - D_an + alpha)
