"""Definitions with functions of a whole matrix, and arrays at which they are defined."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tensorderiv.algebra.program import Program

DEFINITIONS = {
    "quadratic form": "tensor A[n,n] in spd\ntensor x[n], y[n]\nf = sum_{i,j} x_i inv(A)_ij y_j",
    "marginal likelihood": """tensor X[n,d], y[n]
        scalar t > 0 default 1
        S_ij = exp(-sum_p (X_ip - X_jp)^2 / 2) + t [i = j]
        L = 1/2 sum_{i,j} y_i inv(S)_ij y_j + 1/2 logdet(S)""",
    "divergence of Gaussians": """tensor A[n,n] in spd, B[n,n] in spd, x[n], y[n]
        K = 1/2 (sum_{i,j} inv(B)_ij A_ji + sum_{i,j} (x_i - y_i) inv(B)_ij (x_j - y_j) - n + logdet(B) - logdet(A))""",
    "volume": "tensor X[n,d]\nscalar t > 0 default 1\nG_pq = sum_i X_ip X_iq + t delta_pq\nL = logdet(G)",
    "determinant": "tensor A[n,n]\nL = det(A)^2 + log(det(A))",
    "named inverse": "tensor A[n,n], x[n]\nB_ij = inv(A)_ij\nL = sum_{i,j} x_i B_ij B_ji",
    "entries": "tensor A[n,n]\nK_ij = A_ij inv(A)_ji",
    "metric": "tensor X[n,d], Y[m,d], M[d,d] in spd\nD_ij = sum_{p,q} (X_ip - Y_jp) inv(M)_pq (X_iq - Y_jq)",
}


def arrays_of(program: Program, sizes: Mapping[str, int], seed: int = 0) -> dict[str, Any]:
    """Random arrays; square ones are not symmetric, and have a diagonal that keeps them away from singular ones."""
    rng = np.random.default_rng(seed)
    found: dict[str, Any] = {}
    for item in program.inputs:
        shape = tuple(e if isinstance(e, int) else sizes[e] for e in item.tensor.extents)
        value = rng.uniform(0.2, 1.5, shape)
        square = len(shape) == 2 and item.tensor.extents[0] == item.tensor.extents[1]
        found[item.tensor.name] = value + 2 * shape[0] * np.eye(shape[0]) if square else value if shape else float(value)
    return found
