"""Entries against scikit-learn's own functions on fresh random input; where scikit-learn is wrong a test says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.spatial.distance import squareform
from sklearn.gaussian_process.kernels import RBF, DotProduct, Matern, RationalQuadratic
from sklearn.manifold._t_sne import _kl_divergence
from sklearn.metrics import pairwise
from sklearn.neighbors import NeighborhoodComponentsAnalysis

import tensorderiv as td
from tests.catalog.agreement import excess, fresh, gradient_excess

Function = Callable[[dict[str, Any]], Any]


def hidden(a: dict[str, Any]) -> Any:
    """The rows with NaN where the mask is 0."""
    return np.where(a["m"] == 1, a["X"], np.nan)


FUNCTIONS: dict[str, Function] = {
    "cityblock": lambda a: pairwise.manhattan_distances(a["X"]),
    "cosine_similarity": lambda a: pairwise.cosine_similarity(a["X"]),
    "haversine": lambda a: pairwise.haversine_distances(a["X"]),
    "nan_euclidean": lambda a: pairwise.nan_euclidean_distances(hidden(a)),
    "inner_product": lambda a: pairwise.linear_kernel(a["X"]),
    "linear_kernel": lambda a: pairwise.linear_kernel(a["X"]),
    "polynomial_kernel": lambda a: pairwise.polynomial_kernel(
        a["X"], gamma=a["gamma"].item(), coef0=a["c"].item(), degree=a["g"].item()
    ),
    "sigmoid_kernel": lambda a: pairwise.sigmoid_kernel(a["X"], gamma=a["gamma"].item(), coef0=a["c"].item()),
    "laplacian_kernel_l1": lambda a: pairwise.laplacian_kernel(a["X"], gamma=a["gamma"].item()),
    "chi2_kernel": lambda a: pairwise.chi2_kernel(a["X"], gamma=a["gamma"].item()),
    "additive_chi2_kernel": lambda a: pairwise.additive_chi2_kernel(a["X"]),
    "rbf_ard": lambda a: RBF(a["ell"])(a["X"]),
    "matern_32": lambda a: Matern(a["ell"], nu=1.5)(a["X"]),
    "matern_52": lambda a: Matern(a["ell"], nu=2.5)(a["X"]),
    "laplacian_kernel_l2": lambda a: Matern(a["sigma"].item(), nu=0.5)(a["X"]),
    "rational_quadratic": lambda a: RationalQuadratic(a["ell"].item(), a["alpha"].item())(a["X"]),
    "dot_product_kernel": lambda a: DotProduct(a["sigma"].item())(a["X"]),
}

GIVEN: dict[str, dict[str, Any]] = {"nan_euclidean": {"m": [1.0, 0.0, 1.0, 1.0]}, "polynomial_kernel": {"g": 3.0}}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_values(name: str) -> None:
    arrays = fresh(name, **GIVEN.get(name, {}))
    assert excess(FUNCTIONS[name](arrays), name, arrays) <= 1


def test_neighbourhood_components() -> None:
    arrays = fresh("nca_expected_accuracy", c=[0, 1, 0, 1, 1])
    model = NeighborhoodComponentsAnalysis()
    model.n_iter_ = 1  # what `fit` sets before it calls this
    same = arrays["c"][:, None] == arrays["c"]
    value, gradient = model._loss_grad_lbfgs(arrays["W"].ravel(), arrays["E"], same, sign=-1.0)
    assert excess(value, "nca_expected_accuracy", arrays) <= 1
    assert gradient_excess(gradient.reshape(arrays["W"].shape), "nca_expected_accuracy", arrays, "W") <= 1


def t_sne(nu: float) -> tuple[dict[str, Any], float, Any]:
    """Inputs of tsne_kl, and scikit-learn's value and gradient there."""
    rng = np.random.default_rng(2)
    weights = squareform(rng.uniform(0.1, 1.0, size=10))
    arrays = {"P": weights / weights.sum() + np.eye(5), "E": rng.normal(size=(5, 2)), "nu": np.asarray(nu)}
    value, gradient = _kl_divergence(arrays["E"].ravel(), squareform(weights / weights.sum()), nu, 5, 2)
    return arrays, value, gradient.reshape(5, 2)


@pytest.mark.parametrize("nu", [1.0, 2.0, 3.5])
def test_t_sne_value(nu: float) -> None:
    arrays, value, _ = t_sne(nu)
    assert excess(value, "tsne_kl", arrays) <= 1


def test_t_sne_gradient_for_one_degree_of_freedom() -> None:
    arrays, _, gradient = t_sne(1.0)
    assert gradient_excess(gradient, "tsne_kl", arrays, "E") <= 1


def test_t_sne_gradient_of_scikit_learn_is_wrong_for_more() -> None:
    """It has the kernel (1 + D/nu)^(-(nu + 1)/2) where the derivative has (1 + D/nu)^(-1): with that it would be right."""
    nu = 2.0
    arrays, _, gradient = t_sne(nu)
    truth = td.catalog["tsne_kl"].derive("E_uv").evaluate(**arrays)
    assert np.abs(gradient - truth).max() > 0.01 * np.abs(truth).max()

    E, P = arrays["E"], arrays["P"] - np.eye(5)
    differences = E[:, None] - E
    inner = 1 + (differences**2).sum(-1) / nu
    kernel = inner ** (-(nu + 1) / 2) * (1 - np.eye(5))
    slope = 2 * (nu + 1) / nu * (P - kernel / kernel.sum())
    assert gradient == pytest.approx(np.einsum("ij,ijk->ik", slope * kernel, differences), rel=1e-12)
    assert gradient_excess(np.einsum("ij,ijk->ik", slope / inner, differences), "tsne_kl", arrays, "E") <= 1
