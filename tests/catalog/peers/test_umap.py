"""Entries against umap-learn: values, its gradients written by hand, and where those are wrong.

umap overwrites its arguments in places, so it gets copies. Its gradients are by the first argument.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import umap.distances as theirs

import tensorderiv as td
from tensorderiv.verify.draw import Drawer, normal, positive, small_ball
from tests.catalog.agreement import excess, fresh, pair_gradient_excess

Arrays = dict[str, Any]

ASSUMED: dict[str, Drawer] = {"poincare": small_ball, "gaussian_energy": positive, "spherical_gaussian": positive}

VALUES: dict[str, tuple[Callable[..., float], tuple[str, ...]]] = {
    "euclidean": (theirs.euclidean, ()),
    "seuclidean": (theirs.standardised_euclidean, ("V",)),
    "cityblock": (theirs.manhattan, ()),
    "chebyshev": (theirs.chebyshev, ()),
    "minkowski": (theirs.minkowski, ("p",)),
    "weighted_minkowski": (theirs.weighted_minkowski, ("w", "p")),
    "mahalanobis": (theirs.mahalanobis_f64, ("M",)),
    "canberra": (theirs.canberra, ()),
    "braycurtis": (theirs.bray_curtis, ()),
    "cosine": (theirs.cosine, ()),
    "correlation": (theirs.correlation, ()),
    "haversine": (theirs.haversine, ()),
    "hellinger": (theirs.hellinger, ()),
    "hellinger_simplex": (theirs.hellinger, ()),
    "poincare": (theirs.poincare, ()),
}
"""Entry -> umap's function, and our names of its further arguments."""

GRADIENTS: dict[str, tuple[Callable[..., Any], tuple[str, ...]]] = {
    "euclidean": (theirs.euclidean_grad, ()),
    "seuclidean": (theirs.standardised_euclidean_grad, ("V",)),
    "cityblock": (theirs.manhattan_grad, ()),
    "chebyshev": (theirs.chebyshev_grad, ()),
    "minkowski": (theirs.minkowski_grad, ("p",)),
    "weighted_minkowski": (theirs.weighted_minkowski_grad, ("w", "p")),
    "mahalanobis": (theirs.mahalanobis_grad, ("M",)),
    "canberra": (theirs.canberra_grad, ()),
    "cosine": (theirs.cosine_grad, ()),
    "correlation": (theirs.correlation_grad, ()),
    "hellinger": (theirs.hellinger_grad, ()),
    "hyperboloid": (theirs.hyperboloid_grad, ()),
    "spherical_gaussian_energy": (theirs.spherical_gaussian_energy_grad, ()),
    "spherical_gaussian": (theirs.spherical_gaussian_grad, ()),
}
"""Entry -> umap's function that returns value and gradient."""

SHIFT: dict[str, Callable[[float, Arrays], Any]] = {
    "euclidean": lambda d, a: 1 + 1e-6 / d,
    "mahalanobis": lambda d, a: 1 + 1e-6 / d,
    "seuclidean": lambda d, a: 1 + 1e-6 / (d * a["V"]),
}
"""Where umap adds 1e-6 to a denominator: what its gradient has to be multiplied by."""


def arguments(a: Arrays, names: tuple[str, ...]) -> list[Any]:
    """Copies of the first two rows, and further arguments."""
    return [a["X"][0].copy(), a["X"][1].copy(), *(a[name] if a[name].ndim else a[name].item() for name in names)]


@pytest.mark.parametrize("name", VALUES)
def test_values(name: str) -> None:
    function, further = VALUES[name]
    a = fresh(name, ASSUMED.get(name, normal))
    found = [[function(x.copy(), y.copy(), *arguments(a, further)[2:]) if x is not y else 0.0 for y in a["X"]] for x in a["X"]]
    assert excess(found, name, a) <= 1


