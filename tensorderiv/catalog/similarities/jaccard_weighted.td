# title: weighted Jaccard similarity (Ruzicka)
# aliases: ruzicka
# domain: X_ip >= 0, rows that are not zero
# kinks: where a coordinate agrees, X_ip = X_jp: min and max each take the derivative of the one written first
# note: a similarity: 1 for equal rows; the distance is 1 - S_ij
# source: M. Ružička, Anwendung mathematisch-statistischer Methoden in der Geobotanik, Biológia (Bratislava) 13, 1958
# reference: faiss.METRIC_Jaccard
# packages:
#     faiss: METRIC_Jaccard

tensor X[n,d] >= 0
S_ij = (sum_p min(X_ip, X_jp)) / (sum_p max(X_ip, X_jp))
