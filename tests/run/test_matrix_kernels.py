"""Compiled kernels with functions of a matrix: against NumPy, in both precisions, at singular matrices, and what they carry."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tensorderiv.emit import emit
from tensorderiv.language import read
from tensorderiv.run import compile_program

TEXT = """tensor A[n,n], x[n]
L = sum_{i,j} x_i inv(A)_ij x_j + logdet(A) + det(A)"""


@pytest.fixture(scope="module")
def module() -> Any:
    return compile_program(read(TEXT), "unseen_matrix")


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("size", [1, 2, 20])
def test_value_and_gradient(module: Any, size: int, dtype: type) -> None:
    rng = np.random.default_rng(size)
    A = (np.eye(size) + 0.3 * rng.normal(size=(size, size)) / size)[::-1][::-1].astype(dtype)
    x = rng.normal(size=size).astype(dtype)
    value, (by_matrix, by_vector) = module.value_and_grad(A, x)
    exact, y = A.astype(float), x.astype(float)
    inverse, det = np.linalg.inv(exact), np.linalg.det(exact)
    close: dict[str, float] = {"rtol": 1e-10, "atol": 1e-12} if dtype is np.float64 else {"rtol": 1e-4, "atol": 1e-5}
    np.testing.assert_allclose(value, y @ inverse @ y + np.log(det) + det, **close)
    np.testing.assert_allclose(by_matrix, -np.outer(inverse.T @ y, inverse @ y) + (1 + det) * inverse.T, **close)
    np.testing.assert_allclose(by_vector, (inverse + inverse.T) @ y, **close)
    assert by_matrix.dtype == dtype


def test_rows_are_exchanged_where_a_pivot_is_zero(module: Any) -> None:
    A = np.array([[0.0, 0.0, 2.0], [3.0, 0.0, 0.0], [0.0, 5.0, 0.0]])
    x = np.array([1.0, 2.0, 3.0])
    np.testing.assert_allclose(module.value(A, x), x @ np.linalg.inv(A) @ x + np.log(30.0) + 30.0)
    assert np.isnan(module.value(A[[1, 0, 2]], x)), "the determinant is negative"


def test_a_singular_matrix(module: Any) -> None:
    value, (by_matrix, _) = module.value_and_grad(np.array([[1.0, 2.0], [2.0, 4.0]]), np.ones(2))
    assert np.isnan(value) and np.isnan(by_matrix).all()


def test_what_is_no_number_stays_none(module: Any) -> None:
    assert np.isnan(module.value(np.array([[0.0, 1.0], [np.nan, 0.0]]), np.ones(2)))


def test_only_what_is_used_is_carried() -> None:
    def helpers(text: str) -> list[str]:
        source = emit(read(text), "case")
        return [name for name in ("_det", "_inv", "_logdet", "_lu") if f"def {name}(" in source]

    assert helpers("tensor A[n,n]\nL = sum_{i,j} A_ij^2") == []
    assert helpers("tensor A[n,n]\nK_ij = inv(A)_ij") == ["_inv", "_lu"]
    assert helpers("tensor A[n,n]\nL = det(A)") == ["_det", "_inv", "_lu"]


def test_what_it_costs_is_told(module: Any) -> None:
    told = {entry["name"]: entry for entry in module.kernels(n=10)}
    assert told["value"]["flops"] >= 3 * 10**3 and told["value"]["largest_temporary"] == 8 * 10**2
