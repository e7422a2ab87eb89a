"""Losses over pairs and triplets of rows chosen by labels, and other definitions whose cost the tests of `lower` look at."""

from __future__ import annotations

HEAD = "labels c[n]\ntensor X[n,d]\nscalar m default 0.7\n"
SQUARED = "D_ij = sum_q (X_iq - X_jq)^2\n"
ROOT = "D_ij = sqrt(sum_q (X_iq - X_jq)^2)\n"
INNER = "S_ij = sum_q X_iq X_jq\n"
TRIPLETS = "c_a = c_p and c_a != c_n and a != p"
POSITIVE, NEGATIVE = "p: p != a and c_p = c_a", "n: c_n != c_a"

RELATIONS = {
    "chained labels": HEAD + "D_ij = sum_p (X_ip - X_jp)^2\nL = sum_{a,b,k: c_a = c_b and c_b = c_k} D_ab D_bk",
    "chained through the summed row": HEAD
    + "D_ij = sum_p (X_ip - X_jp)^2\nT_ak = sum_{b: c_a = c_b and c_b = c_k} D_ab\nL = sum_ak T_ak^2",
    "named": HEAD + SQUARED + f"L = sum_{{a,p,n: {TRIPLETS}}} max(0, D_ap - D_an + m)",
    "root": HEAD + ROOT + f"L = sum_{{a,p,n: {TRIPLETS}}} max(0, D_ap - D_an + m)",
    "unnamed": HEAD + f"L = sum_{{a,p,n: {TRIPLETS}}} max(0, |X_a - X_p|^2 - |X_a - X_n|^2 + m)",
    "unnamed root": HEAD + f"L = sum_{{a,p,n: {TRIPLETS}}} max(0, |X_a - X_p| - |X_a - X_n| + m)",
    "anchor last": HEAD + SQUARED + f"L = sum_{{p,n,a: {TRIPLETS}}} max(0, D_ap - D_an + m)",
    "nested": HEAD + ROOT + f"L = sum_n sum_p sum_{{a: {TRIPLETS}}} softplus(D_ap - D_an + m)",
    "mean": HEAD
    + SQUARED
    + f"L = (sum_{{a,p,n: {TRIPLETS}}} max(0, D_ap - D_an + m)) / (sum_{{a,p,n: {TRIPLETS} and D_ap - D_an + m > 0}} 1)",
    "angular": HEAD + INNER + f"L = sum_{{a,p,n: {TRIPLETS}}} log(1 + exp(S_an + S_pn - S_ap))",
    "weights of rows": HEAD + "tensor w[n]\n" + SQUARED + f"L = sum_{{a,p,n: {TRIPLETS}}} w_n max(0, w_a D_ap - w_p D_an + m)",
    "weights of pairs": HEAD + "tensor W[n,n]\n" + SQUARED + f"L = sum_{{a,p,n: {TRIPLETS}}} max(0, W_ap D_ap - W_an D_an + m)",
    "metric": HEAD
    + "tensor A[d,d]\nD_ij = sum_{q,r} (X_iq - X_jq) A_qr (X_ir - X_jr)\n"
    + f"L = sum_{{a,p,n: {TRIPLETS}}} max(0, D_ap - D_an + m)",
    "hardest": HEAD + SQUARED + f"L = sum_a max(0, max_{{{POSITIVE}}} D_ap - min_{{{NEGATIVE}}} D_an + m)",
    "hardest, unnamed": HEAD + f"L = sum_a max(0, max_{{{POSITIVE}}} |X_a - X_p|^2 - min_{{{NEGATIVE}}} |X_a - X_n|^2 + m)",
    "easy positive": HEAD + ROOT + f"L = sum_a log(1 + exp(min_{{{POSITIVE}}} D_ap - min_{{{NEGATIVE}}} D_an))",
    "lifted": HEAD
    + ROOT
    + f"L = sum_a sum_{{{POSITIVE}}} max(0, D_ap + log((sum_{{{NEGATIVE}}} exp(m - D_an)) + sum_{{{NEGATIVE}}} exp(m - D_pn)))^2",
    "contrastive": HEAD + ROOT + f"L = sum_a sum_{{{POSITIVE}}} D_ap^2 + sum_a sum_{{{NEGATIVE}}} max(0, m - D_an)^2",
    "supcon": HEAD
    + INNER
    + f"L = - sum_a (sum_{{{POSITIVE}}} (S_ap - log(sum_{{q: q != a}} exp(S_aq)))) / (sum_{{{POSITIVE}}} 1)",
    "ntxent": HEAD + INNER + f"L = - sum_a sum_{{{POSITIVE}}} log(exp(S_ap) / (exp(S_ap) + sum_{{{NEGATIVE}}} exp(S_an)))",
    "multi similarity": HEAD
    + INNER
    + f"L = sum_a (log(1 + sum_{{{POSITIVE}}} exp(m - S_ap)) + log(1 + sum_{{{NEGATIVE}}} exp(S_an - m)))",
    "circle": HEAD
    + INNER
    + f"L = sum_a log(1 + (sum_{{{POSITIVE}}} exp(-relu(1 - S_ap) (S_ap - m))) (sum_{{{NEGATIVE}}} exp(relu(S_an) (S_an - m))))",
    "margin": HEAD + ROOT + f"L = sum_a sum_{{{POSITIVE}}} sum_{{{NEGATIVE}}} (relu(D_ap - m) + relu(m - D_an))",
    "ordered pairs": HEAD + SQUARED + "L = sum_{i,j: i < j and c_i = c_j} D_ij",
    "centroids": HEAD + "labels t[k]\nM_gp = (sum_{i: c_i = t_g} X_ip) / (sum_{i: c_i = t_g} 1)\nL = sum_{g,p} M_gp^2 X[0,p]",
    "classes by number": HEAD + "tensor Z[k,d]\nL = sum_g sum_{i: c_i = g} sum_p (X_ip - Z_gp)^2",
    "row vector": HEAD + SQUARED + "r_p = sum_{a,n: c_a = c_p and c_a != c_n} max(0, D_ap - D_an + m)",
    "pair output": HEAD + SQUARED + "V_ap = sum_{n: c_n != c_a} max(0, D_ap - D_an + m) [c_a = c_p]",
}
"""Shapes of every kind. None of them is known to the engine by name."""

