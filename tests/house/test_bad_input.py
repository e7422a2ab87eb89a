"""Bad input: a clear error or the documented value, nothing half-written."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tensorderiv as td
from tensorderiv.errors import SyntaxProblem, TensorDerivError

TEXTS = {
    "unbalanced brace": ("D_{ij = sum_p (X_ip - X_jp)^2", "line 1, column"),
    "unbalanced parenthesis": ("D_ij = sum_p (X_ip - X_jp^2", "line 1, column"),
    "free on the right only": ("D_i = X_ip + Y_j", "[jp]"),
    "free on the left only": ("D_ij = sum_p X_ip", "j"),
    "bound twice": ("D_ij = sum_p sum_p X_ip X_jp", "p"),
    "bound and free": ("D_ip = sum_p X_ip", "p"),
    "extents disagree": ("tensor X[n,d], Y[n,m]\nD_ij = sum_p X_ip Y_jp", "[dm]"),
    "unknown function": ("D_ij = sum_p foo(X_ip - X_jp)", "foo"),
    "python": ("__import__('os').system('touch /tmp/x')", "line 1, column|no file and no equation"),
    "python in a definition": ("D_ij = __import__('os')", "line 1, column"),
    "attribute": ("D_ij = X.__class__", "line 1, column"),
    "nothing": ("D_ij =", "line 1, column"),
    "two equations in one": ("L = = 1", "line 1, column"),
    "control characters": ("D_ij = \x1b[31m X_ij", "line 1, column"),
}


@pytest.mark.parametrize(("text", "place"), TEXTS.values(), ids=TEXTS)
def test_an_error_names_the_place(text: str, place: str, command: Callable[..., Any], tmp_path: Path) -> None:
    for arguments in (["derive", text], ["generate", text, "--out", str(tmp_path / "out")]):
        outcome = command(*arguments)
        assert outcome.code == 2
        assert outcome.out == ""
        assert "Traceback" not in outcome.err
        assert "fault inside" not in outcome.err
        assert "\x1b" not in outcome.err
        assert len(outcome.err.splitlines()) in (1, 3)
        assert re.search(place, outcome.err)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["", "   \n", "# only a comment", "D_ij", "(" * 5000 + "=", "D_ij = " + "(" * 4000])
def test_define_refuses(text: str) -> None:
    with pytest.raises(TensorDerivError):
        td.define(text)


def test_a_line_of_ten_thousand_characters() -> None:
    """It is refused at once, with a short message that says what to do; a long line is read."""
    assert td.define("L = " + " + ".join(["sum_i x_i"] * 300)).evaluate(x=np.ones(2)) == 600
    for line in ("L = " + " + ".join(["sum_i x_i"] * 1000), "D_ij = " + "X" * 10_000 + " @@", "(" * 10_000):
        with pytest.raises(SyntaxProblem) as caught:
            td.define(line)
        assert len(str(caught.value)) < 300
        assert max(map(len, caught.value.excerpt().splitlines())) <= 121


@pytest.fixture(scope="module")
def sqeuclidean() -> Any:
    return td.catalog["sqeuclidean"].compile()


def test_no_rows(sqeuclidean: Any) -> None:
    empty, rows = np.zeros((0, 3)), np.ones((2, 3))
    assert sqeuclidean.pairwise(empty).shape == (0, 0)
    assert sqeuclidean.pairwise(rows, empty).shape == (2, 0)
    gradient = sqeuclidean.vjp(empty, None, np.zeros((0, 0)))
    assert gradient.shape == (0, 3)


def test_no_columns(sqeuclidean: Any) -> None:
    np.testing.assert_array_equal(sqeuclidean.pairwise(np.zeros((2, 0))), np.zeros((2, 2)))


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_nan_and_inf_spread_to_their_rows_alone(sqeuclidean: Any, value: float) -> None:
    rows = np.arange(6.0).reshape(3, 2)
    rows[1, 0] = value
    distances = sqeuclidean.pairwise(rows)
    assert not np.isfinite(distances[1]).any()
    assert not np.isfinite(distances[:, 1]).any()
    assert np.isfinite(distances[np.ix_([0, 2], [0, 2])]).all()


@pytest.mark.parametrize(
    "arguments",
    [
        (np.zeros(3),),
        (np.zeros((2, 3, 4)),),
        (np.zeros((2, 3)), np.zeros((2, 4))),
        (np.array([["a", "b"]]),),
        (np.zeros((2, 3), dtype=complex),),
        (np.array([[None, 1]], dtype=object),),
    ],
    ids=["order 1", "order 3", "extents", "text", "complex", "objects"],
)
def test_wrong_arrays_are_refused(sqeuclidean: Any, arguments: tuple[Any, ...]) -> None:
    with pytest.raises((TypeError, ValueError)) as caught:
        sqeuclidean.pairwise(*arguments)
    message = str(caught.value)
    assert "\n" not in message
    assert "X" in message or "Y" in message, "the message names the array"


def test_a_cotangent_of_the_wrong_shape_is_refused(sqeuclidean: Any) -> None:
    with pytest.raises(ValueError, match="W"):
        sqeuclidean.vjp(np.zeros((3, 2)), None, np.zeros((2, 3)))


def test_input_is_never_changed_and_may_be_read_only(sqeuclidean: Any) -> None:
    rows = np.arange(12.0).reshape(4, 3)
    rows.setflags(write=False)
    sqeuclidean.vjp(rows, None, np.ones((4, 4)))
    transposed = np.asfortranarray(rows)
    np.testing.assert_array_equal(sqeuclidean.pairwise(transposed), sqeuclidean.pairwise(rows))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_type_of_the_values_is_that_of_the_input(sqeuclidean: Any, dtype: Any) -> None:
    assert sqeuclidean.pairwise(np.ones((2, 2), dtype=dtype)).dtype == dtype


def test_compile_judges_only_when_it_is_asked_to(monkeypatch: pytest.MonkeyPatch) -> None:
    from tensorderiv import pipeline

    asked: list[str] = []
    monkeypatch.setattr(pipeline, "check", lambda program, name, module: asked.append(name))
    definition = td.define("L = sum_i x_i^2", name="judged")
    definition.compile()
    assert asked == []
    assert definition.compile(verified=True) is definition.compile()
    assert asked == ["judged"]
