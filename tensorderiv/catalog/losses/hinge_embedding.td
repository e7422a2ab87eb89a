# title: hinge of a distance x: small for y = 1, at least m for y = -1
# domain: all real x; y_i is -1 or 1
# kinks: where x_i = m and y_i = -1; the subgradient there is 0
# source: A. Paszke et al., PyTorch: an imperative style, high-performance deep learning library, NeurIPS 2019;
#     torch.nn.HingeEmbeddingLoss
# reference: torch.nn.functional.hinge_embedding_loss(x, y, margin=m)
# packages:
#     torch: HingeEmbeddingLoss

tensor x[d]
tensor y[d] in [-1,1]
scalar m default 1
L = 1/d sum_i if(y_i > 0, x_i, max(0, m - x_i))
