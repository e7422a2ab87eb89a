# squared maximum mean discrepancy of two samples under a Gaussian kernel
tensor X[n,d], Y[m,d]
scalar gamma > 0 default 1
A_ij = exp(-gamma sum_p (X_ip - X_jp)^2)
B_ij = exp(-gamma sum_p (Y_ip - Y_jp)^2)
C_ij = exp(-gamma sum_p (X_ip - Y_jp)^2)
L = sum_{i,j} A_ij / n^2 + sum_{i,j} B_ij / m^2 - 2 sum_{i,j} C_ij / (n m)
