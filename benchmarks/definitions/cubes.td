# a distance that no library has a function for
tensor X[n,d]
D_ij = sum_p abs(X_ip - X_jp)^3
