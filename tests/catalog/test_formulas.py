"""Entries that no package returns as they are, against the formula written with NumPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from scipy.special import log_softmax

import tensorderiv as td
from tests.catalog.agreement import excess, fresh, gradient_excess, off_diagonal


def angle(u: Any, v: Any) -> Any:
    return np.arccos(np.sum(u * v, axis=1) / np.linalg.norm(u, axis=1) / np.linalg.norm(v, axis=1))


def npairs(X: Any, Y: Any, t: Any) -> Any:
    return -np.diag(log_softmax((1 - cdist(X, Y, "cosine")) / t, axis=1)).mean()


def mds_stress(X: Any, Delta: Any) -> Any:
    return np.sum(np.triu(cdist(X, X) - Delta, 1) ** 2)


def triplet(A: Any, P: Any, N: Any, alpha: Any) -> Any:
    return np.maximum(0, np.sum((A - P) ** 2, axis=1) - np.sum((A - N) ** 2, axis=1) + alpha).sum()


def triplet_geodesic(A: Any, P: Any, N: Any, alpha: Any) -> Any:
    return np.maximum(0, angle(A, P) - angle(A, N) + alpha).sum()


def umap_cross_entropy(v: Any, E: Any, a: Any, b: Any) -> Any:
    off = ~np.eye(len(E), dtype=bool)
    w, v = (1 / (1 + a * cdist(E, E, "sqeuclidean") ** b))[off], v[off]
    return -np.sum(v * np.log(w) + (1 - v) * np.log1p(-w))


@pytest.mark.parametrize(
    ("name", "formula"),
    [(function.__name__, function) for function in (npairs, mds_stress, triplet, triplet_geodesic, umap_cross_entropy)],
)
def test_values(name: str, formula: Callable[..., Any]) -> None:
    arrays = fresh(name)
    assert excess(formula(**arrays), name, arrays) <= 1


@pytest.mark.parametrize(
    ("name", "variable"),
    [
        ("student_t_kernel", "X_uv"),
        ("umap_low_dim_kernel", "X_uv"),
        ("umap_cross_entropy", "E_yz"),
        ("umap_cross_entropy", "v_uy"),
    ],
)
def test_derivations(name: str, variable: str) -> None:
    """By their last line; other entries are told by recorded gradients, or among the derivations that are written."""
    arrays = fresh(name)
    found = td.catalog[name].derive(variable).evaluate(**arrays)
    weights = off_diagonal(found.shape[:2]) if found.ndim == 4 else np.ones(())
    assert gradient_excess(np.tensordot(weights, found, axes=weights.ndim), name, arrays, variable[0]) <= 1


def test_npairs_where_all_agree() -> None:
    """The loss of n equal pairs is log n."""
    ones = np.ones((7, 3))
    arrays = {"X": ones, "Y": ones, "t": np.asarray(1.0)}
    assert excess(np.log(7), "npairs", arrays) <= 1
