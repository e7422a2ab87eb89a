"""Linear maps of differences of points, read from tables in two floats: as good as subtracting first, far from the origin too."""

from __future__ import annotations

from types import ModuleType

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
