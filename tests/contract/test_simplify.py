"""Each rule of `simplify` on the expression it is made for, and on the one it must leave alone."""

from __future__ import annotations

import numpy as np
import pytest

import tensorderiv as td

RESULTS = [
    # cases and brackets
    ("y_i = if(abs(x_i) <= 1, x_i^2 / 2, abs(x_i) - 1/2)", "x_k", "if(abs(x_i) <= 1, x_i, sign(x_i)) delta_ik"),
    ("L = sum_{i,j: i < j} Q_i Q_j K_ij\n", "Q_k", "sum_{j: j > k} Q_j K_kj + sum_{i: i < k} Q_i K_ik"),
    ("tensor K[n,n] symmetric\nL = sum_{i,j: i < j} Q_i Q_j K_ij", "Q_k", "sum_{j: j != k} Q_j K_kj"),
    # named quantities and fractions
    ("P_ij = exp(Z_ij) / sum_k exp(Z_ik)\nL = -sum_ij Y_ij log(P_ij)", "Z_kl", "P_kl sum_j Y_kj - Y_kl"),
    ("tensor Y[n,c] in simplex\nP_ij = exp(Z_ij) / sum_k exp(Z_ik)\nL = -sum_ij Y_ij log(P_ij)", "Z_kl", "P_kl - Y_kl"),
    ("M_ij = (P_i + Q_j) / 2\nD_ij = P_i log(P_i / M_ij) / 2 + Q_j log(Q_j / M_ij) / 2", "P_k", "1/2 log(P_i / M_ij) delta_ik"),
    (
        "W = sum_{i,j: c_i = c_j} (x_i - x_j)^2\nB = sum_{i,j: c_i != c_j} (x_i - x_j)^2\nL = W / (W + B)",
        "x_k",
        "4 ((1 - L) sum_{j: c_j = c_k} (x_k - x_j) - L sum_{j: c_j != c_k} (x_k - x_j)) / (W + B)",
    ),
    ("R = (sum_ij x_i A_ij x_j) / sum_i x_i^2", "A_kl", "x_k x_l / sum_i x_i^2"),
    # functions and powers
    ("L = sum_i log(cosh(x_i))", "x_k", "tanh(x_k)"),
    ("L = sum_i abs(x_i)^2", "x_k", "2 x_k"),
    ("y_i = x_i^x_i", "x_k", "x_i^(x_i) (log(x_i) + 1) delta_ik"),
    ("y_i = sigmoid(x_i)", "x_k", "y_i (1 - y_i) delta_ik"),
    ("L = sum_i log(1 + x_i^2 / s^2)", "x_k", "2 x_k / (s^2 + x_k^2)"),
    # sums
    ("m = 1/n sum_i x_i\nL = sum_i (x_i - m)^2", "x_k", "2 (x_k - m)"),
    ("L = sum_{i,j} exp(-sum_p (X_ip - X_jp)^2)", "X_kl", "-4 sum_j exp(-sum_p (X_kp - X_jp)^2) (X_kl - X_jl)"),
    ("T_ijk = u_i u_j u_k", "u_l", "u_j u_k delta_il + u_i u_k delta_jl + u_i u_j delta_kl"),
]


@pytest.mark.parametrize(("text", "target", "expected"), RESULTS)
def test_results_read_as_a_person_would_write_them(text: str, target: str, expected: str) -> None:
    assert td.define(text).derive(target).result.text == expected


KEPT = [
    ("D_i = c_i (b_i - a_i)/(a_i - b_i)^(1/2) + c_i^2 (b_i - a_i)/(a_i - b_i)^(1/2)", "c_k"),  # half powers have one sign
    ("D_i = c_i/(b_i - a_i)^3 + c_i^2/(a_i - b_i)^3", "c_k"),  # odd negative powers turn the sign
    ("D_i = c_i/(b_i - a_i)^2 + c_i^2/(a_i - b_i)^2", "c_k"),  # even ones do not
    ("R_ij = sqrt((a_i - a_j)^2)\nD_ij = c_i / (R_ij (1 + 1/R_ij))", "c_k"),  # R is 0 on the diagonal
    ("L = sum_{i,j: a_i < a_j} (a_i - a_j)^2 c_i", "c_k"),
    ("L = sum_i c_i max(0, a_i - b_i)^3 + sum_i c_i min(0, a_i - b_i)", "c_k"),
]


@pytest.mark.parametrize(("text", "target"), KEPT)
def test_what_looks_alike_but_is_not_is_kept_apart(text: str, target: str) -> None:
    derivation = td.define(text).derive(target)
    inputs = {"a": np.array([2.0, 3.0, 4.5]), "b": np.array([1.0, 0.5, 2.0]), "c": np.array([0.7, 1.3, -0.4])}
    wanted = {tensor.name: inputs[tensor.name] for tensor in td.define(text).inputs}
    arrays = [step.evaluate(**wanted) for step in derivation.steps]
    for after in arrays[1:]:
        np.testing.assert_allclose(after, arrays[0], rtol=1e-12)
