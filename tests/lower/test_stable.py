"""Stable forms: which expressions are rewritten, that they mean the same, and that they hold where the plain form breaks."""

from __future__ import annotations

import numpy as np
import pytest

from tensorderiv.algebra.evaluate import evaluate_program
from tensorderiv.algebra.text import to_text
from tensorderiv.language import read
from tensorderiv.lower.stable import stabilise
from tensorderiv.run import compile_program

REWRITTEN = {
    "L = log(sum_j exp(x_j))": "logsumexp_j x_j",
    "L = log(1 + exp(a))": "softplus(a)",
    "L = 1/(1 + exp(-a))": "sigmoid(a)",
    "L = exp(a)/(1 + exp(a))": "sigmoid(a)",
    "L = log(1 + a^2)": "log1p(a^2)",
    "L = exp(a) - 1": "expm1(a)",
    "y_k = exp(x_k) / sum_j exp(x_j)": "exp(x_k - logsumexp_j x_j)",
    "L = sum_k log(exp(x_k) / sum_j exp(x_j))": "sum_k (x_k - logsumexp_j x_j)",
    "L = acosh(1 + a^2)": "2 asinh(sqrt(1/2 a^2))",
}


@pytest.mark.parametrize("text", REWRITTEN)
def test_forms(text: str) -> None:
    assert to_text(stabilise(read(text)).output.body) == REWRITTEN[text]


UNTOUCHED = [
    "D_ij = sum_p (X_ip - X_jp)^2",
    "L = log(sum_j x_j^2)",
    "L = sum_i exp(x_i)",
    "L = acos(a)",
    "L = 1 / sum_j exp(x_j)",
]


@pytest.mark.parametrize("text", UNTOUCHED)
def test_nothing_to_do(text: str) -> None:
    program = read(text)
    assert stabilise(program).statements == program.statements


SAME = [
    *REWRITTEN,
    "labels c[n]\ntensor x[n]\nL = sum_a (sum_{p: p != a and c_p = c_a} exp(x_p)) / sum_{q: q != a} exp(x_q)",
    "labels c[n]\ntensor x[n]\nL = sum_a log(exp(x_a) / (exp(x_a) + sum_{q: c_q != c_a} exp(x_q)))",
    "labels c[n]\ntensor x[n]\nL = sum_a log(1 + (sum_{p: c_p = c_a} exp(x_p)) * (sum_{q: c_q != c_a} exp(-x_q)))",
    "D_ij = acos((sum_p X_ip Y_jp) / (sqrt(sum_p X_ip^2) sqrt(sum_p Y_jp^2)))",
    "N_i = sqrt(sum_p X_ip^2)\nC_ij = sum_p X_ip X_jp / (N_i N_j)\nD_ij = acos(C_ij)",
    "E_ip = X_ip / sqrt(sum_q X_iq^2)\nD_ij = acos(sum_p E_ip E_jp)",
]


@pytest.mark.parametrize("size", [1, 2, 4])
@pytest.mark.parametrize("text", SAME)
def test_the_meaning_stays(text: str, size: int) -> None:
    """Also with one row, where a sum under a condition is a sum over nothing."""
    program = read(text)
    rng = np.random.default_rng(0)
    arrays = {}
    for item in program.inputs:
        shape = tuple(size for _ in item.tensor.extents)
        arrays[item.tensor.name] = np.arange(size) % 2 if item.tensor.integer else rng.uniform(0.3, 1.5, shape)
    with np.errstate(all="ignore"):
        plain, stable = evaluate_program(program, arrays), evaluate_program(stabilise(program), arrays)
    defined = ~np.isnan(np.asarray(plain, float))  # acos of a cosine that rounds to more than 1 is nan: what the rule is for
    np.testing.assert_allclose(np.asarray(stable, float)[defined], np.asarray(plain, float)[defined], rtol=1e-7, atol=3e-8)


def test_angles_at_their_ends() -> None:
    """Coincident, opposite and zero rows: value and gradient are finite, and the value is exact."""
    kernel = compile_program(read(SAME[-2]), "unseen_angle")
    X = np.array([[1.0, 2.0, 3.0], [-2.0, -4.0, -6.0], [0.0, 0.0, 0.0], [1.0, 2.0, 3.0 + 1e-9]])
    D = kernel.pairwise(X)
    assert D[0, 0] == 0.0
    assert D[0, 1] == np.pi
    assert D[0, 2] == np.pi / 2
    assert D[2, 2] == np.pi / 2
    exact = np.linalg.norm(np.cross(X[0], X[3])) / (X[0] @ X[0])
    assert D[0, 3] == pytest.approx(exact, rel=1e-6)
    assert np.isfinite(kernel.vjp(X[[0, 1, 3]], None, np.ones((3, 3)))).all()
