"""What lines mean, against NumPy: every construct at random arrays whose sizes are all different."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tensorderiv.algebra.evaluate import evaluate
from tensorderiv.checker.case import Case
from tensorderiv.checker.meaning import IllTyped, Inexpressible, Meaning, World
from tensorderiv.checker.reading import read_definitions, read_line

SIZES = {"n": 3, "m": 4, "d": 2}
INDICES = {"i": "n", "j": "n", "k": "n", "a": "m", "b": "m", "p": "d", "q": "d"}
SYMBOLS = [
    {"name": "x", "shape": ["n"]},
    {"name": "y", "shape": ["n"]},
    {"name": "z", "shape": ["m"]},
    {"name": "c", "shape": []},
    {"name": "A", "shape": ["n", "m"]},
    {"name": "B", "shape": ["m", "n"]},
    {"name": "S", "shape": ["n", "n"]},
    {"name": "T", "shape": ["n", "n"]},
    {"name": "X", "shape": ["n", "d"]},
    {"name": "I", "shape": ["n", "n"], "value": "identity"},
    {"name": r"\mathbf 1", "shape": ["n"], "value": "ones"},
    {"name": "E", "shape": ["n", "n"], "value": "single_entry", "indices": ["i", "j"]},
    {"name": "e", "shape": ["n"], "value": "basis", "indices": ["i"]},
    {"name": "H", "shape": ["n", "n", "n"], "value": "copy"},
    {"name": "r", "shape": ["d"], "indices": ["i"]},
]

rng = np.random.default_rng(5)
ARRAYS: dict[str, Any] = {
    "x": rng.uniform(0.5, 2, 3), "y": rng.uniform(0.5, 2, 3), "z": rng.normal(size=4), "c": np.float64(1.7),
    "A": rng.normal(size=(3, 4)), "B": rng.normal(size=(4, 3)), "S": rng.normal(size=(3, 3)) + 3 * np.eye(3),
    "T": rng.normal(size=(3, 3)), "X": rng.normal(size=(3, 2)), "r": rng.normal(size=(3, 2)),
}  # fmt: skip
x, y, z, c, A, B, S, T, X, r = (ARRAYS[name] for name in "x y z c A B S T X r".split())
INV = np.linalg.inv(S)
ONE = np.ones(3)


def world_of(*definitions: str, **given: Any) -> World:
    case = Case.from_json(
        {
            "extents": list(SIZES),
            "indices": INDICES,
            "symbols": SYMBOLS,
            "definitions": list(definitions),
            "lines": ["0"],
            **given,
        }
    )
    vocabulary, read = read_definitions(case)
    return World.of(case, vocabulary, read)


def meaning_of(line: str, *definitions: str, **given: Any) -> Meaning:
    world = world_of(*definitions, **{"lines": [line], **given})
    return world.readings(read_line(line, world.vocabulary)[0])[0]


def value(meaning: Meaning, **more: Any) -> Any:
    return evaluate(meaning.expr, axes=meaning.axes, arrays={**ARRAYS, **more}, sizes=SIZES, statements=meaning.statements)


MATRICES: list[tuple[str, Callable[[], Any]]] = [
    (r"A B x", lambda: A @ B @ x),
    (r"x^T S y", lambda: x @ S @ y),
    (r"x y^T", lambda: np.outer(x, y)),
    (r"x x^T y", lambda: x * (x @ y)),
    (r"A^T S A", lambda: A.T @ S @ A),
    (r"S^2", lambda: S @ S),
    (r"S^{-1} x", lambda: INV @ x),
    (r"(S T)^{-1}", lambda: np.linalg.inv(S @ T)),
    (r"S^{-T}", lambda: INV.T),
    (r"\operatorname{tr}(S T)", lambda: np.trace(S @ T)),
    (r"\det S", lambda: np.linalg.det(S)),
    (r"|S|", lambda: np.linalg.det(S)),
    (r"|x|", lambda: np.linalg.norm(x)),
    (r"|c|", lambda: abs(c)),
    (r"\|S\|_F^2", lambda: (S**2).sum()),
    (r"\|x - y\|^2", lambda: ((x - y) ** 2).sum()),
    (r"\|x\|_1", lambda: abs(x).sum()),
    (r"S\odot T", lambda: S * T),
    (r"S \circ (T T)", lambda: S * (T @ T)),
    (r"S : T", lambda: (S * T).sum()),
    (r"2 S : T S", lambda: 2 * (S * (T @ S)).sum()),
    (r"\operatorname{diag}(x) S", lambda: x[:, None] * S),
    (r"\operatorname{diag}(S)", lambda: np.diag(S)),
    (r"\mathbf 1^T x", lambda: x.sum()),
    (r"I - \frac{\mathbf 1 \mathbf 1^T}{n}", lambda: np.eye(3) - 1 / 3),
    (r"\langle x, y \rangle", lambda: x @ y),
    (r"x \cdot y", lambda: x @ y),
    (r"\frac{x}{\|x\|}", lambda: x / np.linalg.norm(x)),
    (r"\log x", lambda: np.log(x)),
    (r"e_i^T S e_j", lambda: S),
    (r"x \otimes y", lambda: np.outer(x, y)),
    (r"(S T)_{ij}", lambda: S @ T),
    (r"x - c", lambda: x - c),
    (r"\begin{bmatrix} c & 1 \\ 0 & 2 \end{bmatrix}", lambda: np.array([[c, 1], [0, 2]])),
    (r"S^0", lambda: np.eye(3)),
    (r"\operatorname{softmax}(x)", lambda: np.exp(x) / np.exp(x).sum()),
    (r"(c^2 I)^{1/2}", lambda: c * np.eye(3)),
]


@pytest.mark.parametrize(("line", "expected"), MATRICES, ids=[line for line, _ in MATRICES])
def test_matrix_notation(line: str, expected: Callable[[], Any]) -> None:
    np.testing.assert_allclose(value(meaning_of(line)), expected(), rtol=1e-12, atol=1e-14)


def E(i: int, j: int) -> Any:
    return np.eye(3)[:, [i]] * np.eye(3)[[j]]


INDEXED: list[tuple[str, Callable[[], Any]]] = [
    (r"\sum_j S_{ij} x_j", lambda: S @ x),
    (r"\sum_{j \neq i} S_{ij}", lambda: S.sum(1) - np.diag(S)),
    (r"\sum_{j=1}^n S_{ij}", lambda: S.sum(1)),
    (r"\sum_{j=i+1}^{n} S_{ij}", lambda: np.triu(S, 1).sum(1)),
    (r"x_i \sum_{j<i} S_{ij}", lambda: x * np.tril(S, -1).sum(1)),
    (r"\sum_{i<j} S_{ij}", lambda: np.triu(S, 1).sum()),
    (r"\sum_{i=0}^{n-1} x_i", lambda: x.sum()),
    (r"\sum_{i=1}^{n-1} x_{i+1} x_i", lambda: x[1:] @ x[:-1]),
    (r"\sum_{i=2}^n x_i", lambda: x[1:].sum()),
    (r"x_1 x_3", lambda: x[0] * x[2]),
    (r"\prod_i x_i", lambda: x.prod()),
    (r"\max_i x_i", lambda: x.max()),
    (r"\delta_{ij} x_j", lambda: np.diag(x)),
    (r"[i = j]", lambda: np.eye(3)),
    (r"\|X_i - X_j\|^2", lambda: ((X[:, None] - X[None]) ** 2).sum(-1)),
    (r"r_i^T r_j", lambda: r @ r.T),
    (r"H_{iij}", lambda: np.eye(3)),
    (r"(E_{ij})_{ij}", lambda: np.ones((3, 3))),
    (r"x_i^2", lambda: x**2),
    (r"i", lambda: np.arange(1.0, 4)),
    (r"\sum \exp(x)", lambda: np.exp(x).sum()),
    (r"\sum_{ij} S_{ij} T_{ji}", lambda: np.trace(S @ T)),
]


@pytest.mark.parametrize(("line", "expected"), INDEXED, ids=[line for line, _ in INDEXED])
def test_index_notation(line: str, expected: Callable[[], Any]) -> None:
    np.testing.assert_allclose(value(meaning_of(line)), expected(), rtol=1e-12, atol=1e-14)


def test_single_entry_matrices_have_one_entry() -> None:
    found = value(meaning_of(r"E_{ij} S"))
    np.testing.assert_allclose(found, [[E(i, j) @ S for j in range(3)] for i in range(3)])


EINSTEIN: list[tuple[str, Callable[[], Any]]] = [
    (r"S_{ij} x_j", lambda: S @ x),
    (r"S_{ii}", lambda: np.trace(S)),
    (r"\delta_{ii}", lambda: 3.0),
    (r"(S_{ik} + S_{ki}) x_k", lambda: S @ x + S.T @ x),
    (r"S_{ij} T_{ji}", lambda: np.trace(S @ T)),
    (r"x_i x_j", lambda: np.outer(x, x)),
    (r"\exp(x_i x_i) y_j", lambda: np.exp(x @ x) * y),
    (r"\frac{x_i}{\sqrt{x_j x_j}}", lambda: x / np.linalg.norm(x)),
    (r"S^{-1}_{ij} x_j", lambda: INV @ x),
]


@pytest.mark.parametrize(("line", "expected"), EINSTEIN, ids=[line for line, _ in EINSTEIN])
def test_summation_convention(line: str, expected: Callable[[], Any]) -> None:
    np.testing.assert_allclose(value(meaning_of(line, sums="einstein")), expected(), rtol=1e-12, atol=1e-14)


DERIVATIVES: list[tuple[str, str | None, str | None, Callable[[], Any]]] = [
    (r"\frac{\partial}{\partial x_k} \sum_i x_i^3", "x_k", None, lambda: 3 * x**2),
    (r"\frac{\partial}{\partial x_i} \sum_i x_i^3", "x_i", None, lambda: 3 * x**2),
    (r"\frac{\partial X_{ip}}{\partial X_{jq}}", "X_{jq}", None, lambda: np.einsum("ij,pq->ijpq", np.eye(3), np.eye(2))),
    (r"\frac{\partial x^T S x}{\partial x}", "x", "variable", lambda: (S + S.T) @ x),
    (r"\nabla_S \operatorname{tr}(S T)", "S", "variable", lambda: T.T),
    (r"\frac{\partial \operatorname{tr}(S T)}{\partial S}", "S", "numerator", lambda: T),
    (r"\frac{\partial A z}{\partial z}", "z", "numerator", lambda: A),
    (r"\frac{\partial A z}{\partial z}", "z", "denominator", lambda: A.T),
    (r"\frac{\partial^2 x^T S x}{\partial x \partial x^T}", "x", None, lambda: S + S.T),
    (r"\left.\frac{\partial}{\partial c}\|x + c y\|^2\right|_{c=0}", "c", None, lambda: 2 * x @ y),
    (r"\frac{\partial \log\det S}{\partial S}", "S", "variable", lambda: INV.T),
]


@pytest.mark.parametrize(("line", "wrt", "layout", "expected"), DERIVATIVES, ids=[f"{d[0]} {d[2]}" for d in DERIVATIVES])
def test_derivatives(line: str, wrt: str | None, layout: str | None, expected: Callable[[], Any]) -> None:
    np.testing.assert_allclose(value(meaning_of(line, wrt=wrt, layout=layout)), expected(), rtol=1e-12, atol=1e-14)


def test_differentials_move_the_variable_and_what_is_made_of_it() -> None:
    direction = rng.normal(size=(3, 3))
    made = meaning_of(r"dG", r"G = S^T S", wrt="S", layout="differential")
    np.testing.assert_allclose(value(made, dS=direction), direction.T @ S + S.T @ direction)


def test_the_prime_of_a_defined_function() -> None:
    made = meaning_of(r"f'(x_i)", r"f(c) = c^3 + c")
    np.testing.assert_allclose(value(made), 3 * x**2 + 1)


def test_the_prime_of_a_function_of_an_array() -> None:
    by_entries = meaning_of(r"f'(x)", r"f(c) = \exp(-c)")
    np.testing.assert_allclose(value(by_entries), -np.exp(-x))
    gradient = meaning_of(r"f'(x)", r"f(u) = \|u\|")
    np.testing.assert_allclose(value(gradient), x / np.linalg.norm(x))
    with pytest.raises(Inexpressible, match="neither a number nor taken entry by entry"):
        meaning_of(r"f'(x)", r"f(u) = \frac{u}{\|u\|}")


@pytest.mark.parametrize("body", ["h(c)^2", "z^2"])
def test_a_function_is_read_again_with_its_argument_in_all_that_it_uses(body: str) -> None:
    definitions = ("h(c) = c + 1", "z = c + 1", f"f(c) = {body}")
    np.testing.assert_allclose(value(meaning_of("f(2)", *definitions)), 9.0)
    np.testing.assert_allclose(value(meaning_of("f'(3)", *definitions)), 8.0)


def test_a_partial_derivative_by_a_name_holds_the_other_names() -> None:
    made = meaning_of(r"\frac{\partial L}{\partial u_k}", r"u_i = \exp(x_i)", r"L = \sum_i u_i^2 x_i")
    np.testing.assert_allclose(value(made), 2 * np.exp(x) * x)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("A x", "product of an array of n x m and a column of n"),
        ("x + z", "sum of a column of n and a column of m"),
        ("x^T z", "product of a row of n and a column of m"),
        ("S + c", "sum of an array of n x n and a number"),
        ("\\operatorname{tr}(A)", "the trace of an array of n x m"),
        ("A_{ij}", "the index j ranges over n, the axis over m"),
    ],
)
def test_what_does_not_fit_is_said(line: str, says: str) -> None:
    with pytest.raises(IllTyped, match=says):
        meaning_of(line)


@pytest.mark.parametrize("line", [r"(A A^T + S)^{1/2}", r"\|A\|_2"])
def test_what_has_no_word_is_refused(line: str) -> None:
    with pytest.raises(Inexpressible):
        meaning_of(line)
