"""Losses whose memory and loops the tests of `lower` look at."""

from __future__ import annotations

from tensorderiv.adjoint import reverse
from tensorderiv.language import read
from tensorderiv.lower import Plan, lower
from tensorderiv.lower.stable import stabilise

LOSSES = {
    "n-pairs": """tensor X[n,d], Y[n,d]
        N_i = sqrt(sum_p X_ip^2)
        M_j = sqrt(sum_p Y_jp^2)
        S_ij = sum_p X_ip Y_jp / (N_i M_j)
        L = -1/n sum_i log( exp(S_ii) / sum_j exp(S_ij) )""",
    "triplets": """labels c[n]
        tensor X[n,d]
        D_ab = sqrt(sum_p (X_ap - X_bp)^2)
        L = sum_a sum_{p: p != a and c[p] = c[a]} sum_{q: c[q] != c[a]} relu(D_ap - D_aq + 1)""",
    "t-SNE": """tensor P[n,n], X[n,d]
        K_ij = 1/(1 + sum_p (X_ip - X_jp)^2)
        Q_ij = K_ij / sum_{a,b: a != b} K_ab
        L = sum_{i,j: i != j} P_ij log(P_ij / Q_ij)""",
    "symmetric softmax": """tensor X[n,d]
        S_ij = exp(-sum_p (X_ip - X_jp)^2)
        P_ij = S_ij / sum_k S_ik
        L = sum_{i,j: i != j} (P_ij + P_ji) log(P_ij + P_ji)""",
    "metric": "tensor X[n,d], A[d,d]\nL = sum_{i,j} exp(-sum_{p,q} (X_ip - X_jp) A_pq (X_iq - X_jq))",
}


def gradient_plan(text: str) -> Plan:
    """The plan of the value and all gradients of a loss."""
    program = stabilise(read(text))
    real = [item.tensor.name for item in program.inputs if not item.tensor.integer]
    adjoint = reverse(program, real)
    return lower(adjoint.program, [program.output.tensor.name, *(name for _, name in adjoint.gradients)])
