# title: triplet loss over Euclidean distances with a shift epsilon
# domain: all real x (anchor), y (positive), z (negative)
# kinks: where the hinge closes, and where x + epsilon = y or x + epsilon = z; the subgradient there is 0
# note: for x = y the positive term pulls by (1, ..., 1)/sqrt(d), not by 0; the positive and negative distances are those of
#     pairwise_distance_eps
# source: V. Balntas, E. Riba, D. Ponsa, K. Mikolajczyk, Learning local feature descriptors with triplets and shallow
#     convolutional neural networks, BMVC 2016
# reference: torch.nn.functional.triplet_margin_loss(x, y, z, margin=m, eps=epsilon)
# packages:
#     torch: TripletMarginLoss

tensor x[d], y[d], z[d]
scalar m default 1
scalar epsilon default 0.000001
P = sqrt(sum_i (x_i - y_i + epsilon)^2)
N = sqrt(sum_i (x_i - z_i + epsilon)^2)
L = max(0, P - N + m)
