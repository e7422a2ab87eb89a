# title: Bray-Curtis dissimilarity
# aliases: bray_curtis
# domain: all real X, not all X_ip + X_jp = 0
# kinks: where X_ip = X_jp or X_ip = -X_jp; sign(0) = 0. Where all X_ip = -X_jp the quotient is undefined; 0/0 is taken as 0
# note: umap's bray_curtis_grad is right only where all X_ip + X_jp > 0: it takes the derivative of |X_ip + X_jp| as 1
# source: J. R. Bray, J. T. Curtis, An ordination of the upland forest communities of southern Wisconsin, Ecological Monographs
#     27(4), 1957
# reference: scipy.spatial.distance.cdist(X, Y, "braycurtis")
# packages:
#     scipy: braycurtis
#     umap: braycurtis
#     pynndescent: braycurtis
#     faiss: METRIC_BrayCurtis

tensor X[n,d]
D_ij = (sum_p abs(X_ip - X_jp)) / (sum_p abs(X_ip + X_jp))
