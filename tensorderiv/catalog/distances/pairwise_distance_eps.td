# title: Minkowski distance with a shift epsilon in each coordinate
# domain: all real X; p >= 1
# kinks: where X_i + epsilon = X_j; the gradient there is taken as 0
# note: not symmetric, and D_ii = epsilon d^(1/p). At X_i = X_j the gradient for p = 2 is (1, ..., 1)/sqrt(d), not 0: a step away
#     from a minimum that is none
# source: A. Paszke et al., PyTorch: an imperative style, high-performance deep learning library, NeurIPS 2019;
#     torch.nn.functional.pairwise_distance
# reference: torch.nn.functional.pairwise_distance(x, y, p=p, eps=epsilon)
# packages:
#     torch: nn.functional.pairwise_distance

tensor X[n,d]
scalar p >= 1 default 2
scalar epsilon default 0.000001
D_ij = (sum_k abs(X_ik - X_jk + epsilon)^p)^(1/p)
