"""Inverse, determinant and its logarithm in the reference meaning: against NumPy, exact, with derivatives, printed."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import sympy

from tensorderiv.algebra import elimination
from tensorderiv.algebra.build import TWO, div, mul, power
from tensorderiv.algebra.evaluate import FRACTION, evaluate, mp
from tensorderiv.algebra.expression import Derivative, Element, Expr, MatrixFunction, Tensor
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.numbers import FLOAT
from tensorderiv.algebra.program import Input, Program, Statement
from tensorderiv.algebra.sizes import bind
from tensorderiv.errors import ExtentMismatch, IndexProblem
from tensorderiv.language import read, read_expression
from tensorderiv.language.latex import to_latex
from tensorderiv.language.mathml import content
from tensorderiv.language.sympy_out import to_sympy

I, J, K, L = (Index(name, "n") for name in "ijkl")
A, X = Tensor("A", ("n", "n")), Tensor("x", ("n",))
INV, DET, LOGDET = MatrixFunction("inv", A, (I, J)), MatrixFunction("det", A), MatrixFunction("logdet", A)
FIRST, SECOND = Element(A, (K, L)), Element(A, (Index("a", "n"), Index("b", "n")))
GENERAL = np.random.default_rng(0).normal(size=(4, 4))
SINGULAR = np.array([[1.0, 2.0], [2.0, 4.0]])


def at(expr: Expr, matrix: Any, *axes: Index, **options: Any) -> npt.NDArray[Any]:
    return evaluate(expr, axes=axes, arrays={"A": matrix}, sizes={"n": len(matrix)}, **options)


@pytest.mark.parametrize("size", [0, 1, 2, 5])
def test_values_are_those_of_numpy(size: int) -> None:
    matrix = np.random.default_rng(size).normal(size=(size, size)) + 3 * size * np.eye(size)
    np.testing.assert_allclose(at(INV, matrix, I, J), np.linalg.inv(matrix), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(at(DET, matrix), np.linalg.det(matrix), rtol=1e-12)
    np.testing.assert_allclose(at(LOGDET, matrix), np.linalg.slogdet(matrix)[1], rtol=1e-12, atol=1e-14)


def test_rationals_are_exact() -> None:
    hilbert = np.array([[Fraction(1, i + j + 1) for j in range(4)] for i in range(4)], dtype=object)
    inverse = at(INV, hilbert, I, J, number=FRACTION)
    assert inverse[0, 0] == 16 and inverse[3, 3] == 2800 and inverse[1, 2] == -2700
    assert at(DET, hilbert, number=FRACTION) == Fraction(1, 6048000)
    assert (hilbert @ inverse == np.eye(4, dtype=object)).all()


def test_a_zero_on_the_diagonal_is_no_obstacle() -> None:
    turned = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])
    np.testing.assert_array_equal(at(INV, turned, I, J), turned.T)
    assert at(DET, turned) == 1 and at(LOGDET, turned) == 0
    assert at(DET, turned[[1, 0, 2]]) == -1 and math.isnan(at(LOGDET, turned[[1, 0, 2]]).item())


@pytest.mark.parametrize("system", [FLOAT, FRACTION, mp(30)])
def test_a_singular_matrix_has_no_inverse(system: Any) -> None:
    assert all(math.isnan(entry) for entry in at(INV, SINGULAR, I, J, number=system).flat)
    assert at(DET, SINGULAR, number=system) == 0
    assert at(LOGDET, SINGULAR, number=system) == -math.inf


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_gives_nan(bad: float) -> None:
    matrix = np.array([[0.0, 1.0], [bad, 0.0]])
    assert np.isnan(at(INV, matrix, I, J)).all() and np.isnan(at(DET, matrix)) and np.isnan(at(LOGDET, matrix))


def test_the_logarithm_does_not_overflow() -> None:
    large = 1e100 * np.eye(4)
    assert at(DET, large) == math.inf
    np.testing.assert_allclose(at(LOGDET, large), 400 * math.log(10))


def test_first_derivatives() -> None:
    inverse, det = np.linalg.inv(GENERAL), np.linalg.det(GENERAL)
    close = {"rtol": 1e-11, "atol": 1e-12}
    np.testing.assert_allclose(
        at(Derivative(INV, FIRST), GENERAL, I, J, K, L), -np.einsum("ik,lj->ijkl", inverse, inverse), **close
    )
    np.testing.assert_allclose(at(Derivative(DET, FIRST), GENERAL, K, L), det * inverse.T, **close)
    np.testing.assert_allclose(at(Derivative(LOGDET, FIRST), GENERAL, K, L), inverse.T, **close)


def test_second_derivatives() -> None:
    inverse, det = np.linalg.inv(GENERAL), np.linalg.det(GENERAL)
    axes = (K, L, *(Index(name, "n") for name in "ab"))
    crossed = np.einsum("la,bk->klab", inverse, inverse)
    close = {"rtol": 1e-10, "atol": 1e-11}
    np.testing.assert_allclose(at(Derivative(Derivative(LOGDET, FIRST), SECOND), GENERAL, *axes), -crossed, **close)
    expected = det * (np.einsum("lk,ba->klab", inverse, inverse) - crossed)
    np.testing.assert_allclose(at(Derivative(Derivative(DET, FIRST), SECOND), GENERAL, *axes), expected, **close)
    twice = at(Derivative(Derivative(INV, FIRST), SECOND), GENERAL, I, J, *axes)
    expected = np.einsum("ia,bk,lj->ijklab", *3 * [inverse]) + np.einsum("ik,la,bj->ijklab", *3 * [inverse])
    np.testing.assert_allclose(twice, expected, **close)


def test_a_determinant_has_a_derivative_where_it_is_zero() -> None:
    """The matrix of cofactors, which needs no inverse."""
    np.testing.assert_array_equal(at(Derivative(DET, FIRST), SINGULAR, K, L), [[4.0, -2.0], [-2.0, 1.0]])


def test_derivatives_pass_through_a_named_matrix() -> None:
    program = read("tensor x[n]\nS_ij = x_i x_j + delta_ij\nL = logdet(S)")
    x = np.array([0.5, -1.0, 2.0])
    body = Derivative(Element(Tensor("L")), Element(X, (K,)))
    found = evaluate(body, axes=(K,), arrays={"x": x}, sizes={"n": 3}, statements=program.statements)
    np.testing.assert_allclose(found, 2 * x / (1 + x @ x), rtol=1e-13)  # det(1 + x x^T) = 1 + x.x


def test_a_matrix_that_is_not_square_is_named_with_its_extents() -> None:
    oblong = Tensor("A", ("n", "d"))
    body = MatrixFunction("det", oblong)
    with pytest.raises(ExtentMismatch, match="the extents of A are n and d"):
        evaluate(body, axes=(), arrays={"A": np.ones((2, 2))}, sizes={"n": 2, "d": 2})
    program = Program("p", (Input(oblong),), (Statement(Tensor("L"), (), body),))
    with pytest.raises(ExtentMismatch, match="the extents of A are n and d"):
        bind(program, {"A": np.ones((2, 3))})
    with pytest.raises(ExtentMismatch, match="x has 1 axes"):
        evaluate(MatrixFunction("det", X), axes=(), arrays={"x": np.ones(2)}, sizes={"n": 2})


def test_a_subscript_out_of_range_is_an_error() -> None:
    with pytest.raises(IndexProblem, match=r"the subscript 7 of inv\(A\) is not among 0 .. 3"):
        at(MatrixFunction("inv", A, (0, 7)), GENERAL)


def test_elimination_without_pivots_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison with NumPy can fail: the largest entry is no longer looked for."""
    monkeypatch.setattr(elimination, "pivot_row", lambda system, work, column: column)
    turned = np.array([[1e-20, 1.0], [1.0, 1.0]])
    assert not np.allclose(at(INV, turned, I, J), np.linalg.inv(turned))


