"""Nothing takes much longer than it is given, however deep a text is nested or however large its sizes are."""

from __future__ import annotations

from time import monotonic

import numpy as np
import pytest

from tensorderiv.algebra.deadline import OutOfTime, in_time, time_limit
from tensorderiv.algebra.evaluate import evaluate_program
from tensorderiv.checker.checking import check
from tensorderiv.errors import DomainProblem
from tensorderiv.language import read


def test_a_limit_ends_with_the_earliest_of_those_around() -> None:
    with time_limit(60), pytest.raises(OutOfTime), time_limit(-1), time_limit(60):
        in_time()
    with time_limit(60):
        in_time()
    in_time()


def test_a_walk_that_would_not_end_is_broken_off() -> None:
    begun = monotonic()
    with pytest.raises(OutOfTime), time_limit(0.2):
        evaluate_program(read("tensor x[n]\nL = sum_{i,j,k} x_i x_j x_k", "f"), {"x": np.ones(200)})
    assert monotonic() - begun < 2


@pytest.mark.parametrize("line", [r"\partial" * 30 + " x^2", "f" + "'" * 30 + "(x)"])
def test_high_orders_are_refused(line: str) -> None:
    report = check({"symbols": [{"name": "x"}], "definitions": ["f(x) = x^2"], "lines": [line, "0"]})
    assert report.verdict == "unreadable"
    assert "a derivative of an order above 8" in str(report.problem)


def test_large_sizes_are_refused() -> None:
    symbols = [{"name": "X", "shape": [10**20, 2]}]
    report = check({"symbols": symbols, "indices": {"i": 10**20, "p": 2}, "lines": ["X_{ip}", "2 X_{ip}"]})
    assert report.verdict == "unreadable"
    assert "too large" in str(report.problem)


def test_a_loop_over_too_many_values_is_refused() -> None:
    with pytest.raises(DomainProblem, match="10000000000 values"):
        evaluate_program(read("tensor x[n]\nL = sum_{i,j} x_i x_j", "f"), {"x": np.ones(100_000)})
