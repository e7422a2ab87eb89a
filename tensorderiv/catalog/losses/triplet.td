# title: triplet loss over squared Euclidean distances
# aliases: triplet_loss, triplet_sqeuclidean
# domain: all real A, P, N: anchors, positives and negatives, one triplet a row; margin alpha >= 0
# kinks: where the hinge closes, |A_t - P_t|^2 - |A_t - N_t|^2 + alpha = 0; value and subgradient there are 0
# source: F. Schroff, D. Kalenichenko, J. Philbin, FaceNet: A unified embedding for face recognition and clustering, CVPR 2015,
#     section 3.1
# reference: the sum over t of max(0, ...), written with numpy

tensor A[m,d], P[m,d], N[m,d]
scalar alpha default 0.2
L = sum_t max(0, |A_t - P_t|^2 - |A_t - N_t|^2 + alpha)