@pytest.mark.parametrize("name", GRADIENTS)
def test_gradients(name: str) -> None:
    """In float32, to which umap rounds most of them."""
    function, further = GRADIENTS[name]
    a = {key: array.astype(float) for key, array in fresh(name, ASSUMED.get(name, normal), np.float32).items()}
    a["X"] = a["X"][:2]
    value, gradient = function(*arguments(a, further))
    assert excess([[0, value], [value, 0]], name, a, np.float32) <= 1
    assert pair_gradient_excess(gradient * SHIFT.get(name, lambda d, a: 1.0)(value, a), name, a, np.float32) <= 1


def test_symmetric_kl() -> None:
    a = fresh("symmetric_kl_half")
    found = [[theirs.symmetric_kl(x.copy(), y.copy()) for y in a["X"]] for x in a["X"]]
    assert excess(found, "symmetric_kl_half", a | {"X": a["X"] + 1e-11}) <= 1
    x, y = a["X"][0].copy(), a["X"][1].copy()
    theirs.symmetric_kl(x, y)
    assert x.sum() == pytest.approx(1)  # x is not the x that was handed in


def true_gradient(name: str, X: Any) -> Any:
    """The derivative of D_01 by X_0."""
    return td.catalog[name].derive("X_uv").evaluate(X=X)[0, 1, 0]


def test_symmetric_kl_grad_is_wrong() -> None:
    """It is the derivative by the second argument of a formula without the normalisation."""
    X = fresh("symmetric_kl_half")["X"][:2]
    _, gradient = theirs.symmetric_kl_grad(X[0].copy(), X[1].copy())
    truth = true_gradient("symmetric_kl_half", X)
    assert np.abs(gradient - truth).max() > 0.1 * np.abs(truth).max()
    p, q = X / X.sum(axis=1, keepdims=True)
    assert gradient == pytest.approx((np.log(q / p) - p / q + 1) / 2, rel=1e-8)  # d/dq of sum (p - q) log(p / q) / 2
    by_first = (np.log(p / q) - q / p + 1) / 2
    assert (by_first - by_first @ p) / X[0].sum() == pytest.approx(truth, rel=1e-8)


def test_gaussian_energy_grad_is_wrong_in_three_of_five_components() -> None:
    """It lacks the derivative of log Delta, and has the wrong sign in one term by the height and in one by the angle."""
    a = fresh("gaussian_energy", positive)
    X = a["X"][:2]
    value, gradient = theirs.gaussian_energy_grad(X[0].copy(), X[1].copy())
    assert excess([[0, value], [value, 0]], "gaussian_energy", a | {"X": X}) <= 1

    named = {name: of_gaussians(name, X) for name in ("A_i", "B_i", "C_i")}
    s11, s12, s22 = (named[name].sum() for name in ("A_i", "B_i", "C_i"))
    (m1, m2, _, _, _), (_, _, width, height, angle) = X[0] - X[1], X[0]
    determinant = s11 * s22 - s12**2
    form = s22 * m1**2 - 2 * s12 * m1 * m2 + s11 * m2**2
    wrong_signs = np.zeros(5)
    wrong_signs[3] = -4 * np.sin(angle) * np.cos(angle) * m1 * m2 / determinant
    wrong_signs[4] = -4 * form * s12 * (width - height) * np.cos(2 * angle) / determinant**2
    logarithm = np.array([0, 0, 1, 1, 1]) * derivative_of_log_determinant(X)
    assert np.abs(logarithm[2:]).min() > 1e-3
    assert np.abs(wrong_signs[3:]).min() > 1e-3

    shift = np.array([1, 1, *[1 + 1e-8 / determinant**2] * 3])  # umap adds 1e-8 to the square of the determinant
    truth = true_gradient("gaussian_energy", X)
    size = np.abs([*truth, *logarithm, *wrong_signs]).max()
    assert gradient * shift == pytest.approx(truth - logarithm + wrong_signs, abs=8 * np.finfo(np.float32).eps * size)


def of_gaussians(line: str, X: Any) -> Any:
    """The quantity that a line of gaussian_energy names."""
    lines = td.catalog.entry("gaussian_energy").definition.splitlines()
    last = next(number for number, text in enumerate(lines) if text.startswith(line))
    return td.define("\n".join(lines[: last + 1])).evaluate(X=X)


