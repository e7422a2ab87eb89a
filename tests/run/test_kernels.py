"""Compiled modules of definitions that stand nowhere else: results, dtypes, layouts, errors, threads."""

from __future__ import annotations

import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pytest

from tensorderiv.algebra.evaluate import evaluate_program
from tensorderiv.emit import emit
from tensorderiv.language import read
from tensorderiv.run import compile_program, load, load_source

PAIR = """tensor X[n,d], Y[m,d], w[d] > 0
scalar g default 2
D_ij = sqrt(sum_p w_p (X_ip - Y_jp)^2) + g log(1 + exp(sum_p X_ip Y_jp))"""
LOSS = """labels c[n]
tensor X[n,d], W[C,d]
scalar t > 0 default 1/2
S_ia = sum_p X_ip W_ap / t
L = -1/n sum_i log(exp(S[i,c[i]]) / sum_a exp(S_ia)) + max_i sqrt(sum_p X_ip^2)"""


@pytest.fixture(scope="module")
def pair() -> Any:
    return compile_program(read(PAIR), "unseen_pair")


@pytest.fixture(scope="module")
def loss() -> Any:
    return compile_program(read(LOSS), "unseen_loss")


@pytest.fixture
def points() -> tuple[Any, Any, Any]:
    rng = np.random.default_rng(3)
    return rng.standard_normal((70, 3)), rng.standard_normal((5, 3)), rng.uniform(0.5, 2.0, 3)


def numeric(function: Any, x: Any, step: float = 1e-6) -> Any:
    """The gradient of a scalar function by central differences."""
    gradient = np.zeros_like(x)
    for place in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[place] += step
        down[place] -= step
        gradient[place] = (function(up) - function(down)) / (2 * step)
    return gradient


def test_values(pair: Any, points: Any) -> None:
    X, Y, w = points
    meant = evaluate_program(read(PAIR), {"X": X[:6], "Y": Y, "w": w, "g": 1.5})
    np.testing.assert_allclose(pair.pairwise(X[:6], Y, w=w, g=1.5), meant, rtol=1e-13)


def test_gradients_agree_with_differences_and_with_each_other(pair: Any, points: Any) -> None:
    X, Y, w = points
    X = X[:4]
    W = np.random.default_rng(0).standard_normal((4, 5))
    dX, dY = pair.vjp(X, Y, W, w=w)
    np.testing.assert_allclose(dX, numeric(lambda x: np.sum(W * pair.pairwise(x, Y, w=w)), X), rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(dY, numeric(lambda y: np.sum(W * pair.pairwise(X, y, w=w)), Y), rtol=1e-6, atol=1e-8)
    dw = pair.vjp(X, Y, W, w=w, wrt="w")
    np.testing.assert_allclose(dw, numeric(lambda v: np.sum(W * pair.pairwise(X, Y, w=v)), w), rtol=1e-6, atol=1e-8)
    J = pair.jacobian(X, Y, w=w)
    np.testing.assert_allclose(np.einsum("ij,ijl->il", W, J), dX, rtol=1e-12)
    V, U = np.ones_like(X), np.ones_like(Y)
    np.testing.assert_allclose(np.sum(W * pair.jvp(X, Y, V, U, w=w)), np.sum(dX) + np.sum(dY), rtol=1e-10)
    value, gradient = pair.pair_grad(X[0], Y[1], w, 2.0)
    np.testing.assert_allclose(gradient, J[0, 1], rtol=1e-12)
    assert value == pytest.approx(pair.pair(X[0], Y[1], w, 2.0), abs=1e-15)


def test_coincident_points(pair: Any, points: Any) -> None:
    """The derivative of the norm at zero distance is the stated 0, not nan; X alone is the total derivative."""
    X, _, w = points
    W = np.ones((70, 70))
    total = pair.vjp(X, None, W, w=w)
    first, second = pair.vjp(X, X, W, w=w)
    assert np.isfinite(total).all()
    np.testing.assert_allclose(total, first + second, rtol=1e-14)


def test_layouts_and_dtypes(pair: Any, points: Any) -> None:
    X, Y, w = points
    plain = pair.pairwise(X, Y, w=w)
    np.testing.assert_array_equal(pair.pairwise(np.asfortranarray(X), Y[::1], w=w), plain)
    wide = np.repeat(X, 2, axis=1)[:, ::2]
    np.testing.assert_array_equal(pair.pairwise(wide, Y, w=w), plain)
    frozen = X.copy()
    frozen.setflags(write=False)
    np.testing.assert_array_equal(pair.pairwise(frozen, Y, w=w), plain)
    np.testing.assert_array_equal(pair.pairwise(X.astype(">f8"), Y, w=w), plain)
    single = pair.pairwise(X.astype(np.float32), Y.astype(np.float32), w=w.astype(np.float32))
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, plain, rtol=2e-5, atol=1e-5)
    assert pair.pairwise(X.astype(np.float32), Y, w=w).dtype == np.float64
    assert pair.pairwise(np.arange(6).reshape(2, 3), Y, w=w).dtype == np.float64


