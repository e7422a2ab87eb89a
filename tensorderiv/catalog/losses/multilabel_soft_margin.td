# title: multi-label logistic loss
# domain: all real x; y_i is 0 or 1
# kinks: none; smooth everywhere
# note: for one sample the same formula as bce_with_logits
# source: A. Paszke et al., PyTorch: an imperative style, high-performance deep learning library, NeurIPS 2019;
#     torch.nn.MultiLabelSoftMarginLoss
# reference: torch.nn.functional.multilabel_soft_margin_loss(x, y)
# packages:
#     torch: MultiLabelSoftMarginLoss

tensor x[d]
tensor y[d] in [0,1]
L = 1/d sum_i (softplus(x_i) - y_i x_i)
