# title: cross-entropy of logits with a class t
# aliases: softmax_loss, softmax_cross_entropy, nll_of_log_softmax
# domain: all real x; t a class
# kinks: none; smooth everywhere
# source: J. S. Bridle, Probabilistic interpretation of feedforward classification network outputs, with relationships to
#     statistical pattern recognition, Neurocomputing, NATO ASI Series 68, 1990
# reference: torch.nn.functional.cross_entropy(x, t)
# packages:
#     torch: CrossEntropyLoss (also LinearCrossEntropyLoss on x=Wz)

tensor x[d]
labels t
L = log(sum_i exp(x_i)) - x_t
