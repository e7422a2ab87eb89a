# title: cross-entropy of logits with class probabilities
# domain: all real x; y on the simplex
# kinks: none; smooth everywhere
# source: G. Hinton, O. Vinyals, J. Dean, Distilling the knowledge in a neural network, arXiv:1503.02531, 2015
# reference: torch.nn.functional.cross_entropy(x, y)
# packages:
#     torch: CrossEntropyLoss with probability targets

tensor x[d]
tensor y[d] in simplex
Z = log(sum_j exp(x_j))
L = -sum_i y_i (x_i - Z)