LABELS = {"repeated": [3, 1, 3, 0, 1, 3], "alike": [2, 2, 2, 2], "apart": [3, 1, 0, 2], "one row": [1], "none": []}
"""Labels of the rows: some without a positive or a negative partner."""

ORDERS = {
    "cp": (
        "tensor T[n,m,l], A[n,r], B[m,r], C[l,r]\nL = sum_{i,j,k} (T_ijk - sum_s A_is B_js C_ks)^2",
        {"L": "l m n r", "Tbar": "l m n r", "Abar": "l m n r", "Bbar": "l m n r", "Cbar": "l m n r"},
    ),
    "tucker": (
        "tensor T[n,m,l], G[a,b,c], A[n,a], B[m,b], C[l,c]\nL = sum_{i,j,k} (T_ijk - sum_{p,q,s} G_pqs A_ip B_jq C_ks)^2",
        {"L": "a l m n", "Gbar": "a b c l m n"},
    ),
    "bilinear": (
        "tensor X[n,d], M[d,e], Y[m,e]\nS_ij = sum_{p,q} X_ip M_pq Y_jq",
        {"S": "d m n", "Xbar": "d e n, e m n", "Mbar": "d e n, e m n", "Ybar": "d e n, e m n"},
    ),
    "product of three": ("tensor A[n,m], B[m,l], C[l,k]\nD_ij = sum_{p,q} A_ip B_pq C_qj", {"D": "k m n"}),
    "cross-correlation": (
        "tensor X[n,d], Y[n,d]\nC_pq = sum_i X_ip Y_iq / n\nL = sum_p (1 - C_pp)^2 + sum_{p,q: p != q} C_pq^2",
        {"C": "d d n", "L": "d d", "Cbar": "d d", "Xbar": "d d n", "Ybar": "d d n"},
    ),
    "covariance": (
        "tensor X[n,d]\nC_pq = sum_i (X_ip - sum_j X_jp / n)(X_iq - sum_j X_jq / n) / n",
        {"C": "d d n", "Xbar": "d d n"},
    ),
    "layer norm": (
        "tensor X[n,d], g[d]\nY_ip = g_p (X_ip - mean_q X_iq) / sqrt(mean_q (X_iq - mean_r X_ir)^2 + 1/1000)",
        {"Y": "d n", "Xbar": "d n", "gbar": "d n"},
    ),
    "batch norm": (
        "tensor X[n,d], g[d]\nY_ip = g_p (X_ip - mean_j X_jp) / sqrt(mean_j (X_jp - mean_k X_kp)^2 + 1/1000)",
        {"Y": "d n", "Xbar": "d n", "gbar": "d n"},
    ),
    "attention": (
        "tensor Q[n,d], K[m,d], V[m,d]\nP_ij = exp(sum_p Q_ip K_jp) / sum_k exp(sum_p Q_ip K_kp)\nO_iq = sum_j P_ij V_jq",
        {"O": "d m n", "Qbar": "d m n", "Kbar": "d m n", "Vbar": "d m n"},
    ),
    "third moment": ("tensor X[n,d]\nM_pqr = sum_i X_ip X_iq X_ir / n", {"M": "d d d n"}),
    "separable": ("tensor x[n], y[n]\nL = sum_{i,j} x_i y_j", {"L": "", "xbar": "n", "ybar": "n"}),
    "dependence": (
        "tensor X[n,d], Y[n,d]\nK_ij = sum_p X_ip X_jp\nM_ij = sum_q Y_iq Y_jq\n"
        "L = sum_{i,j} K_ij M_ij - 2/n sum_{i,j,k} K_ij M_ik + 1/n^2 (sum_{i,j} K_ij) (sum_{k,l} M_kl)",
        {"L": "d n n", "Xbar": "d n n", "Ybar": "d n n"},
    ),
    "copy": ("tensor x[n]\nT_ijk = H_ijk x_i", {"T": "n"}),
    "copy of rows": ("tensor X[n,d]\nT_ijkl = H_ijk X_il", {"T": "d n"}),
    "free delta": ("tensor X[n,d], x[n]\nY_ijkl = X_jl delta_ik x_i", {"Y": "d n n"}),
    "difference of deltas": ("tensor X[n,d]\nJ_ijkl = 2 X_kl (X_il - X_jl)(delta_ik - delta_jk)", {"J": "d n n"}),
    "diagonal and full": ("tensor x[n], B[n,n]\nA_ij = x_i delta_ij + B_ij", {"A": "n"}),
    "trace": ("tensor A[n,n]\nL = sum_{i,j} A_ij delta_ij", {"L": "n", "Abar": "n"}),
}
"""Definition, and the largest terms of the operations of some of its stages: the least that is possible in the memory allowed."""