def test_inputs_are_not_changed(pair: Any, points: Any) -> None:
    X, Y, w = points
    W = np.ones((70, 5))
    before = [array.copy() for array in (X, Y, w, W)]
    pair.vjp(X, Y, W, w=w)
    for array, copy in zip((X, Y, w, W), before, strict=True):
        np.testing.assert_array_equal(array, copy)


def test_out(pair: Any, points: Any) -> None:
    X, Y, w = points
    out = np.empty((70, 5))
    assert pair.pairwise(X, Y, w=w, out=out) is out
    for wrong, error, message in [
        (np.empty((70, 4)), ValueError, r"out has the shape \(70, 4\), but the result has \(70, 5\)"),
        (np.empty((70, 5), np.float32), TypeError, "out is float32"),
        (np.empty((5, 70)).T, ValueError, "not C-contiguous"),
    ]:
        with pytest.raises(error, match=message):
            pair.pairwise(X, Y, w=w, out=wrong)
    square = np.zeros((3, 3))
    with pytest.raises(ValueError, match="out overlaps an input"):
        pair.pairwise(square, square, w=w, out=square)


@pytest.mark.parametrize("rows", [0, 1, 2, 63, 64, 65])
def test_any_number_of_rows(pair: Any, points: Any, rows: int) -> None:
    _, Y, w = points
    X = np.random.default_rng(1).standard_normal((rows, 3))
    assert pair.pairwise(X, Y, w=w).shape == (rows, 5)
    dX, dY = pair.vjp(X, Y, np.ones((rows, 5)), w=w)
    assert dX.shape == (rows, 3)
    if rows == 0:
        assert (dY == 0).all()


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"Y": np.zeros((5, 2))}, ValueError, "axis 1 of Y has size 2, but axis 1 of X has 3; both are the extent d"),
        ({"X": np.zeros(3)}, ValueError, r"X has 1 axes, but 2 are needed; give the shape \(n, d\)"),
        ({"X": np.zeros((2, 3), complex)}, TypeError, "X holds complex128; give float64 or float32"),
        ({"X": np.zeros((2, 3), bool)}, TypeError, "X holds bool"),
        ({"X": [["a", "b", "c"]]}, TypeError, "X holds"),
        ({"w": np.zeros(4)}, ValueError, "axis 0 of w has size 4, but axis 1 of X has 3"),
        ({"g": "two"}, TypeError, "g is str, but it is a scalar parameter"),
    ],
)
def test_errors_are_one_line(pair: Any, points: Any, change: dict[str, Any], error: type[Exception], message: str) -> None:
    X, Y, w = points
    given = {"X": X, "Y": Y, "w": w, **change}
    with pytest.raises(error, match=message) as caught:
        pair.pairwise(given.pop("X"), given.pop("Y"), **given)
    assert "\n" not in str(caught.value)


def test_wrt_is_checked(pair: Any, points: Any) -> None:
    X, Y, w = points
    with pytest.raises(ValueError, match="wrt names 'q', which is no real input here; take X, Y, w, g"):
        pair.vjp(X, Y, np.ones((70, 5)), w=w, wrt="q")


