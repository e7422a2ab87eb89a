"""Entries against faiss and simsimd, which compute in float32, and against KeOps; and where simsimd is wrong in float64."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import faiss
import numpy as np
import pytest
import simsimd

import tensorderiv as td
from tensorderiv.verify.draw import normal
from tests.catalog.agreement import excess, fresh

Arrays = dict[str, Any]

METRICS: dict[str, tuple[int, Callable[[Any], Any]]] = {
    "sqeuclidean": (faiss.METRIC_L2, lambda d: d),
    "cityblock": (faiss.METRIC_L1, lambda d: d),
    "chebyshev": (faiss.METRIC_Linf, lambda d: d),
    "lp_power_sum": (faiss.METRIC_Lp, lambda d: d),
    "canberra": (faiss.METRIC_Canberra, lambda d: d),
    "braycurtis": (faiss.METRIC_BrayCurtis, lambda d: d),
    "jensen_shannon_raw": (faiss.METRIC_JensenShannon, lambda d: d),
    "jaccard_weighted": (faiss.METRIC_Jaccard, lambda d: d),
    "inner_product": (faiss.METRIC_INNER_PRODUCT, lambda d: d),
    "nan_euclidean": (faiss.METRIC_NaNEuclidean, np.sqrt),
}
"""Entry -> faiss's metric, and what turns it into ours."""


@pytest.mark.parametrize("name", METRICS)
def test_faiss(name: str) -> None:
    metric, turned = METRICS[name]
    given = {"m": [1.0, 0.0, 1.0, 1.0]} if name == "nan_euclidean" else {}
    a = fresh(name, normal, np.float32, **given)
    X = np.where(a["m"] == 1, a["X"], np.nan).astype(np.float32) if "m" in a else a["X"]
    found = faiss.pairwise_distances(X, X, metric, a["p"].item() if "p" in a else 0)
    assert excess(turned(found), name, a, np.float32) <= 1


SIMSIMD: dict[str, Callable[[Any, Any, Arrays], Any]] = {
    "euclidean": lambda x, y, a: simsimd.euclidean(x, y),
    "sqeuclidean": lambda x, y, a: simsimd.sqeuclidean(x, y),
    "inner_product": lambda x, y, a: simsimd.dot(x, y),
    "mahalanobis": lambda x, y, a: simsimd.mahalanobis(x, y, a["M"]),
    "bilinear_form": lambda x, y, a: simsimd.bilinear(x, y, a["A"]),
}


@pytest.mark.parametrize("name", SIMSIMD)
def test_simsimd(name: str) -> None:
    a = fresh(name, normal, np.float32)
    found = [[SIMSIMD[name](x, y, a) for y in a["X"]] for x in a["X"]]
    assert excess(found, name, a, np.float32) <= 1


DIVERGENCES = [("kullback_leibler", simsimd.kullbackleibler), ("jensen_shannon_distance", simsimd.jensenshannon)]


@pytest.mark.parametrize(("name", "function"), DIVERGENCES)
def test_divergences_of_simsimd_are_wrong_in_float64(name: str, function: Callable[..., float]) -> None:
    X = fresh(name)["X"]
    X = X / X.sum(axis=1, keepdims=True)
    truth = td.catalog[name].evaluate(X=X)[0, 1]
    assert abs(function(X[0], X[1]) - truth) > 0.01 * truth


def test_the_logarithm_of_simsimd_is_rough_in_float32() -> None:
    """More than rounding, but no other formula: the divergence of a point from itself is a few 10^-6, below 0."""
    X = fresh("kullback_leibler", dtype=np.float32)["X"]
    itself = np.array([simsimd.kullbackleibler(x, x) for x in X])
    assert (itself < 0).any()
    found = np.array([[simsimd.kullbackleibler(x, y) for y in X] for x in X])
    difference = np.abs(found - td.catalog["kullback_leibler"].evaluate(X=X.astype(float))).max()
    assert np.abs(itself).max() / 4 < difference < 4 * np.abs(itself).max()


KEOPS: dict[str, str] = {
    "gaussian_kernel_keops": "gaussian",
    "laplacian_kernel_l2": "laplacian",
    "cauchy_kernel": "cauchy",
    "inverse_multiquadric_kernel": "inverse_multiquadric",
}


@pytest.mark.parametrize("name", KEOPS)
def test_keops(name: str) -> None:
    """The formulas by which KeOps checks itself, in NumPy: nothing has to be compiled."""
    from pykeops.numpy.utils import np_kernel

    a = fresh(name)
    assert excess(np_kernel(a["X"], a["X"], a["sigma"].item(), KEOPS[name]), name, a) <= 1
