"""LaTeX that a derivation prints is read back: gathers within gathers, and the names made for computed matrices."""

from __future__ import annotations

import pytest

import tensorderiv as td
from tensorderiv.algebra.expression import MatrixFunction, Tensor
from tensorderiv.algebra.index import Index
from tensorderiv.language import read_expression
from tensorderiv.language.latex import to_latex
from tests.support.derivations import round_trip_complaints

NESTED = [
    ("L = max_{i,j} X_ij", "X_kl"),
    ("L = max_i min_p X_ip", "X_kl"),
    ("D_ij = sqrt(sum_p (X_ip - Y_jp)^2)\nH = max(max_i min_j D_ij, max_j min_i D_ij)", "X_kl"),
]
MADE = [
    ("tensor A[n,n]\ntensor B[n,n]\nL = tr(A B A^T) + logdet(A A^T)", "A_kl"),
    ("tensor X[n,d]\nL = det(X^T X) + sum_{p,q} inv(X^T X)_pq", "X_kl"),
]


@pytest.mark.parametrize("spelling", ["text", "latex"])
@pytest.mark.parametrize(("text", "by"), NESTED + MADE)
def test_every_step_is_read_back(text: str, by: str, spelling: str) -> None:
    assert round_trip_complaints(td.define(text).derive(by), spelling) == []


@pytest.mark.parametrize(
    "written",
    [
        r"X_{\operatorname*{arg\,max}_{i} \left(\min_{p} X_{ip}\right),k}",
        r"X_{\arg\max_i \left(\min_{p} X_{ip}\right),k}",
        r"X_{argmax_i (min_p X_{ip}), k}",
        r"X_{argmax_i(min_p X_ip),k}",
    ],
)
def test_a_place_of_an_extremum_may_hold_subscripts_itself(written: str) -> None:
    program = td.define("tensor X[n,d]\nL = max_i min_p X_ip").program
    plain = "X_{argmax_i(min_p(X_ip)), k}"
    assert read_expression(written, program)[1] == read_expression(plain, program)[1]


def test_a_matrix_with_digits_has_one_spelling() -> None:
    i, j = Index("i", "n"), Index("j", "n")
    for name, shown in (("A1", r"\mathrm{A1}"), ("sigma11", r"\mathrm{sigma11}"), ("A", "A"), ("Sigma", r"\Sigma")):
        matrix = Tensor(name, ("n", "n"))
        assert to_latex(MatrixFunction("logdet", matrix)) == rf"\log\det {shown}"
        assert to_latex(MatrixFunction("det", matrix)) == rf"\det {shown}"
        braced = shown if len(shown) == 1 else f"{{{shown}}}"
        assert to_latex(MatrixFunction("inv", matrix, (i, j))) == rf"({braced}^{{-1}})_{{ij}}"
