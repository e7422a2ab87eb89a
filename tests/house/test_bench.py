"""`tensorderiv bench`: the table, the JSON, the errors. What is measured: tests/timing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tensorderiv import cli, definition
from tensorderiv.timing import Spread, Timed, Timing

Command = Callable[..., Any]
SPREAD = Spread(0.002, 0.0019, 0.0031)
TIMING = Timing(
    "cubes", 20, 3, "float64", {"X": (20, 3)}, "X: any real numbers", 9, {"numba": 2, "blas": 1}, 5, Spread(0.001, 0.001, 0.001),
    (Timed("pairwise", 1.25, SPREAD, Spread(0.5, 0.4, 0.6)), Timed("vjp", 0.75, SPREAD, None)), "no memory",
)  # fmt: skip


@pytest.mark.parametrize("time", ["first", "second"])
def test_a_definition_by_text(command: Command, monkeypatch: pytest.MonkeyPatch, time: str) -> None:
    """The second time as well the first call compiles: nothing of the first run is found again."""
    monkeypatch.setattr("tensorderiv.timing.clock.SETTLE", 0.001)
    outcome = command("bench", "L = sum_i x_i^2", "--n", "30", "--d", "4", "--dtype", "float32", "--json")
    assert (outcome.code, outcome.err) == (0, "")
    (told,) = json.loads(outcome.out)
    assert (told["n"], told["d"], told["dtype"], told["shapes"]) == (30, 4, "float32", {"x": [30]})
    assert [f["function"] for f in told["functions"]] == ["value", "value_and_grad"]
    for function in told["functions"]:
        assert function["cold_ms"] > 20 > function["median_ms"] > 0
    assert told["threads"]["numba"] >= 1


def test_the_table(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}

    def measure(wanted: Any, **options: Any) -> Iterator[Timing]:
        asked.update(options, names=[item.name for item in wanted])
        yield TIMING

    monkeypatch.setattr(definition, "bench", measure)
    outcome = command("bench", "sqeuclidean", "--n", "20", "--d", "3")
    assert outcome.out.endswith("\nautograd left out (cubes): no memory\n")
    assert outcome.code == 0
    lines = [line.rstrip() for line in outcome.out.splitlines()]
    assert lines[0] == "n = 20, d = 3, float64; 2 threads, BLAS 1; warm times are medians [quartiles]"
    assert lines[2].split("  ")[0] == "definition"
    assert lines[3].split() == ["cubes", "pairwise", "1,250", "2", "[1.9,", "3.1]", "1", "2", "500"]
    assert lines[4].split() == ["vjp", "750", "2", "[1.9,", "3.1]", "2", "-"]
    assert (asked["names"], asked["n"], asked["d"], asked["dtype"]) == (["sqeuclidean"], 20, 3, "float64")
    assert command("bench").code == 0
    assert len(asked["names"]) > 10  # no DEF: the whole catalogue


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("eucldean",), "did you mean euclidean"),
        (("D_ij = sum_p X_ip",), "line 1"),
        (("rbf", "--n", "0"), "--n"),
        (("rbf", "--dtype", "float16"), "is not one of"),
        (("rbf", "--n", "9000000"), "take a smaller n or d"),
    ],
)
def test_errors_are_one_line(command: Command, arguments: tuple[str, ...], message: str) -> None:
    outcome = command("bench", *arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("error: ")
    assert message in outcome.err.splitlines()[0]


def test_a_kernel_that_could_not_be_verified_exits_with_3(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    from tensorderiv import pipeline

    make = pipeline.emit
    monkeypatch.setattr(pipeline, "emit", lambda program, name: make(program, name) + "\ndef value(x):\n    return 1.0\n")
    outcome = command("bench", "L = sum_i x_i^2", "--n", "30", "--d", "4")
    assert (outcome.code, outcome.out) == (3, "")
    assert "was not timed" in outcome.err


def test_figures() -> None:
    assert [cli.timing.figures(x) for x in (0.001234, 0.5, 12.345, 123.4, 12345.6)] == ["0.00123", "0.5", "12.3", "123", "12,346"]
