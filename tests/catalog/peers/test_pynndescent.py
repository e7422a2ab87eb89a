"""Entries against pynndescent, which takes most of its distances in float32."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from pynndescent import distances as theirs

from tensorderiv.verify.draw import Drawer, normal, positive
from tests.catalog.agreement import excess, fresh

LARGEST = np.finfo(np.float32).max

FUNCTIONS: dict[str, tuple[Callable[..., Any], tuple[str, ...]]] = {
    "euclidean": (theirs.euclidean, ()),
    "sqeuclidean": (theirs.squared_euclidean, ()),
    "seuclidean": (theirs.standardised_euclidean, ("V",)),
    "cityblock": (theirs.manhattan, ()),
    "chebyshev": (theirs.chebyshev, ()),
    "minkowski": (theirs.minkowski, ("p",)),
    "weighted_minkowski": (theirs.weighted_minkowski, ("w", "p")),
    "mahalanobis": (theirs.mahalanobis, ("M",)),
    "canberra": (theirs.canberra, ()),
    "braycurtis": (theirs.bray_curtis, ()),
    "cosine": (theirs.cosine, ()),
    "correlation": (theirs.correlation, ()),
    "haversine": (theirs.haversine, ()),
    "hellinger": (theirs.hellinger, ()),
    "dot_distance": (theirs.dot, ()),
    "inner_product": (lambda x, y: -theirs.inner_product(x, y), ()),
    "alternative_cosine": (theirs.alternative_cosine, ()),
    "alternative_inner_product": (theirs.alternative_inner_product, ()),
    "true_angular": (theirs.true_angular, ()),
}
"""Entry -> pynndescent's function, and our names of its further arguments."""

ASSUMED: dict[str, Drawer] = dict.fromkeys(("alternative_cosine", "alternative_inner_product", "true_angular"), positive)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_values(name: str) -> None:
    function, further = FUNCTIONS[name]
    a = fresh(name, ASSUMED.get(name, normal), np.float32)
    rows = list(a["X"])
    others = [a[key] if a[key].ndim else a[key].item() for key in further]
    found = [[0.0 if i == j else function(x.copy(), y.copy(), *others) for j, y in enumerate(rows)] for i, x in enumerate(rows)]
    assert excess(found, name, a, np.float32) <= 1


@pytest.mark.parametrize(
    ("name", "function"),
    [("jeffreys", theirs.symmetric_kl_divergence), ("jensen_shannon_divergence", theirs.jensen_shannon_divergence)],
)
def test_divergences(name: str, function: Callable[..., Any]) -> None:
    """pynndescent adds the eps of float32 to every entry before it normalises."""
    a = fresh(name, dtype=np.float32)
    found = [[function(x.copy(), y.copy()) for y in a["X"]] for x in a["X"]]
    assert excess(found, name, {"X": a["X"] + np.finfo(np.float32).eps}, np.float32) <= 1


def test_true_angular_is_a_similarity() -> None:
    """Its documentation says 0 for equal directions; it is 1, and falls with the angle."""
    x, near, far = np.array([[1, 0], [1, 0.1], [1, 2]], dtype=np.float32)
    assert theirs.true_angular(x, 2 * x) == 1
    assert theirs.true_angular(x, near) > theirs.true_angular(x, far)


@pytest.mark.parametrize("function", [theirs.true_angular, theirs.alternative_cosine, theirs.alternative_inner_product])
def test_obtuse_angles(function: Callable[..., Any]) -> None:
    """Where <x, y> is negative the largest float32 stands for infinitely far."""
    x = np.array([1, 2], dtype=np.float32)
    assert function(x, -x) == LARGEST
