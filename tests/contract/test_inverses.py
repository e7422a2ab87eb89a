"""A matrix beside its own inverse multiplies away, and only there."""

from __future__ import annotations

import numpy as np
import pytest

from tensorderiv.algebra.build import both, mul, total
from tensorderiv.algebra.evaluate import evaluate
from tensorderiv.algebra.expression import Compare, Element, Expr, Function, MatrixFunction, Position, Reduction, Tensor
from tensorderiv.algebra.index import Index
from tensorderiv.canonical import equal
from tensorderiv.contract.inverses import beside_its_inverse

I, J, K, L = (Index(name, "n") for name in "ijkl")
A, B, X = Tensor("A", ("n", "n")), Tensor("B", ("n", "n")), Tensor("x", ("n",))


def a(row: Index, column: Index, matrix: Tensor = A) -> Expr:
    return Element(matrix, (row, column))


def inv(row: Index, column: Index) -> Expr:
    return MatrixFunction("inv", A, (row, column))


FREE = frozenset[Index]()
FITS = {
    "left": (total((K,), mul(a(I, K), inv(K, J))), "delta_ij"),
    "right": (total((K,), mul(inv(I, K), a(K, J))), "delta_ij"),
    "among others": (total((K,), mul(Element(X, (I,)), inv(I, K), Element(X, (J,)), a(K, J))), "x_i delta_ij x_j"),
    "one of two sums": (total((K, L), mul(a(I, K), inv(K, L), Element(X, (L,)))), "sum_l delta_il x_l"),
    "trace": (total((I, K), mul(a(I, K), inv(K, I))), "sum_{i=1}^{n} 1"),
    "other condition": (
        Reduction("sum", (K,), mul(a(I, K), inv(K, J)), Compare("<", Position(I), Position(J))),
        "[i < j] delta_ij",
    ),
}
LEFT_ALONE = {
    "another matrix": total((K,), mul(a(I, K, B), inv(K, J))),
    "transposed": total((K,), mul(a(K, I), inv(K, J))),
    "used elsewhere": total((K,), mul(a(I, K), inv(K, J), Element(X, (K,)))),
    "free": mul(a(I, K), inv(K, J)),
    "conditional": Reduction("sum", (K,), mul(a(I, K), inv(K, J)), both(Compare("<", Position(K), Position(J)))),
    "a product": Reduction("prod", (K,), mul(a(I, K), inv(K, J))),
    "twice the matrix": total((K,), mul(a(I, K), a(K, J))),
}


def denoted(expr: Expr) -> np.ndarray:  # type: ignore[type-arg]
    rng = np.random.default_rng(0)
    arrays = {"A": rng.normal(size=(3, 3)) + 4 * np.eye(3), "B": rng.normal(size=(3, 3)), "x": rng.normal(size=3)}
    return evaluate(expr, axes=(I, J, K), arrays=arrays, sizes={"n": 3})


@pytest.mark.parametrize("name", FITS)
def test_it_multiplies_away(name: str) -> None:
    before, after = FITS[name]
    made = beside_its_inverse(before, FREE)
    assert made is not None and str(made) == after
    np.testing.assert_allclose(denoted(made), denoted(before), atol=1e-14)


@pytest.mark.parametrize("name", LEFT_ALONE)
def test_what_is_no_matrix_product_with_the_inverse_stays(name: str) -> None:
    assert beside_its_inverse(LEFT_ALONE[name], FREE) is None


def test_a_logarithm_of_a_determinant_is_the_log_determinant() -> None:
    assert equal(Function("log", (MatrixFunction("det", A),)), MatrixFunction("logdet", A))
    assert not equal(Function("log", (MatrixFunction("det", A),)), MatrixFunction("logdet", B))


def test_an_inverse_is_not_that_of_another_matrix() -> None:
    assert equal(total((K,), inv(K, K)), total((J,), inv(J, J)))
    assert not equal(inv(I, J), inv(J, I))
    assert not equal(inv(I, J), MatrixFunction("inv", B, (I, J)))
