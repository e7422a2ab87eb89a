# title: Canberra distance
# domain: all real X
# kinks: where a coordinate agrees or is 0; sign(0) = 0. Where both coordinates are 0 the term is 0
# note: faiss divides by |x| + |y| as well, in float32
# source: G. N. Lance, W. T. Williams, Computer programs for hierarchical polythetic classification, The Computer Journal 9(1),
#     1966
# reference: scipy.spatial.distance.cdist(X, Y, "canberra")
# packages:
#     scipy: canberra
#     umap: canberra
#     pynndescent: canberra
#     faiss: METRIC_Canberra

tensor X[n,d]
D_ij = sum_p abs(X_ip - X_jp) / (abs(X_ip) + abs(X_jp))
