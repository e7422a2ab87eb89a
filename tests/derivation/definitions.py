"""Forty further definitions, in the ways in which people write them: none is in the catalogue or among the published ones.

Each has its targets, the entries that the output is differentiated by. Where a domain matters for the draw, it is declared.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """A definition and the variables it is differentiated by."""

    name: str
    text: str
    targets: tuple[str, ...]


DEFINITIONS = (
    # conditions of indices and labels
    Case(
        "coulomb",
        """
        tensor X[n,d]
        tensor Q[n]
        R_ij = sqrt(sum_p (X_ip - X_jp)^2)
        L = sum_{i<j} Q_i Q_j / R_ij
        """,
        ("X_kl", "Q_k"),
    ),
    Case(
        "lennard_jones",
        """
        tensor X[n,d]
        scalar epsilon > 0
        scalar sigma > 0
        S_ij = sum_p (X_ip - X_jp)^2
        L = 4 epsilon sum_{i<j} ((sigma^2 / S_ij)^6 - (sigma^2 / S_ij)^3)
        """,
        ("X_kl", "sigma", "epsilon"),
    ),
    Case(
        "repulsion_of_others",
        """
        tensor X[n,d]
        V_i = sum_{j != i} exp(-sum_p (X_ip - X_jp)^2)
        """,
        ("X_kl",),
    ),
    Case(
        "within_class_scatter",
        """
        tensor X[n,d]
        labels c[n]
        M_i = sum_j [c_i = c_j]
        L = sum_{i,j} [c_i = c_j] sum_p (X_ip - X_jp)^2 / M_i
        """,
        ("X_kl",),
    ),
    Case(
        "fisher_ratio",
        """
        tensor X[n,d]
        labels c[n]
        S_ij = sum_p (X_ip - X_jp)^2
        W = sum_i sum_{j: c_j = c_i} S_ij
        B = sum_i sum_{j: c_j != c_i} S_ij
        L = W / (W + B)
        """,
        ("X_kl",),
    ),
    Case(
        "triplet_relational",
        """
        tensor X[n,d]
        labels c[n]
        scalar m0 > 0
        D_ij = sqrt(sum_q (X_iq - X_jq)^2)
        L = sum_a sum_{p: c_p = c_a and p != a} sum_{b: c_b != c_a} max(0, D_ap - D_ab + m0)
        """,
        ("X_kl", "m0"),
    ),
    Case(
        "triplet_batch_hard",
        """
        tensor X[n,d]
        labels c[n]
        scalar m0 > 0
        D_ij = sum_q (X_iq - X_jq)^2
        L = 1/n sum_a max(0, m0 + max_{p: c_p = c_a} D_ap - min_{b: c_b != c_a} D_ab)
        """,
        ("X_kl", "m0"),
    ),
    Case(
        "ising",
        """
        tensor s[n]
        tensor A[n,n]
        tensor h[n]
        E = -sum_{i<j} A_ij s_i s_j - sum_i h_i s_i
        """,
        ("s_k", "A_kl", "h_k"),
    ),
    Case(
        "potts_soft",
        """
        tensor U[n,K]
        tensor A[n,n]
        P_ia = exp(U_ia) / sum_b exp(U_ib)
        E = -sum_{i != j} A_ij sum_a P_ia P_ja
        """,
        ("U_kc", "A_kl"),
    ),
    # any order, any role
    Case(
        "cp_loss",
        """
        tensor T[n,m,o]
        L = sum_{i,j,k} (T_ijk - sum_r A_ir B_jr C_kr)^2
        """,
        ("A_ps", "B_ps", "C_ps"),
    ),
    Case("cp_model", "M_ijk = sum_r A_ir B_jr C_kr", ("A_ps", "B_ps", "C_ps")),
    Case(
        "tucker_loss",
        """
        tensor T[n,m,o]
        M_ijk = sum_{a,b,c} G_abc A_ia B_jb C_kc
        L = 1/2 sum_{i,j,k} (T_ijk - M_ijk)^2
        """,
        ("G_pqr", "A_pq"),
    ),
    Case("bilinear", "B_ij = sum_{p,q} X_ip M_pq Y_jq", ("M_kl", "X_kl", "Y_kl")),
    Case("copy_of_three", "T_ijk = sum_p A_ip A_jp A_kp", ("A_ls",)),
    Case("superdiagonal", "L = sum_{i,j,k} H_ijk A_ij A_jk A_ki", ("A_pq",)),
    Case("outer_cube", "T_ijk = u_i u_j u_k", ("u_l",)),
    Case(
        "barlow_twins",
        """
        tensor X[n,d]
        tensor Y[n,d]
        scalar lambda > 0
        C_pq = 1/n sum_i X_ip Y_iq
        L = sum_p (1 - C_pp)^2 + lambda sum_{p != q} C_pq^2
        """,
        ("X_kl", "lambda"),
    ),
    Case(
        "vicreg",
        """
        tensor X[n,d]
        scalar gamma > 0
        M_p = mean_i X_ip
        C_pq = 1/n sum_i (X_ip - M_p)(X_iq - M_q)
        L = 1/d sum_p max(0, gamma - sqrt(C_pp + 1/10000)) + 1/d sum_{p != q} C_pq^2
        """,
        ("X_kl", "gamma"),
    ),
    Case(
        "covariance",
        """
        tensor X[n,d]
        M_p = 1/n sum_i X_ip
        C_pq = 1/n sum_i (X_ip - M_p)(X_iq - M_q)
        """,
        ("X_kl",),
    ),
    Case(
        "layer_norm",
        """
        tensor X[n,d]
        scalar epsilon > 0
        M_i = 1/d sum_p X_ip
        V_i = 1/d sum_p (X_ip - M_i)^2
        Y_ip = g_p (X_ip - M_i) / sqrt(V_i + epsilon) + b_p
        """,
        ("X_kl", "g_k"),
    ),
    Case(
        "batch_norm",
        """
        tensor X[n,d]
        scalar epsilon > 0
        M_p = 1/n sum_i X_ip
        V_p = 1/n sum_i (X_ip - M_p)^2
        Y_ip = (X_ip - M_p) / sqrt(V_p + epsilon)
        """,
        ("X_kl",),
    ),
    Case(
        "attention",
        """
        tensor Q[n,d]
        tensor K[m,d]
        tensor V[m,h]
        S_ij = sum_p Q_ip K_jp / sqrt(d)
        A_ij = exp(S_ij) / sum_k exp(S_ik)
        O_iq = sum_j A_ij V_jq
        """,
        ("Q_ab", "K_ab", "V_ab"),
    ),
    # losses of rows of scores
    Case(
        "focal_loss",
        """
        tensor Z[n,K]
        labels c[n]
        scalar g > 0
        P_ia = exp(Z_ia) / sum_b exp(Z_ib)
        L = -1/n sum_i (1 - P[i,c[i]])^g log(P[i,c[i]])
        """,
        ("Z_kl", "g"),
    ),
    Case(
        "gathered_cross_entropy",
        """
        tensor Z[n,K]
        labels c[n]
        scalar t > 0
        L = 1/n sum_i (logsumexp_a (Z_ia / t) - Z[i,c[i]] / t)
        """,
        ("Z_kl", "t"),
    ),
    Case(
        "contrastive_predictive_coding",
        """
        tensor X[n,d]
        tensor W[d,m]
        tensor Y[n,m]
        F_ij = sum_{p,q} X_ip W_pq Y_jq
        L = -1/n sum_i log(exp(F_ii) / sum_j exp(F_ij))
        """,
        ("W_kl", "X_kl"),
    ),
    # regression: robust losses, parameters
    Case("cauchy_loss", "scalar s > 0\nL = sum_i log(1 + (sum_p A_ip x_p - b_i)^2 / s^2)", ("x_k", "s")),
    Case("log_cosh", "L = sum_i log(cosh(y_i - sum_p A_ip w_p))", ("w_k",)),
    Case(
        "huber_regression",
        """
        scalar m0 > 0
        r_i = y_i - sum_p A_ip w_p
        L = sum_i if(abs(r_i) <= m0, r_i^2 / 2, m0 (abs(r_i) - m0 / 2))
        """,
        ("w_k", "m0"),
    ),
    Case(
        "student_t_likelihood",
        """
        scalar nu > 0
        scalar s > 0
        tensor y[n]
        L = n lgamma((nu + 1) / 2) - n lgamma(nu / 2) - n/2 log(pi nu s^2) - (nu + 1)/2 sum_i log(1 + y_i^2 / (nu s^2))
        """,
        ("nu", "s", "y_k"),
    ),
    Case("box_cox", "tensor y[n] > 0\nscalar b > 0\nz_i = (y_i^b - 1) / b", ("b", "y_k")),
    Case(
        "minkowski_order",
        """
        scalar p0 > 0
        D_ij = (sum_q abs(X_iq - Y_jq)^p0)^(1/p0)
        """,
        ("X_kl", "p0"),
    ),
    Case("geometric_mean", "tensor x[n] > 0\nG = (prod_i x_i)^(1/n)", ("x_k",)),
    Case("likelihood_product", "L = prod_i (1 + x_i^2)", ("x_k",)),
    Case("range_of_rows", "R_i = max_p X_ip - min_p X_ip", ("X_kl",)),
    # sphere and simplex
    Case(
        "uniformity_on_sphere",
        """
        tensor X[n,d] in sphere
        scalar t > 0
        L = log(sum_{i != j} exp(-t sum_p (X_ip - X_jp)^2))
        """,
        ("X_kl", "t"),
    ),
    Case(
        "jensen_shannon_rows",
        """
        tensor P[n,d] in simplex
        tensor Q[m,d] in simplex
        M_ijp = (P_ip + Q_jp) / 2
        D_ij = 1/2 sum_p (P_ip log(P_ip / M_ijp) + Q_jp log(Q_jp / M_ijp))
        """,
        ("P_kl",),
    ),
    Case(
        "hellinger_rows",
        """
        tensor P[n,d] in simplex
        tensor Q[m,d] in simplex
        D_ij = sqrt(1 - sum_p sqrt(P_ip Q_jp))
        """,
        ("P_kl",),
    ),
    # kernels, matrices, transport
    Case(
        "gp_periodic_kernel",
        """
        scalar ell > 0
        scalar T > 0
        K_ij = exp(-2 sin(pi (x_i - x_j) / T)^2 / ell^2)
        """,
        ("ell", "T", "x_k"),
    ),
    Case(
        "gaussian_likelihood",
        """
        tensor S[n,n] spd
        tensor x[n]
        L = 1/2 logdet(S) + 1/2 sum_{i,j} x_i inv(S)_ij x_j
        """,
        ("S_kl", "x_k"),
    ),
    Case(
        "gp_marginal_likelihood",
        """
        tensor X[n,d]
        tensor y[n]
        scalar s > 0
        K_ij = exp(-sum_p (X_ip - X_jp)^2) + s^2 delta_ij
        L = 1/2 logdet(K) + 1/2 sum_{i,j} y_i inv(K)_ij y_j
        """,
        ("X_kl", "s", "y_k"),
    ),
    Case(
        "graph_laplacian",
        """
        tensor W[n,n] symmetric
        tensor X[n,d]
        g_i = sum_j W_ij
        L = sum_i g_i sum_p X_ip^2 - sum_{i,j} W_ij sum_p X_ip X_jp
        """,
        ("X_kl",),
    ),
    Case("quadratic_form", "q = 1/2 sum_{i,j} x_i A_ij x_j - sum_i b_i x_i", ("x_k", "A_kl")),
    Case(
        "rayleigh_quotient",
        """
        tensor A[n,n] symmetric
        tensor x[n]
        R = (sum_{i,j} x_i A_ij x_j) / sum_i x_i^2
        """,
        ("x_k",),
    ),
    Case("nmf", "L = 1/2 sum_{i,j} (V_ij - sum_r W_ir H_rj)^2", ("W_kl", "H_kl")),
    Case(
        "kl_nmf",
        """
        tensor V[n,m] > 0
        tensor W[n,r] > 0
        tensor H[r,m] > 0
        M_ij = sum_k W_ik H_kj
        L = sum_{i,j} (V_ij log(V_ij / M_ij) - V_ij + M_ij)
        """,
        ("W_ab", "H_ab"),
    ),
    Case(
        "transport_dual",
        """
        tensor a[n] > 0
        tensor b[m] > 0
        tensor C[n,m]
        scalar epsilon > 0
        L = sum_i f_i a_i + sum_j g_j b_j - epsilon sum_{i,j} a_i b_j exp((f_i + g_j - C_ij) / epsilon)
        """,
        ("f_k", "C_kl", "epsilon"),
    ),
    Case(
        "energy_distance",
        """
        tensor X[n,d]
        tensor Y[m,d]
        D_ij = sqrt(sum_p (X_ip - Y_jp)^2)
        A_ij = sqrt(sum_p (X_ip - X_jp)^2)
        B_ij = sqrt(sum_p (Y_ip - Y_jp)^2)
        L = 2/(n m) sum_{i,j} D_ij - 1/n^2 sum_{i,j} A_ij - 1/m^2 sum_{i,j} B_ij
        """,
        ("X_kl", "Y_kl"),
    ),
    Case(
        "mmd",
        """
        tensor X[n,d]
        tensor Y[m,d]
        scalar s > 0
        K_ij = exp(-sum_p (X_ip - X_jp)^2 / (2 s^2))
        M_ij = exp(-sum_p (X_ip - Y_jp)^2 / (2 s^2))
        N_ij = exp(-sum_p (Y_ip - Y_jp)^2 / (2 s^2))
        L = 1/n^2 sum_{i,j} K_ij - 2/(n m) sum_{i,j} M_ij + 1/m^2 sum_{i,j} N_ij
        """,
        ("X_kl", "s"),
    ),
    Case(
        "hsic",
        """
        tensor X[n,d]
        tensor G[n,n]
        K_ij = exp(-sum_p (X_ip - X_jp)^2)
        R_i = 1/n sum_j K_ij
        A_ij = K_ij - R_i - R_j + 1/n sum_k R_k
        L = 1/n^2 sum_{i,j} A_ij G_ij
        """,
        ("X_kl", "G_kl"),
    ),
    Case(
        "distance_covariance",
        """
        tensor X[n,d]
        tensor B[n,n]
        A_ij = sqrt(sum_p (X_ip - X_jp)^2)
        R_i = mean_j A_ij
        M = mean_i R_i
        V = 1/n^2 sum_{i,j} (A_ij - R_i - R_j + M) B_ij
        """,
        ("X_kl",),
    ),
    Case(
        "soft_nearest_neighbour",
        """
        tensor X[n,d]
        labels c[n]
        scalar t > 0
        K_ij = exp(-sum_p (X_ip - X_jp)^2 / t)
        L = -1/n sum_i log((1/1000 + sum_{j: j != i and c_j = c_i} K_ij) / sum_{j != i} K_ij)
        """,
        ("X_kl", "t"),
    ),
    Case(
        "two_layers",
        """
        tensor X[n,d]
        tensor W[h,d]
        tensor v[h]
        A_ia = tanh(sum_p W_ap X_ip)
        y_i = sigmoid(sum_a v_a A_ia)
        L = mean_i (y_i - z_i)^2
        """,
        ("W_kl", "v_k", "X_kl"),
    ),
)
