# title: bilinear form with the matrix A
# aliases: bilinear
# domain: all real X; A any square matrix
# kinks: none; a polynomial in X and A
# note: not symmetric unless A is
# source: A. Paszke et al., PyTorch: an imperative style, high-performance deep learning library, NeurIPS 2019; torch.nn.Bilinear
# reference: torch.nn.functional.bilinear(x, y, A[None])
# packages:
#     simsimd: bilinear
#     torch: nn.Bilinear

tensor X[n,d]
tensor A[d,d]
S_ij = sum_{p,q} X_ip A_pq X_jq
