"""Stationary points: proofs, second order, the sphere, kinks; each against a computation of its own."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import tensorderiv as td
from tensorderiv.errors import DomainProblem, ExtentMismatch, NameProblem, RuleProblem, SyntaxProblem
from tensorderiv.stationarity import stationary
from tensorderiv.stationarity.hessian import Hessian, dense, lanczos

Array = npt.NDArray[Any]

NPAIRS = "tensor X[n,d], Y[n,d]\nS_ij = sum_p X_ip Y_jp\nL = -1/n sum_i log(exp(S_ii) / sum_j exp(S_ij))"
SMOOTH = "tensor X[n,d], b[d]\nL = sum_i log(1 + exp(sum_p X_ip b_p)) + sum_{i,j,p} X_ip^2 X_jp b_p"


def drawn(seed: int = 0, n: int = 3, d: int = 2) -> dict[str, Array]:
    rng = np.random.default_rng(seed)
    return {"X": rng.normal(size=(n, d)), "b": rng.normal(size=d)}


def test_the_collapsed_start_is_a_saddle() -> None:
    found = stationary(NPAIRS, ["X_ip = v_p", "Y_ip = w_p"])
    assert (found.how, found.kind) == ("proved", "saddle")
    assert found
    assert "stationary      yes, for all sizes and all v, w" in str(found)


def test_the_collapsed_start_on_the_sphere() -> None:
    """At X_i = Y_i = v the eigenvalues are -1/n, 1/n, each (n - 1)(d - 1) times, and 0 or 2/n where all rows move alike."""
    n, d = 4, 3
    found = stationary(td.catalog["npairs"], ["X_ip = v_p", "Y_ip = X_ip"], sizes={"n": n, "d": d}, space="sphere")
    assert (found.how, found.kind) == ("proved", "saddle")
    assert found.nature is not None
    assert found.eigenvalues is not None
    counts = found.nature.counts
    assert counts == ((n - 1) * (d - 1), 2 * (d - 1), (n - 1) * (d - 1))
    np.testing.assert_allclose(found.eigenvalues[: counts[0]], -1 / n, rtol=1e-12)
    assert found.nature.direction is not None
    np.testing.assert_allclose(found.nature.direction["X"], found.nature.direction["Y"], atol=1e-12)
    np.testing.assert_allclose(found.nature.direction["X"].sum(axis=0), 0, atol=1e-12)


def test_along_the_direction_the_loss_falls() -> None:
    definition = td.define(NPAIRS)
    found = stationary(definition, ["X_ip = v_p", "Y_ip = w_p"], sizes={"n": 4})
    assert found.point is not None
    assert found.nature is not None
    assert found.nature.direction is not None
    there = dict(found.point.arrays)
    step = 1e-2
    moved = {name: array + step * found.nature.direction[name] for name, array in there.items()}
    fall = definition.evaluate(**moved).item() - definition.evaluate(**there).item()
    assert found.eigenvalues is not None
    assert fall == pytest.approx(step**2 / 2 * found.eigenvalues[0], rel=2e-2)


def test_where_it_is_not_stationary() -> None:
    found = stationary(NPAIRS, "X_ip = v_p")
    assert (bool(found), found.how, found.kind) == (False, "counterexample", None)
    example = found.gradients[0].verdict.counterexample
    assert example is not None
    arrays = {name: np.array(array, dtype=float) for name, array in example.inputs.items()}
    arrays["X"] = np.tile(arrays.pop("v"), (example.sizes["n"], 1))
    place = tuple(example.indices.values())
    step = np.zeros(arrays["X"].shape)
    step[place] = 1e-5
    up, down = (td.define(NPAIRS).evaluate(X=arrays["X"] + sign * step, Y=arrays["Y"]).item() for sign in (1, -1))
    assert (up - down) / 2e-5 == pytest.approx(float(example.left), rel=1e-6)
    assert "not 0: " in str(found)


@pytest.mark.parametrize(
    ("loss", "at", "kind"),
    [
        ("L = sum_i (x_i - 1)^2", "x_i = 1", "minimum"),
        ("L = sum_i cos(x_i)", "x_i = 0", "maximum"),
        ("L = sum_i x_i^4", "x_i = 0", "degenerate"),
        ("L = sum_i x_i^2 / 10000000", "x_i = 0", "minimum"),
        ("L = sum_i max(0, x_i)^2", "x_i = 0", "bend"),
        ("L = sum_i abs(x_i)", "x_i = 0", "kink"),
        ("L = -sum_{i,j} sqrt(sum_p (X_ip - X_jp)^2)", "X_ip = v_p", "kink"),
        ("L = sum_i abs(x_i) / 10000000", "x_i = 0", "kink"),
        ("tensor x[d], y[d]\nL = acos(<x, y> / (|x| |y|))", ("x_p = v_p", "y_p = v_p"), "kink"),
        ("L = sum_i (x_i - y_i)^2", "x_i = y_i", "minimum"),
        ("L = 1 + 0 sum_i x_i", "x_i = 2", "degenerate"),
    ],
)
def test_kinds(loss: str, at: str | tuple[str, ...], kind: str) -> None:
    found = stationary(loss, at)
    assert found.kind == kind
    assert bool(found) == (kind != "kink"), "at a kink there is no gradient"
    assert (found.how == "by convention") == (kind == "kink")


@pytest.mark.parametrize(("sign", "words"), [("", "no maximum: the loss rises"), ("-", "no minimum: the loss falls")])
def test_eigenvalues_of_one_sign_and_0(sign: str, words: str) -> None:
    found = stationary(f"L = {sign}(sum_i x_i)^2", "x_i = 0", sizes={"n": 3})
    assert found.nature is not None
    assert (found.kind, found.nature.counts) == ("degenerate", (0, 2, 1) if not sign else (1, 2, 0))
    assert words in str(found)


def test_the_hessian_is_the_second_derivative_of_the_reference() -> None:
    definition, arrays = td.define(SMOOTH), drawn()
    hessian = Hessian(definition.program, arrays, ("X", "b"))
    columns = np.array([hessian.times(unit) for unit in np.eye(8)])
    blocks = {
        (one, other): definition.derive([one, other], order=2).evaluate(**arrays)
        for one, other in [("X_kl", "X_mq"), ("X_kl", "b_q"), ("b_l", "b_q")]
    }
    whole = np.block(
        [
            [blocks["X_kl", "X_mq"].reshape(6, 6), blocks["X_kl", "b_q"].reshape(6, 2)],
            [blocks["X_kl", "b_q"].reshape(6, 2).T, blocks["b_l", "b_q"]],
        ]
    )
    np.testing.assert_allclose(columns, whole, rtol=1e-10, atol=1e-12)


def test_lanczos_and_the_dense_problem_agree() -> None:
    definition, arrays = td.define(SMOOTH), drawn(1, 8, 3)
    hessian = Hessian(definition.program, arrays, ("X", "b"))
    whole, ends = dense(hessian), lanczos(hessian)
    np.testing.assert_allclose(ends.values, [*whole.values[:3], *whole.values[-3:]], rtol=1e-9)
    assert (whole.complete, ends.complete) == (True, False)
    residue = np.array(
        [hessian.times(vector) - value * vector for value, vector in zip(ends.values, ends.vectors.T, strict=True)]
    )
    np.testing.assert_allclose(residue, 0, atol=1e-8 * np.abs(whole.values).max())


def test_many_dimensions_go_by_lanczos() -> None:
    found = stationary("L = sum_i x_i^2 - 2 sum_i y_i^2 + sum_i x_i y_i", ["x_i = 0", "y_i = 0"], sizes={"n": 200})
    assert found.kind == "saddle"
    assert found.nature is not None
    assert found.nature.counts is None
    expected = np.linalg.eigvalsh([[2, 1], [1, -4]])
    assert found.eigenvalues is not None
    np.testing.assert_allclose(found.eigenvalues, np.repeat(expected, 3), rtol=1e-8)


@pytest.mark.parametrize("sign", [1, -1])
def test_on_the_sphere_the_curvature_counts(sign: int) -> None:
    """|x - y|^2 on the sphere is least at x = y and greatest at x = -y, with second derivatives 2 and -2."""
    loss = "tensor x[d], y[d]\nL = sum_p (x_p - y_p)^2"
    found = stationary(loss, f"x_p = {'' if sign > 0 else '-'}y_p", space="sphere", sizes={"d": 4})
    assert (found.how, found.kind) == ("proved", "minimum" if sign > 0 else "maximum")
    assert found.eigenvalues is not None
    np.testing.assert_allclose(found.eigenvalues, [2 * sign] * 3, rtol=1e-12)


def test_the_riemannian_hessian_is_that_of_the_loss_of_divided_rows() -> None:
    loss = "L = sum_i log(1 + exp(sum_p X_ip b_p)) + sum_{i,j,p} X_ip^2 X_jp b_p"
    through = "tensor X[n,d], b[d]\nZ_ip = X_ip / sqrt(sum_q X_iq^2)\n" + loss.replace("X", "Z")
    arrays = drawn(2, 3, 3)
    arrays["X"] /= np.sqrt((arrays["X"] ** 2).sum(axis=1, keepdims=True))
    sphere = Hessian(td.define(SMOOTH).program, arrays, ("X",), sphere=True)
    whole = Hessian(td.define(through).program, arrays, ("X",))
    ambient = np.array([whole.times(unit) for unit in np.eye(9)])
    made = np.array([sphere.times(unit) for unit in np.eye(6)])
    np.testing.assert_allclose(made, sphere.basis.T @ ambient @ sphere.basis, rtol=1e-9, atol=1e-11)
    assert not np.allclose(made, sphere.basis.T @ np.array([sphere.ambient(unit) for unit in np.eye(9)]) @ sphere.basis)


def test_parameters_sizes_and_names() -> None:
    loss = "tensor x[n]\nscalar a default 3\nL = (a - 2) sum_i x_i + sum_i x_i^2"
    assert not stationary(loss, "x_i = 0")
    found = stationary(loss, "x_i = 0", params={"a": 2}, sizes={"n": 2})
    assert (found.how, found.kind) == ("proved", "minimum")
    assert found.eigenvalues is not None
    assert len(found.eigenvalues) == 2
    assert stationary("L = sum_i x_i y_i", "y_i = 0", wrt="x").how == "proved"
    assert not stationary("L = sum_i x_i y_i", "y_i = 1", wrt="x")


@pytest.mark.parametrize(
    ("arguments", "options", "problem", "words"),
    [
        (("L = sum_i x_i^2", "y_i = 1"), {}, NameProblem, "y_i is no input of .*; its inputs are x"),
        (("L = sum_i x_i^2", ["x_i = 1", "x_i = 0"]), {}, NameProblem, "x is given twice"),
        (("L = sum_i x_i^2", "x_ip = 1"), {}, Exception, "x has 1 index"),
        (("L = sum_i x_i^2", "x"), {}, SyntaxProblem, "'x' gives no input"),
        (("L = sum_i x_i y_i", ["x_i = y_i", "y_i = x_i"]), {}, NameProblem, "x, y are given by one another"),
        (("L = sum_{i,p} X_ip Y_pi", ["X_ip = v_i", "Y_pi = v_p"]), {}, ExtentMismatch, "v has two shapes"),
        (("L = sum_i x_i^2", "x_i = 0"), {"sizes": {"m": 2}}, NameProblem, "no extent m; its extents are n"),
        (("L = sum_i x_i^2", "x_i = 0"), {"params": {"a": 2.0}}, NameProblem, "no scalar a"),
        (("L = sum_i x_i^2", "x_i = 0"), {"wrt": "z"}, NameProblem, "no real input z"),
        (("D_ij = sum_p (X_ip - X_jp)^2", "X_ip = 0"), {}, RuleProblem, "D_ij is no number"),
        (("L = sum_{i,p} X_ip", "X_ip = 1"), {"space": "sphere"}, DomainProblem, "not of length 1"),
        (("tensor x[n] > 0\nL = sum_i x_i", "x_i = 1"), {"space": "sphere"}, DomainProblem, "x has no rows on the sphere"),
    ],
)
def test_what_cannot_be_asked(arguments: Any, options: Any, problem: type[Exception], words: str) -> None:
    with pytest.raises(problem, match=words):
        stationary(*arguments, **options)