def derivative_of_log_determinant(X: Any) -> Any:
    """d log Delta_01 / d X_0."""
    lines = td.catalog.entry("gaussian_energy").definition.splitlines()
    return td.define("\n".join([*lines[:-1], "L_ij = log(Delta_ij)"])).derive("X_uv").evaluate(X=X)[0, 1, 0]


def test_diagonal_gaussian_energy_grad_has_two_entries_too_many() -> None:
    """The last two of six are memory that was never written."""
    a = fresh("diagonal_gaussian_energy")
    a["X"] = a["X"][:2]
    value, gradient = theirs.diagonal_gaussian_energy_grad(*arguments(a, ()))
    assert excess([[0, value], [value, 0]], "diagonal_gaussian_energy", a) <= 1
    assert gradient.shape == (6,)
    assert pair_gradient_excess(gradient[:4], "diagonal_gaussian_energy", a, np.float32) <= 1


def test_bray_curtis_grad_is_right_for_positive_sums_alone() -> None:
    """It takes the derivative of |x + y| as 1 whatever the sign of x + y."""
    a = fresh("braycurtis", positive)
    a["X"] = a["X"][:2]
    assert pair_gradient_excess(theirs.bray_curtis_grad(*arguments(a, ()))[1], "braycurtis", a) <= 1
    a["X"] = -a["X"]
    _, gradient = theirs.bray_curtis_grad(*arguments(a, ()))
    truth = true_gradient("braycurtis", a["X"])
    assert np.abs(gradient - truth).max() > 0.1 * np.abs(truth).max()


def test_haversine_grad_has_another_latitude() -> None:
    """It adds pi/2 to the latitudes, so its value is not that of umap's haversine; and 1e-6 to the denominator."""
    a = fresh("haversine")
    a["X"] = a["X"][:2]
    value, gradient = theirs.haversine_grad(*arguments(a, ()))
    assert abs(value - theirs.haversine(*arguments(a, ()))) > 1e-3
    shifted = {"X": a["X"] + [np.pi / 2, 0]}
    assert excess([[0, value], [value, 0]], "haversine", shifted) <= 1
    denominator = np.sin(value / 2) * np.cos(value / 2)
    assert pair_gradient_excess(gradient * (1 + 1e-6 / denominator), "haversine", shifted) <= 1


def test_hellinger_of_a_negative_coordinate() -> None:
    """Outside the domain umap tells of no distance: NaN by one function, 0 by the other."""
    x, y = np.array([0.5, -0.1]), np.array([0.2, 0.3])
    assert np.isnan(theirs.hellinger(x, y))
    value, gradient = theirs.hellinger_grad(x, y)
    assert value == 0
    assert not gradient.any()


@pytest.mark.parametrize("name", ["hyperboloid", "hellinger"])
def test_close_pairs_in_float32(name: str) -> None:
    """At a distance of 1e-4 nothing of the value is left."""
    close = {"hyperboloid": theirs.hyperboloid_grad, "hellinger": theirs.hellinger_grad}[name]
    x = np.array([1.0, 2.0, 3.0], dtype=np.float32)
    y = (x * (1 + np.array([1e-4, -1e-4, 1e-4]))).astype(np.float32)
    truth = td.catalog[name].evaluate(X=np.array([x, y], dtype=np.float64))[0, 1]
    assert abs(close(x, y)[0] - truth) > 0.2 * truth


def test_minkowski_with_an_infinite_exponent_is_no_maximum() -> None:
    """The maximum is 2; umap returns inf^0 = 1, and NaN for the gradient."""
    x, y = np.array([1.0, 3.0]), np.array([0.0, 5.0])
    assert theirs.minkowski(x, y, np.inf) == 1
    value, gradient = theirs.minkowski_grad(x, y, np.inf)
    assert value == 1
    assert np.isnan(gradient).all()
