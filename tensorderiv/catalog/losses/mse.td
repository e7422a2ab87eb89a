# title: mean squared error
# aliases: mean_squared_error, l2_loss
# domain: all real x, y
# kinks: none; a polynomial
# source: A.-M. Legendre, Nouvelles méthodes pour la détermination des orbites des comètes, Paris, 1805
# reference: torch.nn.functional.mse_loss(x, y)
# packages:
#     torch: MSELoss

tensor x[d], y[d]
L = 1/d sum_i (x_i - y_i)^2
