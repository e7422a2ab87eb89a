"""The judge refuses what is wrong, and the references it compares with are right themselves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import judge, tasks
from benchmarks.judge import Part, deviation, verdict
from benchmarks.pairs import PAIRS, PairFunction
from benchmarks.peers import OURS, all_peers
from benchmarks.rows import GEMM

ONES = [Part((2, 2), np.ones((2, 2)), 4)]


def status(result: Any, inexact: str = "") -> str:
    return verdict(judge.arrays_of(result), ONES, "float64", inexact).status


@pytest.mark.parametrize(
    "result",
    [
        np.array([[1, 1], [1, 1 + 1e-9]]),
        np.ones((2, 3)),
        np.array([[1, 1], [1, np.nan]]),
        (np.ones((2, 2)), np.ones((2, 2))),
    ],
    ids=["value", "shape", "nan", "count"],
)
def test_wrong_is_refused(result: Any) -> None:
    assert status(np.ones((2, 2))) == "right"
    assert status(result) == "wrong"


def test_less_exact_needs_a_reason_and_has_a_bound_too() -> None:
    rough = np.ones((2, 2)) + 1e-9
    assert status(rough) == "wrong"
    assert status(rough, "documented: fast") == "inexact"
    assert status(rough + 0.1, "documented: fast") == "wrong"
    assert verdict([rough + 1e-4], ONES, "float64", "documented", 1e-3).status == "inexact"
    assert verdict([rough + 1e-2], ONES, "float64", "documented", 1e-3).status == "wrong"


def test_sampled_rows_alone_are_compared_but_all_are_looked_at(tmp_path: Path) -> None:
    part = [Part((3, 1), np.ones((1, 1)), 1, np.array([1]))]
    judge.save(part, tmp_path)
    for parts in (part, judge.load(tmp_path)):
        assert deviation([np.array([[9.0], [1.0], [9.0]])], parts) == 0
        assert deviation([np.array([[1.0], [9.0], [1.0]])], parts) == 8
        assert deviation([np.array([[np.inf], [1.0], [9.0]])], parts) == np.inf


@pytest.mark.parametrize("function", PAIRS, ids=lambda function: function.name)
def test_the_references_of_pairs_agree_with_finite_differences(function: PairFunction) -> None:
    rng = np.random.default_rng(5)
    x, Y, w = rng.normal(size=3), rng.normal(size=(4, 3)), rng.normal(size=4)
    assert np.allclose(function.gradient(x, Y, w), slope(lambda at: w @ function.value(at, Y), x), atol=1e-8)


@pytest.mark.parametrize("task", tasks.LOSSES, ids=lambda task: task.name)
def test_the_references_of_losses_agree_with_finite_differences(task: tasks.Task) -> None:
    arrays = task.sized(20, 2, "float64").arrays()
    reference = task.parts
    value, *gradients = [part.expected for part in reference(arrays)]
    assert value.shape == ()
    for name, gradient in zip(task.gradients, gradients, strict=True):

        def at(table: np.ndarray, name: str = name) -> float:
            return float(reference({**arrays, name: table})[0].expected)

        assert np.allclose(gradient, slope(at, arrays[name]), atol=1e-6 * max(1.0, float(np.abs(gradient).max())))


def slope(function: Callable[[np.ndarray], float], at: np.ndarray, step: float = 1e-6) -> np.ndarray:
    """Central differences."""
    found = np.zeros_like(at)
    for place in np.ndindex(at.shape):
        ahead, behind = at.copy(), at.copy()
        ahead[place] += step
        behind[place] -= step
        found[place] = (function(ahead) - function(behind)) / (2 * step)
    return found


def test_every_task_has_our_kernels() -> None:
    peers = all_peers()
    ours = next(peer for peer in peers if peer.name == OURS)
    full = list(tasks.full())
    assert all(ours.offer(task) for task in full)
    assert {task.key for task in tasks.quick()} <= {task.key for task in full}
    assert len({peer.name for peer in peers} | {GEMM}) == len(peers) + 1


def test_a_task_is_the_same_in_another_process() -> None:
    for task in (*tasks.quick(), tasks.new_task(5, 2)):
        again = tasks.task_of(task.as_json())
        assert (again.key, again.sizes, again.dtype, again.parameters) == (task.key, task.sizes, task.dtype, task.parameters)
