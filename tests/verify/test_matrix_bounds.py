"""Judging functions of a matrix: bounds that cover rounding and are of use, samples that can be inverted, oracles."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tensorderiv.algebra.evaluate import evaluate_program, mp
from tensorderiv.language import read
from tensorderiv.verify.brute import Reference
from tensorderiv.verify.matrix_error import take_apart
from tensorderiv.verify.oracles import Oracle
from tensorderiv.verify.samples import assumption_for, samples
from tests.support.matrices import DEFINITIONS, arrays_of

TEXTS = ["tensor A[n,n]\nK_ij = inv(A)_ij", "tensor A[n,n]\nL = det(A)", "tensor A[n,n]\nL = logdet(A)"]


def hilbert(size: int) -> Any:
    return np.array([[1 / (i + j + 1) for j in range(size)] for i in range(size)])


@pytest.mark.parametrize("size", [1, 3, 5])
@pytest.mark.parametrize("text", TEXTS)
def test_bounds_cover_rounding_in_badly_conditioned_matrices_too(text: str, size: int) -> None:
    program, arrays = read(text, "case"), {"A": hilbert(size)}
    exact = evaluate_program(program, arrays, mp(60)).astype(float)
    plain = evaluate_program(program, arrays)
    judged = Reference(program, arrays).value()
    assert judged.determined.all()
    assert (np.abs(plain - exact) <= judged.tolerance).all()
    assert (judged.tolerance <= 1e-12 * np.linalg.cond(hilbert(size)) * max(1.0, float(np.abs(exact).max()))).all()


@pytest.mark.parametrize("text", TEXTS)
def test_bounds_of_single_precision_cover_numpy_in_single_precision(text: str) -> None:
    program = read(text, "case")
    matrix = (np.random.default_rng(0).normal(size=(5, 5)) + 6 * np.eye(5)).astype(np.float32)
    judged = Reference(program, {"A": matrix}, np.float32).value()
    name = text.split(" = ")[1].split("(")[0]
    single = {"inv": np.linalg.inv, "det": np.linalg.det, "logdet": lambda a: np.linalg.slogdet(a)[1]}[name](matrix)
    assert (np.abs(single - judged.value) <= judged.tolerance).all()
    assert (judged.tolerance <= 1e-3 * np.abs(judged.value).max()).all()


@pytest.mark.parametrize("text", TEXTS)
def test_nothing_is_claimed_where_rounding_may_have_made_a_matrix_singular(text: str) -> None:
    for matrix in (np.ones((2, 2)), hilbert(14), np.zeros((1, 1)), np.diag([1.0, np.nan])):
        assert not Reference(read(text, "case"), {"A": matrix}).value().determined.any()


def test_a_matrix_is_taken_apart_only_where_it_is_safe() -> None:
    assert take_apart(np.eye(2), np.zeros((2, 2)), 1e-16) is not None
    assert take_apart(np.eye(2), np.full((2, 2), 0.3), 1e-16) is None


@pytest.mark.parametrize(
    ("library", "name"),
    [("autograd", "marginal likelihood"), ("autograd", "volume"), ("jax", "named inverse")],
)
def test_the_oracles_agree_with_the_reference(library: str, name: str) -> None:
    program = read(DEFINITIONS[name], "case")
    arrays = arrays_of(program, {"n": 3, "d": 2})
    wrt = [item.tensor.name for item in program.inputs]
    oracle = Oracle(program, library)
    np.testing.assert_allclose(oracle.value(arrays), evaluate_program(program, arrays), rtol=1e-11)
    for variable, found in zip(wrt, oracle.gradient(arrays, wrt), strict=True):
        meant = Reference(program, arrays).vjp(variable, np.float64(1.0))  # type: ignore[arg-type]
        np.testing.assert_allclose(found, meant.value, rtol=1e-9, atol=1e-11)
    if library == "jax":
        return  # slow to compile; the first derivatives say that its functions are the right ones
    first = wrt[0]
    tangent = np.random.default_rng(1).normal(size=np.shape(arrays[first]))
    np.testing.assert_allclose(
        oracle.hvp(arrays, first, tangent), Reference(program, arrays).hvp(first, tangent).value, rtol=1e-8, atol=1e-9
    )


def test_an_oracle_meets_a_singular_matrix_without_an_error() -> None:
    arrays = {"A": np.ones((2, 2))}
    assert np.isnan(Oracle(read(TEXTS[0])).value(arrays)).all()
    assert Oracle(read(TEXTS[1])).value(arrays) == 0
    assert Oracle(read(TEXTS[2])).value(arrays) == -np.inf


def test_samples_can_be_inverted() -> None:
    program = read("tensor A[n,n], B[n,n] symmetric\nL = logdet(A) + logdet(B)")
    assumption = assumption_for(program)
    assert "A: diagonally dominant; B: diagonally dominant" in assumption.words
    general = next(iter(samples(program, assumption)))
    for matrix in general.arrays.values():
        assert np.linalg.cond(matrix) < 100 and np.linalg.det(matrix) > 0