@pytest.mark.parametrize(
    ("expr", "text", "latex"),
    [
        (INV, "inv(A)_ij", "(A^{-1})_{ij}"),
        (power(INV, 2), "inv(A)_ij^2", "(A^{-1})_{ij}^{2}"),
        (DET, "det(A)", r"\det A"),
        (LOGDET, "logdet(A)", r"\log\det A"),
        (mul(TWO, DET, Element(X, (I,))), "2 det(A) x_i", r"2 \left(\det A\right) x_{i}"),
        (power(DET, 2), "det(A)^2", r"\left(\det A\right)^{2}"),
        (div(Element(X, (I,)), DET), "x_i / det(A)", r"\frac{x_{i}}{\det A}"),
    ],
)
def test_printed(expr: Expr, text: str, latex: str) -> None:
    assert str(expr) == text
    assert to_latex(expr) == latex
    assert content(expr).count("<m") > 1
    program = read("tensor A[n,n], x[n]\nL = sum_{i,j} A_ij x_i x_j")
    back, again = read_expression(text, program, free=(I, J))
    assert (back, again) == ((), expr)


def test_the_name_of_a_matrix_with_a_prime_is_braced() -> None:
    assert to_latex(MatrixFunction("inv", Tensor("S'", ("n", "n")), (I, J))) == "({S'}^{-1})_{ij}"


def test_in_sympy_they_are_symbols_of_that_name() -> None:
    assert (
        to_sympy(mul(LOGDET, INV))
        == sympy.Symbol("logdet(A)", real=True)
        * sympy.IndexedBase("inv(A)")[sympy.Symbol("i", integer=True), sympy.Symbol("j", integer=True)]
    )
