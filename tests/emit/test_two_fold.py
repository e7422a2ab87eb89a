"""Linear maps of differences of points, and gradients by the map: as good as subtracting first, far from the origin too."""

from __future__ import annotations

from fractions import Fraction
from types import ModuleType

import numba
import numpy as np
import pytest

from tensorderiv.emit import emit
from tensorderiv.language import read
from tensorderiv.run import load_source

DEFINITION = """
tensor X[n,d], Y[m,d], M[d,d]
D_ij = sum_p sum_q (X_ip - Y_jp) M_pq (X_iq - Y_jq)
"""


@pytest.fixture(scope="module")
def quadratic() -> ModuleType:
    source = emit(read(DEFINITION), "quadratic")
    assert "_two_fold(" in source
    return load_source(source, "quadratic")


@pytest.mark.parametrize(("offset", "spread"), [(0.0, 1.0), (1e6, 1.0), (1e6, 1e-3)])
def test_values_and_gradients_far_from_the_origin(quadratic: ModuleType, offset: float, spread: float) -> None:
    rng = np.random.default_rng(3)
    X, Y = (offset + spread * rng.normal(size=(rows, 5)) for rows in (7, 9))
    Y[4] = X[2]
    M, W = rng.normal(size=(5, 5)), rng.normal(size=(7, 9))
    Z = X.astype(np.longdouble)[:, None] - Y.astype(np.longdouble)
    D = np.einsum("ijp,pq,ijq->ij", Z, M.astype(np.longdouble), Z)
    scale = np.einsum("ijp,pq,ijq->ij", abs(Z), abs(M).astype(np.longdouble), abs(Z))
    found = quadratic.pairwise(X, Y, M=M)
    assert found[2, 4] == 0.0
    assert np.max(abs(found - D)[scale > 0] / scale[scale > 0]) < 8 * np.finfo(float).eps
    gradient = np.einsum("ij,pq,ijq->ip", W.astype(np.longdouble), (M + M.T).astype(np.longdouble), Z)
    np.testing.assert_allclose(quadratic.vjp(X, Y, W, M=M)[0], gradient.astype(float), rtol=0, atol=1e-14 * abs(gradient).max())


def test_one_float_would_not_do() -> None:
    """The same tables without their second floats lose nine digits: the test above can fail."""
    rng = np.random.default_rng(3)
    X, Y, M = 1e6 + 1e-3 * rng.normal(size=(7, 5)), 1e6 + 1e-3 * rng.normal(size=(9, 5)), rng.normal(size=(5, 5))
    Z = X[:, None] - Y
    exact = np.einsum("ijp,pq,ijq->ij", Z, M, Z)
    one = np.einsum("ijp,ijp->ij", Z, (X @ M.T)[:, None] - Y @ M.T)
    assert np.max(abs(one - exact) / abs(exact)) > 1e-8


def test_huge_entries_stay_what_they_are(quadratic: ModuleType) -> None:
    X = np.array([[1e300, 0.0], [np.inf, 1.0], [1.0, 2.0]])
    with np.errstate(all="ignore"):
        D = quadratic.pairwise(X, X, M=np.eye(2))
    assert np.isinf(D[0, 2]) and D[2, 2] == 0.0 and D[0, 0] == 0.0


def exact_gradient(X: np.ndarray, Y: np.ndarray, W: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """sum_ij W_ij z_ijp z_ijq with z = x_i - y_j in rationals; the sum of its absolute terms; and the bound of `passes/apart`."""
    x, y, w = (np.vectorize(Fraction, otypes=[object])(a.astype(float)) for a in (X, Y, W))
    z = x[:, None] - y
    middle = x.mean(axis=0)
    reach = abs(x - middle)[:, None] + abs(y - middle)
    terms = [(abs(w)[:, :, None, None] if k else w[:, :, None, None]) * a[..., None] * b[..., None, :] for k, a, b in (
        (0, z, z), (1, abs(z), abs(z)), (1, reach, abs(z))
    )]  # fmt: skip
    gradient, size, bound = (term.sum(axis=(0, 1)) for term in terms)
    return gradient, size, (len(x) + len(y)) * bound


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize(("offset", "spread"), [(0.0, 1.0), (1e6, 1.0), (1e6, 1e-3), (-1e6, 100.0)])
def test_the_gradient_by_the_matrix(quadratic: ModuleType, offset: float, spread: float, dtype: type) -> None:
    """An offset costs nothing: the error is that of centred points, and here about that of the pairs one by one."""
    rng = np.random.default_rng(5)
    X, Y = ((offset + spread * rng.normal(size=(rows, 5))).astype(dtype) for rows in (7, 9))
    Y[4] = X[2]
    M, W = (rng.normal(size=shape).astype(dtype) for shape in ((5, 5), (7, 9)))
    gradient, size, bound = exact_gradient(X, Y, W)
    error = abs(np.vectorize(Fraction, otypes=[object])(quadratic.vjp(X, Y, W, M=M, wrt="M").astype(float)) - gradient)
    eps = Fraction(float(np.finfo(dtype).eps))
    assert (error <= bound * eps).all()
    assert (error <= 8 * size * eps).all()


def test_without_the_mean_it_would_not_do() -> None:
    """The same two products of points that are not centred: the test above can fail."""
    rng = np.random.default_rng(5)
    X, Y, W = 1e6 + rng.normal(size=(7, 5)), 1e6 + rng.normal(size=(9, 5)), rng.normal(size=(7, 9))
    z = X[:, None] - Y
    R, Q = np.einsum("ij,ijq->iq", W, z), np.einsum("ij,ijq->jq", W, z)
    gradient, _, bound = exact_gradient(X, Y, W)
    error = abs(X.T @ R - Y.T @ Q - gradient.astype(float))
    assert (error > 1e4 * bound.astype(float) * np.finfo(float).eps).any()


def test_the_same_bits_for_any_number_of_threads(quadratic: ModuleType) -> None:
    rng = np.random.default_rng(7)
    X, Y, M, W = (rng.normal(size=shape) for shape in ((150, 70), (160, 70), (70, 70), (150, 160)))
    found, before = set(), numba.get_num_threads()
    try:
        for threads in (1, min(2, numba.config.NUMBA_NUM_THREADS), numba.config.NUMBA_NUM_THREADS):
            numba.set_num_threads(threads)
            found.add(b"".join(g.tobytes() for g in quadratic.vjp(X, Y, W, M=M, wrt=("X", "Y", "M"))))
    finally:
        numba.set_num_threads(before)
    assert len(found) == 1
    z = X[:, None] - Y
    np.testing.assert_allclose(quadratic.vjp(X, Y, W, M=M, wrt="M"), np.einsum("ij,ijp,ijq->pq", W, z, z), rtol=0, atol=1e-9)
