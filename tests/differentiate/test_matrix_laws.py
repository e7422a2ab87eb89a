"""The laws of inverse and determinant: as written, in what they denote, and with a fault planted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tensorderiv.algebra.build import ONE, mul, power, total
from tensorderiv.algebra.evaluate import evaluate
from tensorderiv.algebra.expression import Derivative, Element, Expr, MatrixFunction, Reduction, Tensor
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.traverse import free_indices, walk
from tensorderiv.differentiate import laws, matrix_laws
from tensorderiv.differentiate.driver import expand
from tensorderiv.language import read, read_variable
from tensorderiv.pipeline import derive

I, J, K, L = (Index(name, "n") for name in "ijkl")
A = Tensor("A", ("n", "n"))
BY = Element(A, (K, L))
INV, DET, LOGDET = MatrixFunction("inv", A, (I, J)), MatrixFunction("det", A), MatrixFunction("logdet", A)
CONTEXT = laws.Context(frozenset({"A"}))
CASES: dict[str, Expr] = {
    "inverse": INV,
    "entry of a row": MatrixFunction("inv", A, (I, 0)),
    "trace": total((I,), MatrixFunction("inv", A, (I, I))),
    "determinant": power(DET, 2),
    "logarithm": mul(LOGDET, INV),
}


@pytest.mark.parametrize(
    ("law", "body", "after"),
    [
        (matrix_laws.inverse, INV, "-sum_{a,b} inv(A)_ia diff(A_ab, A_kl) inv(A)_bj"),
        (matrix_laws.determinant, DET, "det(A) sum_{a,b} inv(A)_ba diff(A_ab, A_kl)"),
        (matrix_laws.log_determinant, LOGDET, "sum_{a,b} inv(A)_ba diff(A_ab, A_kl)"),
    ],
)
def test_as_written(law: Any, body: Expr, after: str) -> None:
    node = Derivative(body, BY)
    assert str(law(node, CONTEXT)) == after
    chosen = laws.law_for(node, CONTEXT)
    assert chosen is not None and chosen.law is law and chosen.why
    assert all(other.law(node, CONTEXT) is None for other in laws.LAWS if other is not chosen)


def test_fresh_indices_keep_clear_of_subscripts_and_variable() -> None:
    a, b = Index("a", "n"), Index("b", "n")
    node = Derivative(MatrixFunction("inv", A, (a, I)), Element(A, (b, J)))
    after = matrix_laws.inverse(node, CONTEXT)
    assert after is not None and set(free_indices(after)) == {a, b, I, J}
    (bound,) = [part.indices for part in walk(after) if isinstance(part, Reduction)]
    assert len({index.name for index in bound} - set("abij")) == 2


def test_a_matrix_that_stands_still_has_derivative_zero() -> None:
    still = laws.Context(frozenset({"x"}))
    chosen = laws.law_for(Derivative(INV, Element(Tensor("x"))), still)
    assert chosen is not None and chosen.name == "constant"


def denoted(expr: Expr) -> Any:
    matrix = np.random.default_rng(0).normal(size=(3, 3)) + 4 * np.eye(3)
    return evaluate(expr, axes=(I, J, K, L), arrays={"A": matrix}, sizes={"n": 3})


@pytest.mark.parametrize("name", CASES)
def test_they_denote_the_derivative(name: str) -> None:
    node = Derivative(CASES[name], BY)
    np.testing.assert_allclose(denoted(expand(node, CONTEXT)), denoted(node), rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("name", CASES)
def test_second_derivatives(name: str) -> None:
    twice = Derivative(Derivative(CASES[name], BY), Element(A, (J, J)))
    np.testing.assert_allclose(denoted(expand(twice, CONTEXT)), denoted(twice), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("fault", ["sign", "transposed"])
def test_a_wrong_law_is_noticed(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if fault == "sign":
        monkeypatch.setattr(matrix_laws, "MINUS_ONE", ONE)
    else:
        entry = matrix_laws._entry
        monkeypatch.setattr(matrix_laws, "_entry", lambda body, row, column: entry(body, column, row))
    node = Derivative(INV, BY)
    assert not np.allclose(denoted(expand(node, CONTEXT)), denoted(node))


def test_a_derivation_through_a_named_matrix() -> None:
    program = read("G_pq = sum_i X_ip X_iq + t delta_pq\nL = logdet(G)")
    derivation = derive(program, read_variable("X_kl", program))
    assert str(derivation.result) == "2 sum_q X_kq inv(G)_lq"
    assert "log-determinant rule" in [step.rule for step in derivation.steps]
    assert [condition.where for condition in derivation.conditions] == ["det(G) = 0", "det(G) < 0"]


def test_a_positive_definite_matrix_is_never_singular() -> None:
    program = read("tensor A[n,n] in spd\nL = logdet(A) + inv(A)_{0,0}")
    derivation = derive(program, read_variable("A_kl", program))
    assert [condition.where for condition in derivation.conditions] == ["A symmetric"]
