# triplet loss with the farthest positive and the nearest negative of each anchor
tensor X[n,d]
labels c[n]
scalar alpha default 0.2
D_ij = sum_p (X_ip - X_jp)^2
L = sum_a max(0, max_{p: p != a and c_p = c_a} D_ap - min_{n: c_n != c_a} D_an + alpha)