def test_a_loss(loss: Any) -> None:
    rng = np.random.default_rng(5)
    c, X, W = rng.integers(0, 3, 20), rng.standard_normal((20, 4)), rng.standard_normal((3, 4))
    meant = evaluate_program(read(LOSS), {"c": c, "X": X, "W": W, "t": 0.5})
    assert loss.value(c, X, W) == pytest.approx(float(meant), rel=1e-13)
    value, (dX, dW) = loss.value_and_grad(c, X, W)
    assert value == loss.value(c, X, W)
    np.testing.assert_allclose(dX, numeric(lambda x: loss.value(c, x, W), X), rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(dW, numeric(lambda w: loss.value(c, X, w), W), rtol=1e-6, atol=1e-8)
    _, (dt, again) = loss.value_and_grad(c, X, W, wrt=("t", "X"))
    np.testing.assert_array_equal(again, dX)
    assert dt == pytest.approx((loss.value(c, X, W, t=0.5 + 1e-6) - loss.value(c, X, W, t=0.5 - 1e-6)) / 2e-6, rel=1e-6)
    V = rng.standard_normal(X.shape)
    moved = [loss.value_and_grad(c, X + s * V, W, wrt="X")[1] for s in (1e-6, -1e-6)]
    np.testing.assert_allclose(loss.hvp(c, X, W, V, wrt="X"), (moved[0] - moved[1]) / 2e-6, rtol=1e-5, atol=1e-7)


def test_large_exponents_do_not_overflow(loss: Any) -> None:
    value, (dX, _) = loss.value_and_grad(np.array([0, 1]), np.eye(2) * 1e4, np.eye(2))
    assert np.isfinite(value)
    assert np.isfinite(dX).all()


def test_labels_are_checked(loss: Any) -> None:
    X, W = np.zeros((2, 4)), np.zeros((3, 4))
    with pytest.raises(
        ValueError, match=r"c holds the label 3, but it stands as an index of extent C = 3; labels lie in 0 \.\. 2"
    ):
        loss.value(np.array([0, 3]), X, W)
    with pytest.raises(ValueError, match="c holds the label -1"):
        loss.value(np.array([0, -1]), X, W)
    with pytest.raises(TypeError, match="c holds float64, but labels are integers"):
        loss.value(np.array([0.0, 1.0]), X, W)


def test_results_do_not_depend_on_the_number_of_threads(loss: Any, pair: Any, points: Any) -> None:
    rng = np.random.default_rng(7)
    c, X, W = rng.integers(0, 3, 200), rng.standard_normal((200, 4)), rng.standard_normal((3, 4))
    before = numba.get_num_threads()
    found = []
    try:
        for threads in (1, numba.config.NUMBA_NUM_THREADS):
            numba.set_num_threads(threads)
            value, (dX, dW) = loss.value_and_grad(c, X, W)
            dw = pair.vjp(points[0], points[1], np.ones((70, 5)), w=points[2], wrt="w")
            found.append(np.concatenate([[value], dX.ravel(), dW.ravel(), dw]))
    finally:
        numba.set_num_threads(before)
    np.testing.assert_array_equal(found[0], found[1])


def test_kernels_tell_their_cost(pair: Any, loss: Any) -> None:
    entries = {entry["name"]: entry for entry in pair.kernels()}
    assert "d m n" in entries["pairwise"]["flops"]
    assert "for i in" in entries["pairwise"]["nests"][0]["nest"]
    numbers = {entry["name"]: entry for entry in loss.kernels(n=20_000, d=64, C=10)}
    assert numbers["value_and_grad"]["largest_temporary"] <= 20_000 * 64 * 8
    with pytest.raises(ValueError, match="has no size"):
        loss.kernels(n=3)


def test_a_module_stands_alone(tmp_path: Path) -> None:
    """It is imported as part of a folder, and brings NumPy and Numba along, nothing of ours."""
    folder = tmp_path / "kernels"
    folder.mkdir()
    (folder / "unseen_pair.py").write_text(emit(read(PAIR), "unseen_pair"))
    code = (
        "import sys, kernels.unseen_pair as k\n"
        "found = [m for m in ('sympy', 'lark', 'jinja2', 'tensorderiv', 'autograd', 'mpmath') if m in sys.modules]\n"
        "assert not found, found\n"
        "assert k.KIND == 'pair' and k.POINTS == (('X', 0), ('Y', 0)) and k.PARAMETERS == {'g': 2.0}\n"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=tmp_path, check=True)


def test_without_a_folder_for_the_cache(points: Any) -> None:
    """A module whose machine code cannot be kept still compiles."""
    module = types.ModuleType("nowhere")
    exec(compile(emit(read("D_ij = sum_p abs(X_ip - X_jp)"), "nowhere"), "<nowhere>", "exec"), module.__dict__)  # noqa: S102  -- our own text
    X = points[0][:3]
    np.testing.assert_allclose(module.pairwise(X), np.abs(X[:, None] - X).sum(-1))


def test_loading_what_is_no_kernel(tmp_path: Path) -> None:
    from tensorderiv.errors import NameProblem

    with pytest.raises(NameProblem, match="there is no module at"):
        load(tmp_path / "absent.py")
    (tmp_path / "other.py").write_text("x = 1\n")
    with pytest.raises(NameProblem, match="no generated module"):
        load(tmp_path / "other.py")


def test_the_same_text_is_loaded_once() -> None:
    source = emit(read(PAIR), "unseen_pair")
    assert load_source(source, "unseen_pair") is load_source(source, "unseen_pair")
