"""Definitions over pairs of rows, none of them known to the engine: their kernels are compared with plain loop nests."""

from __future__ import annotations

X = "tensor X[n,d]\n"
XY = "tensor X[n,d], Y[m,d]\n"
SAME = "tensor X[n,d], Y[n,d]\n"
LABELS = "labels c[n]\ntensor X[n,d]\n"
SQUARED = "D_ij = sum_p (X_ip - X_jp)^2\n"
INNER = "S_ij = sum_p X_ip Y_jp\n"

DEFINITIONS = {
    # pair functions
    "cubes": XY + "D_ij = sum_p abs(X_ip - Y_jp)^3",
    "chebyshev": XY + "D_ij = max_p abs(X_ip - Y_jp)",
    "least": XY + "D_ij = min_p (X_ip - Y_jp)^2",
    "minkowski": XY + "scalar g default 1.7\nD_ij = (sum_p abs(X_ip - Y_jp)^g)^(1/g)",
    "canberra": XY + "D_ij = sum_p abs(X_ip - Y_jp) / (abs(X_ip) + abs(Y_jp))",
    "ratio": XY + "D_ij = (sum_p abs(X_ip - Y_jp)) / (sum_p abs(X_ip + Y_jp))",
    "rational": XY + "scalar a default 0.8\nK_ij = 1 / (1 + sum_p (X_ip - Y_jp)^2)^a",
    "correlation": XY
    + "D_ij = 1 - (sum_p (X_ip - mean_q X_iq)(Y_jp - mean_q Y_jq)) "
    + "/ (sqrt(sum_p (X_ip - mean_q X_iq)^2) sqrt(sum_p (Y_jp - mean_q Y_jq)^2))",
    "cosine of both": XY + "N_i = sqrt(sum_p X_ip^2)\nD_ij = sum_p X_ip Y_jp / (N_i sqrt(sum_q Y_jq^2))",
    "weighted": XY + "tensor w[d]\nD_ij = sqrt(sum_p w_p (X_ip - Y_jp)^2)",
    "metric": XY + "tensor M[d,d]\nD_ij = sqrt(sum_{p,q} (X_ip - Y_jp) M_pq (X_iq - Y_jq))",
    "polynomial": XY + "scalar a default 0.3\nK_ij = (a + sum_p X_ip Y_jp)^3",
    "features first": "tensor X[d,n], Y[d,m]\nD_ij = sum_p (X_pi - Y_pj)^4",
    "divergence": XY + "D_ij = sum_p X_ip log(X_ip / Y_jp)",
    "product of features": XY + "K_ij = prod_p (1 + X_ip Y_jp)",
    "logs of products": XY + "K_ij = log(1 + exp(sum_p X_ip Y_jp)) tanh(sum_p X_ip Y_jp)",
    "two sums": XY + "K_ij = (sum_p X_ip Y_jp) exp(-sum_p abs(X_ip - Y_jp))",
    "haversine": "tensor X[n,2], Y[m,2]\n"
    + "D_ij = asin(sqrt(sin((X[i,0] - Y[j,0])/2)^2 + cos(X[i,0]) cos(Y[j,0]) sin((X[i,1] - Y[j,1])/2)^2))",
    "threshold": XY + "scalar t default 1.1\nD_ij = if(sum_p (X_ip - Y_jp)^2 < t, sum_p abs(X_ip - Y_jp), t)",
    # features that meet features, and tables of rows that are more than entries
    "bilinear": XY + "tensor M[d,d]\nK_ij = sum_{p,q} X_ip M_pq Y_jq",
    "linear map of differences": XY + "tensor A[e,d]\nD_ij = sum_r (sum_q A_rq (X_iq - Y_jq))^2",
    "length of a linear map": XY + "tensor A[e,d]\nD_ij = sqrt(sum_r (sum_q A_rq (X_iq - Y_jq))^2)",
    "metric of neighbours": X
    + "tensor M[d,d]\nD_ij = sum_{p,q} (X_ip - X_jp) M_pq (X_iq - X_jq)\n"
    + "L = -sum_{i != j} log(exp(-D_ij) / sum_{k != i} exp(-D_ik))",
    "metric and distance": XY
    + "tensor M[d,d], w[d]\nD_ij = sqrt(sum_{p,q} (X_ip - Y_jp) M_pq (X_iq - Y_jq)) + sum_p w_p (X_ip - Y_jp)^2",
    "metric of labels": LABELS
    + "tensor A[e,d]\nD_ij = sum_r (sum_q A_rq (X_iq - X_jq))^2\n"
    + "L = sum_{i,j: c_i = c_j and i != j} D_ij + sum_{i,j: c_i != c_j} max(0, 1 - D_ij)",
    "projected": XY + "tensor A[e,d]\nZ_ir = sum_q A_rq X_iq\nV_jr = sum_q A_rq Y_jq\nL = sum_{i,j} exp(-sum_r (Z_ir - V_jr)^2)",
    "map of absolute differences": XY + "tensor A[e,d]\nD_ij = sum_r tanh(sum_q A_rq abs(X_iq - Y_jq))",
    "weights of squares": XY + "tensor w[d]\nL = sum_{i,j} exp(-sum_p w_p (X_ip - Y_jp)^2)",
    "directions": XY
    + "D_ij = 2 atan2(sqrt(sum_p (X_ip / sqrt(sum_q X_iq^2) - Y_jp / sqrt(sum_q Y_jq^2))^2), "
    + "sqrt(sum_p (X_ip / sqrt(sum_q X_iq^2) + Y_jp / sqrt(sum_q Y_jq^2))^2))",
    "angle": XY + "C_ij = sum_p X_ip Y_jp / (sqrt(sum_q X_iq^2) sqrt(sum_q Y_jq^2))\nD_ij = acos(C_ij)",
    "arc cosine": XY
    + "N_i = sqrt(sum_p X_ip^2)\nM_j = sqrt(sum_p Y_jp^2)\nC_ij = sum_p X_ip Y_jp / (N_i M_j)\nT_ij = acos(C_ij)\n"
    + "K_ij = N_i M_j (sin(T_ij) + (3 - T_ij) cos(T_ij))",
    "products of matrices alone": X + "tensor M[d,d]\nZ_ip = sum_q M_qp X_iq\nT_ip = sum_q Z_iq M_pq",
    "shares of rows": XY + "D_ij = sum_p (X_ip / (sum_q abs(X_iq)) - Y_jp / (sum_q abs(Y_jq)))^2",
    "rows in units": XY + "tensor w[d], u[n]\nL = sum_{i,j} log(1 + sum_p abs(u_i w_p X_ip - w_p Y_jp))",
    # losses with normalisers of rows, of columns, of both, of everything
    "rows": SAME + INNER + "L = -sum_i log(exp(S_ii) / sum_j exp(S_ij))",
    "columns": SAME + INNER + "L = -sum_j log(exp(S_jj) / sum_i exp(S_ij))",
    "both": SAME
    + "scalar t default 0.7\nS_ij = sum_p X_ip Y_jp / t\nL = -mean_i (2 S_ii - logsumexp_j S_ij"
    + " - logsumexp_j S_ji)",
    "both, normalised": SAME
    + "C_ij = sum_p X_ip Y_jp / (sqrt(sum_q X_iq^2) sqrt(sum_q Y_jq^2))\n"
    + "L = -sum_i (log(exp(C_ii) / sum_j exp(C_ij)) + log(exp(C_ii) / sum_j exp(C_ji)))",
    "global": "tensor P[n,n], X[n,d]\nQ_ij = 1/(1 + sum_p (X_ip - X_jp)^2)\nZ = sum_{i != j} Q_ij\n"
    + "L = sum_{i != j} P_ij log(P_ij Z / Q_ij)",
    "neighbours": "tensor P[n,n], X[n,d]\n"
    + SQUARED
    + "R_ij = exp(-D_ij) / sum_{k != i} exp(-D_ik)\nL = -sum_{i != j} P_ij log(R_ij)",
    "two samples": XY
    + "scalar s default 0.9\nL = mean_{i,k} exp(-s sum_p (X_ip - X_kp)^2) - 2 mean_{i,j} exp(-s sum_p (X_ip - Y_jp)^2)"
    + " + mean_{j,k} exp(-s sum_p (Y_jp - Y_kp)^2)",
    "energy": XY
    + "L = 2 mean_{i,j} sqrt(sum_p (X_ip - Y_jp)^2) - mean_{i,k} sqrt(sum_p (X_ip - X_kp)^2)"
    + " - mean_{j,k} sqrt(sum_p (Y_jp - Y_kp)^2)",
    "two tables of products": XY
    + "tensor A[n,e], B[m,e]\nS_ij = sum_p X_ip Y_jp\nT_ij = sum_q A_iq B_jq\nL = sum_{i,j} S_ij T_ij",
    "two tables of products, unnamed": XY + "tensor A[n,e], B[m,e]\nL = sum_{i,j} (sum_p X_ip Y_jp) (sum_q A_iq B_jq)",
    "three tables of products": XY
    + "tensor A[n,e], B[m,e], U[n,f], V[m,f]\nL = sum_{i,j} (sum_p X_ip Y_jp) (sum_q A_iq B_jq) (sum_r U_ir V_jr)",
    "distance times product": XY + "L = sum_{i,j} (sum_p X_ip Y_jp) (sum_p (X_ip - Y_jp)^2)",
    "weights of both rows": XY + "tensor u[n], v[m]\nL = sum_{i,j} u_i v_j exp(-sum_p (X_ip - Y_jp)^2)",
    "soft assignment": "tensor X[n,d], Y[m,d]\n"
    + "Q_ij = (1 / (1 + sum_p (X_ip - Y_jp)^2)) / sum_k (1 / (1 + sum_p (X_ip - Y_kp)^2))\n"
    + "F_j = sum_i Q_ij\nL = sum_{i,j} Q_ij log(Q_ij / F_j)",
    "alignment": X + SQUARED + "R_i = mean_j D_ij\nG = mean_i R_i\nL = sum_{i,j} (D_ij - R_i - R_j + G)^2",
    # conditions
    "before": X + "L = sum_{i<j} log(1 + sum_p (X_ip - X_jp)^2)",
    "others": X + "L = sum_{i != j} 1 / sum_p (X_ip - X_jp)^2",
    "potential": X + "tensor q[n]\nL = sum_{i<j} q_i q_j / sqrt(sum_p (X_ip - X_jp)^2)",
    "hinge": LABELS
    + "scalar a default 0.9\n"
    + SQUARED
    + "L = sum_{i,j: i != j} ([c_i = c_j] D_ij + [c_i != c_j] max(0, a - sqrt(D_ij))^2)",
    "supervised": LABELS
    + "S_ij = sum_p X_ip X_jp\n"
    + "L = -sum_i (sum_{j: j != i and c_j = c_i} (S_ij - log(sum_{k: k != i} exp(S_ik)))) / (sum_{j: j != i and c_j = c_i} 1)",
    "lifted": LABELS
    + SQUARED
    + "L = sum_i log(1 + (sum_{j: c_j = c_i and j != i} exp(D_ij)) (sum_{k: c_k != c_i} exp(1 - D_ik)))",
    "hardest": LABELS + SQUARED + "L = sum_i max(0, max_{j: c_j = c_i} D_ij - min_{k: c_k != c_i} D_ik + 1/2)",
    "hard in logs": LABELS
    + SQUARED
    + "L = sum_i (logsumexp_{j: c_j = c_i and j != i} D_ij"
    + " + logsumexp_{k: c_k != c_i} (-D_ik))",
    "real condition": X + SQUARED + "L = sum_{i,j: D_ij < 1.3} exp(-D_ij) D_ij",
    "real condition of a row": X + "tensor u[n]\nL = sum_{i,j: u_i < u_j} (u_j - u_i) exp(-sum_p (X_ip - X_jp)^2)",
    "ranking": SAME + "S_ij = sum_p X_ip Y_jp\nL = sum_{i,j: j != i} max(0, S_ij - S_ii + 1/5)",
    "triplets": LABELS
    + "D_ij = sum_q (X_iq - X_jq)^2\nL = sum_{a,p,n: c_a = c_p and c_a != c_n and a != p} max(0, D_ap - D_an + 7/10)",
    "gathered": "labels c[n]\ntensor X[n,d], Y[m,d]\n"
    + "S_ij = -sum_p (X_ip - Y_jp)^2\nL = -sum_i (S[i,c[i]] - log(sum_j exp(S_ij)))",
    # maxima and minima over the rows
    "chamfer": XY + SQUARED.replace("X_jp", "Y_jp") + "L = mean_i min_j D_ij + mean_j min_i D_ij",
    "hausdorff": XY + "L = max_i min_j sqrt(sum_p (X_ip - Y_jp)^2)",
    "spread of a row": XY + INNER + "L = sum_i (max_j S_ij - min_j S_ij)^2",
    "late interaction": XY + "labels c[n]\nS_ij = sum_p X_ip Y_jp\nL = sum_i logsumexp_j S_ij - sum_i max_j S_ij",
    # tables read across, outputs of other orders
    "turned": "tensor P[n,n], X[n,d]\nL = sum_{i,j} P_ji exp(-sum_p (X_ip - X_jp)^2) P_ij^2",
    "turned table": "tensor P[n,n]\nL = sum_{i,j} P_ji (P_ij + 1)^2",
    "vector": X + "V_i = sum_{j != i} exp(-sum_p (X_ip - X_jp)^2)",
    "vector of columns": XY + "V_j = sum_i tanh(sum_p X_ip Y_jp)",
    "table of softmax": XY + INNER + "P_ij = exp(S_ij) / sum_k exp(S_ik)",
    "attention": "tensor Q[n,d], K[m,d], V[m,e]\nP_ij = exp(sum_p Q_ip K_jp) / sum_k exp(sum_p Q_ip K_kp)\n"
    + "O_iq = sum_j P_ij V_jq",
    "mean shift": X + "K_ij = exp(-sum_p (X_ip - X_jp)^2)\nT_ip = (sum_j K_ij X_jp) / (sum_j K_ij)",
    "forces": X + "F_ip = sum_{j != i} (X_ip - X_jp) / (sum_q (X_iq - X_jq)^2)^2",
    "smoothing": XY + "T_jp = Y_jp - mean_i (X_ip - Y_jp) exp(-sum_q (X_iq - Y_jq)^2)",
    "order three": XY + "T_ijp = (X_ip - Y_jp) exp(-sum_q (X_iq - Y_jq)^2)",
    "centred": X + "K_ij = exp(-sum_p (X_ip - X_jp)^2)\nH_ij = K_ij - mean_k K_ik - mean_k K_kj",
    "fixed sizes": "tensor X[n,3], Y[m,3]\nL = sum_{i,j} sin(sum_p (X_ip - Y_jp)^2) X[0,1]",
    "float power": XY + "L = sum_{i,j} (sum_p (X_ip - Y_jp)^2)^1.3 + sum_{i,j} (sum_p X_ip Y_jp)^2.5",
    "vector in features": "tensor X[n,d], Y[m,d], w[d]\nL = sum_{i,j} log(1 + sum_p exp(w_p) abs(X_ip - Y_jp)) - sum_p w_p",
    "nested": X + "E_ij = exp(-sum_p (X_ip - X_jp)^2)\nR_i = sum_j E_ij\nW_ij = E_ij / (R_i R_j)\nL = sum_{i,j} W_ij^2",
    "thresholds": XY + "scalar a default 0.4\nscalar b\nL = sum_{i,j} softplus(a sum_p X_ip Y_jp + b) / (1 + a^2)",
    # names that the text of a pass has for itself, and letters that are names elsewhere
    "names of a pass": "tensor S[n,d], W[m,d], R1[n], rows[m], first[n]\nscalar parts default 0.5\nscalar last default 1.2\n"
    + "R2_ij = sum_p (S_ip - W_jp)^2\nL = sum_{i,j} R1_i rows_j exp(-parts R2_ij) + last sum_{i,j} first_i S[i,0] R2_ij",
    "letters of a pass": "tensor acc[n,d], out[m,d], t[n], real[m]\n"
    + "s_rk = sum_j acc_rj out_kj\nL = -sum_r log(exp(t_r) / sum_k exp(s_rk real_k))",
    "extents of a pass": "tensor r[stop,part], x[begin,part]\nscalar Xbar default 0.4\n"
    + "D_ab = sum_m (r_am - x_bm)^2\nL = sum_{a,b} D_ab / (Xbar + D_ab)",
    "names of adjoints": "tensor X[n,d], Xbar[n,d], Xbardot[n,d], dX[n,d]\n"
    + "S_ij = sum_p X_ip Xbar_jp\nSbar_ij = sum_p Xbardot_ip dX_jp\nL = sum_{i,j} exp(S_ij) Sbar_ij",
    # what a strip cannot hold, and reductions in a row
    "a row by number": X + "L = sum_{i,j} (sum_p (X_ip - X_jp) X[0,p])^2",
    "products of rows": X + "L = sum_i prod_j (1 + sum_p X_ip X_jp)",
    "positions": X + "L = sum_{i,j} exp(-(i - j)^2) sum_p (X_ip - X_jp)^2",
    "two loops in a row": XY + INNER + "R_i = logsumexp_j S_ij\nQ_i = sum_j exp(S_ij - R_i) S_ij\nL = sum_{i,j} (S_ij - Q_i)^2",
    "row of rows": X + "S_ij = sum_p X_ip X_jp\nL = sum_i log(sum_j exp(S_ij) sum_k exp(S_ik - S_jk))",
    "either": LABELS
    + "tensor u[n]\n"
    + SQUARED
    + "L = sum_{i,j: c_i = c_j or u_i < u_j} D_ij^2"
    + " - sum_{i,j: i != j and c_j = 1} u_j D_ij",
    "maximum of values": XY + "tensor u[n]\nL = sum_{i,j} max(u_i, sum_p X_ip Y_jp, 1/2)",
    "place of the largest": SAME + "S_ij = sum_p X_ip Y_jp\nL = sum_i S[i, argmax_{j: j != i} S_ij]^2",
    "dependence": "tensor X[n,d], Y[n,e]\nK_ij = sum_p X_ip X_jp\nM_ij = exp(-sum_q (Y_iq - Y_jq)^2)\n"
    + "L = sum_{i,j} K_ij M_ij - 2 mean_i ((sum_j K_ij) (sum_j M_ij)) + mean_{i,j} K_ij sum_{k,l} M_kl",
    "columns of rows": XY + INNER + "P_ij = exp(S_ij) / sum_k exp(S_ik)\nQ_ij = P_ij / sum_k P_kj\nL = sum_{i,j} Q_ij^2",
    "weights of features": XY + "tensor w[d]\nL = sum_{i,j} exp(-sum_p w_p^2 X_ip Y_jp) sum_p w_p (X_ip - Y_jp)^2",
    "double centring": "tensor X[n,d], Z[n,e]\nD_ij = sqrt(sum_p (X_ip - X_jp)^2)\nE_ij = sum_p abs(Z_ip - Z_jp)\n"
    + "L = sum_{i<j} (D_ij - E_ij)^2 / E_ij",
    "signs": XY + "L = sum_{i,j} sign(sum_p X_ip Y_jp) abs(sum_p X_ip Y_jp)^1.5 + sum_{i,j} relu(sum_p X_ip Y_jp - 1/3)",
    "far and near": X + "tensor w[n,n]\n" + SQUARED + "L = sum_{i,j} w_ij log(1 + D_ij) + sum_{i,j} (1 - w_ji) log(1 + 1/D_ij)",
    "three rows": X + "A_ijk = sum_p (X_ip - X_jp) (X_kp - X_jp)\nL = sum_{i,j,k: i != j and j != k} A_ijk^2",
    "angles": LABELS
    + "S_ij = sum_q X_iq X_jq\nL = sum_{a,p: a != p and c_a = c_p} log(1"
    + " + sum_{n: c_n != c_a} exp(S_an + S_pn - S_ap))",
    "gradients of scalars": XY
    + "scalar a default 0.5\nscalar b default 1.5\nL = log(sum_{i,j} exp(-a sum_p abs(X_ip"
    + " - Y_jp)^b))",
    "table out of labels": LABELS + "T_ij = [c_i = c_j] sum_p (X_ip - X_jp)^2 + [i = j] / n",
    "vector of both": SAME
    + "S_ij = sum_p X_ip Y_jp\nV_i = log(exp(S_ii) / sum_j exp(S_ij))"
    + " + log(exp(S_ii) / sum_j exp(S_ji))",
}
"""Texts by what is particular about them."""
