# title: cosine embedding loss of a pair that belongs together
# domain: x and y not zero
# kinks: a zero vector has no direction; its cosine is taken as 0
# note: torch adds 1e-12 to both squared norms
# source: A. Paszke et al., PyTorch: an imperative style, high-performance deep learning library, NeurIPS 2019;
#     torch.nn.CosineEmbeddingLoss
# reference: torch.nn.functional.cosine_embedding_loss(x, y, 1)
# packages:
#     torch: CosineEmbeddingLoss, target 1

tensor x[d], y[d]
N = sqrt(sum_i x_i^2)
M = sqrt(sum_i y_i^2)
C = sum_i x_i y_i / (N M)
L = 1 - C
