"""Entries against SciPy's own functions on fresh random input."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.interpolate import RBFInterpolator
from scipy.spatial.distance import cdist
from scipy.special import kl_div, rel_entr, xlogy
from scipy.stats import pearsonr

import tensorderiv as td
from tests.catalog.agreement import excess, fresh

Function = Callable[[dict[str, Any]], Any]


def metric(name: str, **parameters: str) -> Function:
    """cdist of X by SciPy's metric; `parameters` are SciPy's name of a parameter and ours."""
    return lambda a: cdist(a["X"], a["X"], name, **{theirs: a[ours] for theirs, ours in parameters.items()})


def pairs(function: Callable[[Any, Any], Any]) -> Function:
    """A function of two vectors at all pairs of rows."""
    return lambda a: np.array([[function(x, y) for y in a["X"]] for x in a["X"]])


def squares(a: dict[str, Any]) -> Any:
    return cdist(a["X"], a["X"], "sqeuclidean")


FUNCTIONS: dict[str, Function] = {
    "euclidean": metric("euclidean"),
    "sqeuclidean": metric("sqeuclidean"),
    "sqeuclidean_columns": lambda a: cdist(a["X"].T, a["X"].T, "sqeuclidean"),
    "seuclidean": metric("seuclidean", V="V"),
    "weighted_sqeuclidean": metric("sqeuclidean", w="w"),
    "cityblock": metric("cityblock"),
    "chebyshev": metric("chebyshev"),
    "minkowski": metric("minkowski", p="p"),
    "lp_power_sum": lambda a: metric("minkowski", p="p")(a) ** a["p"],
    "weighted_minkowski": metric("minkowski", p="p", w="w"),
    "mahalanobis": metric("mahalanobis", VI="M"),
    "weighted_sqdist_full": lambda a: metric("mahalanobis", VI="M")(a) ** 2,
    "canberra": metric("canberra"),
    "braycurtis": metric("braycurtis"),
    "cosine": metric("cosine"),
    "cosine_similarity": lambda a: 1 - metric("cosine")(a),
    "weighted_cosine": metric("cosine", w="w"),
    "geodesic": lambda a: np.arccos(np.clip(1 - metric("cosine")(a), -1, 1)),
    "correlation": metric("correlation"),
    "pearson_similarity": pairs(lambda x, y: pearsonr(x, y).statistic),
    "kullback_leibler": pairs(lambda x, y: rel_entr(x, y).sum()),
    "generalized_kl": pairs(lambda x, y: kl_div(x, y).sum()),
    "jensen_shannon_distance": metric("jensenshannon"),
    "jensen_shannon_divergence": lambda a: metric("jensenshannon")(a) ** 2,
    "rbf": lambda a: np.exp(-a["gamma"] * squares(a)),
    "gaussian_kernel_keops": lambda a: np.exp(-squares(a) / a["sigma"] ** 2),
    "laplacian_kernel_l2": lambda a: np.exp(-metric("euclidean")(a) / a["sigma"]),
    "cauchy_kernel": lambda a: 1 / (1 + squares(a) / a["sigma"] ** 2),
    "inverse_multiquadric_kernel": lambda a: 1 / np.sqrt(1 + squares(a) / a["sigma"] ** 2),
    "rbf_linear": lambda a: -a["epsilon"] * metric("euclidean")(a),
    "rbf_cubic": lambda a: (a["epsilon"] * metric("euclidean")(a)) ** 3,
    "rbf_thin_plate_spline": lambda a: xlogy(a["epsilon"] ** 2 * squares(a), a["epsilon"] * metric("euclidean")(a)),
    "rbf_multiquadric": lambda a: -np.sqrt(1 + a["epsilon"] ** 2 * squares(a)),
    "student_t_kernel": lambda a: (1 + squares(a) / a["nu"]) ** (-(a["nu"] + 1) / 2),
    "umap_low_dim_kernel": lambda a: 1 / (1 + a["a"] * squares(a) ** a["b"]),
}

GIVEN: dict[str, dict[str, Any]] = {"weighted_sqdist_full": {"M": np.eye(4) + 0.3}}
"""Inputs that a function takes only part of: mahalanobis takes a root."""


@pytest.mark.parametrize("name", FUNCTIONS)
def test_values(name: str) -> None:
    arrays = fresh(name, **GIVEN.get(name, {}))
    assert excess(FUNCTIONS[name](arrays), name, arrays) <= 1


@pytest.mark.parametrize(
    ("kernel", "name", "parameter"),
    [
        ("linear", "rbf_linear", lambda e: {"epsilon": e}),
        ("thin_plate_spline", "rbf_thin_plate_spline", lambda e: {"epsilon": e}),
        ("cubic", "rbf_cubic", lambda e: {"epsilon": e}),
        ("multiquadric", "rbf_multiquadric", lambda e: {"epsilon": e}),
        ("inverse_multiquadric", "inverse_multiquadric_kernel", lambda e: {"sigma": 1 / e}),
        ("inverse_quadratic", "cauchy_kernel", lambda e: {"sigma": 1 / e}),
        ("gaussian", "rbf", lambda e: {"gamma": e**2}),
    ],
)
def test_radial_basis_functions(kernel: str, name: str, parameter: Callable[[float], dict[str, float]]) -> None:
    """RBFInterpolator at a point x is k(x)' K^-1 v, with K between its nodes and k(x) from x to them; both are blocks of ours."""
    rng = np.random.default_rng(1)
    nodes, points, values, epsilon = rng.normal(size=(4, 3)), rng.normal(size=(3, 3)), rng.normal(size=4), 0.8
    table = td.catalog[name].evaluate(X=np.vstack([nodes, points]), **parameter(epsilon))
    inside, across = table[:4, :4], table[4:, :4]
    found = RBFInterpolator(nodes, values, kernel=kernel, epsilon=epsilon, degree=-1)(points)
    bound = (
        4
        * 4
        * np.finfo(float).eps
        * np.linalg.cond(inside)
        * np.abs(across).max()
        * np.abs(np.linalg.solve(inside, values)).sum()
    )
    assert np.abs(across @ np.linalg.solve(inside, values) - found).max() <= bound


def test_a_difference_is_seen() -> None:
    """One part in 10^9 is no rounding."""
    arrays = fresh("euclidean")
    assert excess(FUNCTIONS["euclidean"](arrays) * (1 + 1e-9), "euclidean", arrays) > 1
