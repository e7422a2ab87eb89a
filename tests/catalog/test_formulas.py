"""Entries that no package of the test environment has, or on the side of a condition that no recorded case sees, by NumPy."""

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


def dot_distance(X: Any) -> Any:
    return 1 - np.maximum(0, X @ X.T)


def widths(X: Any, first: int) -> Any:
    return np.abs(X[:, first, None]) + np.abs(X[:, first])


def spherical_gaussian_energy(X: Any) -> Any:
    S = widths(X, 2)
    return cdist(X[:, :2], X[:, :2], "sqeuclidean") / (2 * S) + np.log(2 * np.pi * S)


def diagonal_gaussian_energy(X: Any) -> Any:
    U, V = widths(X, 2), widths(X, 3)
    form = (X[:, 0, None] - X[:, 0]) ** 2 / U + (X[:, 1, None] - X[:, 1]) ** 2 / V
    return (form + np.log(U * V)) / 2 + np.log(2 * np.pi)


def spherical_gaussian(X: Any) -> Any:
    S = np.abs(X[:, 2, None] + X[:, 2])
    return cdist(X[:, :2], X[:, :2], "sqeuclidean") / S + np.log(2 * np.pi * S**2)


def pairwise_distance_eps(X: Any, p: Any, epsilon: Any) -> Any:
    return cdist(X + epsilon, X, "minkowski", p=p)


def normalized_lp(X: Any, p: Any) -> Any:
    unit = X / np.linalg.norm(X, ord=p, axis=1, keepdims=True)
    return cdist(unit, unit, "minkowski", p=p)


def hinge_embedding(x: Any, y: Any, m: Any) -> Any:
    return np.where(y > 0, x, np.maximum(0, m - x)).mean()


def cosine_embedding_negative(x: Any, y: Any, m: Any) -> Any:
    return max(0, 1 - cdist([x], [y], "cosine").item() - m)


def multi_margin(x: Any, t: Any, m: Any, g: Any) -> Any:
    return np.sum(np.delete(np.maximum(0, m - x[t] + x), t) ** g) / len(x)


def triplet_margin_torch(x: Any, y: Any, z: Any, m: Any, epsilon: Any) -> Any:
    return max(0, np.linalg.norm(x - y + epsilon) - np.linalg.norm(x - z + epsilon) + m)


def arcface(c: Any, E: Any, W: Any, s: Any, m: Any) -> Any:
    logits = 1 - cdist(E, W, "cosine")
    own = np.arange(len(E)), c
    angles = np.arccos(logits[own])
    logits[own] = np.where(angles <= np.pi - m, np.cos(angles + m), logits[own] - m * np.sin(m))
    return -log_softmax(s * logits, axis=1)[own].mean()


FORMULAS: tuple[tuple[Callable[..., Any], dict[str, Any]], ...] = (
    (npairs, {}),
    (mds_stress, {}),
    (triplet, {}),
    (triplet_geodesic, {}),
    (umap_cross_entropy, {}),
    (dot_distance, {}),
    (spherical_gaussian_energy, {}),
    (diagonal_gaussian_energy, {}),
    (spherical_gaussian, {}),
    (pairwise_distance_eps, {"p": 3.0}),
    (normalized_lp, {"p": 3.0}),
    (hinge_embedding, {"x": [0.2, 0.9, -0.5, 1.4], "y": [1.0, -1.0, -1.0, -1.0], "m": 0.5}),
    (cosine_embedding_negative, {"m": 0.99}),
    (cosine_embedding_negative, {"m": -0.99}),
    (multi_margin, {"x": [0.2, 0.9, -0.5, 1.4], "t": 1, "m": 0.6, "g": 1.0}),
    (triplet_margin_torch, {"m": -9.0}),
    (triplet_margin_torch, {"m": 9.0}),
    (arcface, {"m": 2.0}),
)
"""A formula, and given inputs where both sides of a condition are to be seen: recorded cases see one side."""


@pytest.mark.parametrize(("formula", "given"), FORMULAS, ids=lambda part: getattr(part, "__name__", None))
def test_values(formula: Callable[..., Any], given: dict[str, Any]) -> None:
    arrays = fresh(formula.__name__, **given)
    assert excess(formula(**arrays), formula.__name__, arrays) <= 1


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
