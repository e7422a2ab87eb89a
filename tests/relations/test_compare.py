"""Gradients side by side: laws that hold for every definition, and differences that NumPy confirms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import tensorderiv as td
from tensorderiv.algebra.build import MINUS_ONE, mul, number
from tensorderiv.algebra.traverse import free_indices
from tensorderiv.errors import DomainProblem, ExtentMismatch, NameProblem
from tensorderiv.relations import Compared, compare, factor, relate
from tensorderiv.relations.gradients import Gradients
from tensorderiv.relations.sampled import values

Array = npt.NDArray[Any]

LOSSES = [
    "L = sum_i x_i^3",
    "tensor x[n] > 0\nL = sum_i x_i log(x_i)",
    "L = log(sum_i exp(x_i))",
    "L = sum_{i,p} X_ip^2 Y_ip",
]
DISTANCES = ["D_ij = sum_p (X_ip - X_jp)^4", "D_ij = sum_p abs(X_ip - Y_jp)"]


def of(text: str, changed: str) -> str:
    """Another definition in the output of this one, Q in its text."""
    *before, last = text.splitlines()
    left, right = (side.strip() for side in last.split("="))
    return "\n".join([*before, f"Q{left[1:]} = {changed.replace('#', f'({right})')}"])


@pytest.mark.parametrize("text", [*LOSSES, *DISTANCES])
def test_a_definition_and_itself_are_equal(text: str) -> None:
    found = compare(text, text)
    assert (found.kind, found.how) == ("equal", "proved")
    assert found


@pytest.mark.parametrize("text", [*LOSSES, *DISTANCES])
@pytest.mark.parametrize(("change", "constant"), [("2 # + 3", "2"), ("1 - #/3", "-1/3")])
def test_an_affine_map_multiplies_by_its_slope(text: str, change: str, constant: str) -> None:
    found = compare(of(text, change), text)
    assert (found.kind, found.how, found.factor) == ("constant", "proved", constant)
    assert found.relation.direction == ("opposite" if constant.startswith("-") else "same")


@pytest.mark.parametrize("text", [*LOSSES, *DISTANCES])
def test_the_exponential_multiplies_by_itself(text: str) -> None:
    found = compare(of(text, "exp(#)"), text)
    assert found.kind == "factor"
    assert (found.relation.direction, found.relation.direction_how) == ("same", "proved")
    check_factor(found)


def check_factor(found: Compared) -> None:
    """The factor is the derivative of the outer function: the first gradient over the second, entry by entry."""
    gradients, numbers = found.gradients, np.random.default_rng(3)
    sizes = dict.fromkeys(gradients.claim(gradients.first, gradients.second, gradients.axes).least, 3)
    arrays = {
        item.tensor.name: numbers.uniform(0.2, 0.9, size=[sizes[str(extent)] for extent in item.tensor.extents])
        for item in gradients.program.inputs
    }
    first, second = (values(gradients.used, expr, gradients.axes, arrays, sizes) for expr in (gradients.first, gradients.second))
    assert found.relation.factor is not None
    outer = values(gradients.program.statements, found.relation.factor, gradients.outer, arrays, sizes)
    np.testing.assert_allclose(first, outer[(..., *[None] * gradients.order)] * second, rtol=1e-10, atol=1e-12)
    assert not np.allclose(first, 1.1 * outer[(..., *[None] * gradients.order)] * second)


def test_the_factor_of_squared_against_plain_euclidean() -> None:
    found = td.compare(td.catalog["sqeuclidean"], td.catalog["euclidean"])
    assert (found.kind, found.factor, found.how, found.relation.direction_how) == ("factor", "2 D'", "proved", "proved")
    assert "the same direction: dD/dx_l = 2 D' dD'/dx_l" in str(found)


def test_opposite_direction() -> None:
    found = td.compare(td.catalog["cosine"], td.catalog["cosine_similarity"])
    assert (found.kind, found.factor, found.relation.direction) == ("constant", "-1", "opposite")
    assert "dD/dx_l = -dC/dx_l" in str(found)


def test_a_sign_that_depends_on_the_inputs() -> None:
    found = compare("tensor x[d]\nL = (sum_p x_p^2 - 4)^2", "tensor x[d]\nQ = sum_p x_p^2")
    assert (found.kind, found.relation.direction) == ("factor", "either")
    check_factor(found)


def test_factors_of_sizes_and_parameters() -> None:
    assert compare("L = 1/n sum_i x_i^2", "L = sum_i x_i^2 + 3").factor == "1/n"
    scaled = compare("tensor x[n]\nscalar a > 0\nL = a sum_i x_i^2", "L = sum_i x_i^2")
    assert (scaled.factor, scaled.relation.direction_how) == ("a", "proved")


def test_row_by_row() -> None:
    found = compare("L = sum_i (sum_p X_ip^2)^2", "L = sum_{i,p} X_ip^2")
    assert found.relation.by_rows
    assert found.kind == "factor"
    assert "row by row" in str(found)
    assert td.equal(found.factor or "", "2 sum_p X_kp^2")


def test_a_gradient_that_is_0() -> None:
    found = compare("L = sum_i x_i^2", "tensor x[n]\nL = 4 + 0 sum_i x_i")
    assert not found
    assert found.relation.zero == "second"
    assert "the gradient of the second is 0 everywhere" in str(found)


def tangent(x: Array, g: Array) -> Array:
    return np.asarray(g - x * (g * x).sum(axis=-1, keepdims=True))


def numerical(definition: td.Definition, wrt: str, arrays: dict[str, Array]) -> Array:
    """Central differences of a scalar definition by loops over its entries."""
    found = np.zeros(arrays[wrt].shape)
    for place in np.ndindex(found.shape):
        step = np.zeros(found.shape)
        step[place] = 1e-5
        up, down = (definition.evaluate(**{**arrays, wrt: arrays[wrt] + sign * step}).item() for sign in (1, -1))
        found[place] = (up - down) / 2e-5
    return found


def degrees(a: Array, b: Array) -> float:
    return float(np.degrees(np.arccos(np.clip((a * b).sum() / np.sqrt((a * a).sum() * (b * b).sum()), -1, 1))))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("tensor x[d], y[d]\nD = sum_p (x_p - y_p)^2", "tensor x[d], y[d]\nD = sum_p abs(x_p - y_p)"),
        ("L = sum_i x_i^3", "L = log(sum_i exp(x_i))"),
        ("L = sum_{i,p} X_ip^2 Y_ip", "L = sum_{i,p} X_ip^3 Y_ip"),
    ],
)
def test_numpy_confirms_the_angle_of_a_difference(one: str, other: str) -> None:
    found = compare(one, other)
    assert (bool(found), found.how) == (False, "counterexample")
    example = found.counterexample
    assert example is not None
    arrays = {name: np.array(array, dtype=float) for name, array in example.inputs.items()}
    wrt = found.gradients.derivations[0].wrt.tensor.name
    gradients = [numerical(td.define(text), wrt, arrays) for text in (one, other)]
    np.testing.assert_allclose(gradients[0], example.first, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(gradients[1], example.second, rtol=1e-6, atol=1e-6)
    assert example.degrees == pytest.approx(degrees(*gradients), abs=1e-3)
    assert 1 <= example.degrees <= 179


def test_geodesic_and_squared_distance_on_the_sphere() -> None:
    found = td.compare(td.catalog["geodesic"], td.catalog["sqeuclidean"], space="sphere")
    assert (found.kind, found.how, found.factor_by_angle) == ("factor", "proved", "1/(2 sin(theta))")
    assert found.lengths == ("1", "2 sin(theta)")
    assert not td.compare(td.catalog["geodesic"], td.catalog["sqeuclidean"]), "away from the sphere they differ"
    sines = np.sin(np.radians(found.numbers.theta))
    np.testing.assert_allclose(found.numbers.ratios, 1 / (2 * sines), rtol=1e-9)


def test_declared_unit_rows_are_not_a_tangent_comparison() -> None:
    """On unit rows |x - y|^2 = 2 - 2 <x, y>, but only the tangent parts of the gradients are multiples of one another."""
    texts = [f"tensor x[d] in sphere\ntensor y[d] in sphere\nD = {body}" for body in ("sum_p (x_p - y_p)^2", "1 - sum_p x_p y_p")]
    flat = compare(*texts)
    assert not flat
    assert "tangent" not in str(flat)
    assert "dD/dx_l = " in str(flat), "not grad_x D"
    on_sphere = compare(*texts, space="sphere")
    assert (on_sphere.kind, on_sphere.factor, on_sphere.how) == ("constant", "2", "proved")
    assert "the same tangent direction" in str(on_sphere)


def test_a_triplet_loss_on_the_sphere_has_another_direction() -> None:
    squared, geodesic = td.catalog["triplet"], td.catalog["triplet_geodesic"]
    found = td.compare(squared, geodesic, space="sphere")
    example = found.counterexample
    assert not found
    assert example is not None
    assert example.sizes == {"m": 1, "d": 3}, "in the plane all tangents of a point are on one line"
    arrays = {name: np.array(array, dtype=float) for name, array in example.inputs.items()}
    made = [tangent(arrays["A"], numerical(loss, "A", arrays)) for loss in (squared, geodesic)]
    np.testing.assert_allclose(made[0], example.first, atol=1e-6)
    np.testing.assert_allclose(made[1], example.second, atol=1e-6)
    assert example.degrees == pytest.approx(degrees(*made), abs=1e-3)


def test_matrix_form_and_vector_form_are_compared_by_a_point() -> None:
    found = compare("D_ij = sum_p (X_ip - Y_jp)^2", "D(u, v) = sum_p (u_p - v_p)^2")
    assert (found.kind, found.gradients.together.points) == ("equal", ("x", "y"))
    swapped = compare("tensor x[d], y[d]\nD = sum_p x_p^2 y_p", "tensor y[d], x[d]\nD = sum_p x_p^2 y_p", wrt="y_k")
    assert swapped.kind == "equal", "the same letters are the same vectors, whatever their order"
    by_second = compare("D_ij = sum_p (X_ip - Y_jp)^2", "D_ij = sum_p (X_ip - Y_jp)^2 + sum_p X_ip^4", wrt="Y_kl")
    assert by_second.kind == "equal"


def test_names_that_mean_something_else_get_a_prime() -> None:
    found = compare(
        "tensor x[n], N[n]\nM = sum_i x_i^2\nL = M + sum_i N_i x_i", "tensor x[n]\nN = sum_i x_i^2\nM = 3 N\nL = M + sum_i x_i"
    )
    assert not found
    own = {statement.tensor.name for statement in found.gradients.derivations[1].program.statements}
    assert own == {"N'", "M'", "L'"}


def test_a_wrong_factor_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*arguments: Any) -> list[Any]:
        return [mul(number(3), guess) for guess in factor.candidates(*arguments)] + [MINUS_ONE]

    monkeypatch.setattr(relate, "candidates", wrong)
    found = compare("D(x, y) = sum_p (x_p - y_p)^2", "D(x, y) = sqrt(sum_p (x_p - y_p)^2)")
    assert (found.kind, found.factor) == ("parallel", None)


def test_a_wrong_factor_is_refused_without_the_quick_look_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Gradients, "refuted", lambda *arguments: False)
    monkeypatch.setattr(relate, "candidates", lambda *arguments: [number(3)])
    found = compare("D(x, y) = sum_p (x_p - y_p)^2", "D(x, y) = sqrt(sum_p (x_p - y_p)^2)")
    assert (found.kind, found.factor) == ("parallel", None)


def test_no_factor_varies_along_the_gradient() -> None:
    found = compare("tensor x[d], y[d]\nD = sum_p (x_p - y_p)^4", "tensor x[d], y[d]\nD = sum_p (x_p - y_p)^2").gradients
    offered = factor.candidates(found, None, found.inner)
    assert all(not set(free_indices(guess)) & set(found.inner) for guess in offered)
    everything = factor.candidates(found, None, ())
    assert len(everything) > len(offered), "there are quotients that vary"


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(NameProblem, match="the second definition has no real input x; its inputs are Z"):
        compare("L = sum_i x_i^2", "L = sum_{i,p} Z_ip^4")
    with pytest.raises(ExtentMismatch, match="x has order 1 in the first definition and 2 in the second"):
        compare("tensor x[n]\nL = sum_i x_i^2", "L = sum_{i,j} x_ij^2")
    with pytest.raises(DomainProblem, match="x is declared positive"):
        compare("tensor x[n] > 0\nL = sum_i x_i^2", "L = sum_i x_i^3", space="sphere")
    with pytest.raises(DomainProblem, match="no space 'torus'"):
        compare("L = sum_i x_i^2", "L = sum_i x_i^3", space="torus")  # type: ignore[arg-type]


def test_the_figure(tmp_path: Path) -> None:
    found = compare("D(x, y) = sum_p (x_p - y_p)^2", "D(x, y) = sum_p (x_p - y_p)^4")
    found.plot(tmp_path / "figure.png")
    assert (tmp_path / "figure.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(NameProblem, match=r"no figure can be written as figure\.foo"):
        found.plot(tmp_path / "figure.foo")


def test_without_matplotlib(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "matplotlib.figure", None)
    with pytest.raises(NameProblem, match="pip install matplotlib"):
        compare("L = sum_i x_i^2", "L = sum_i x_i^3").plot(tmp_path / "figure.png")
