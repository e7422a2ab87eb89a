"""Planted faults: a module with one of its functions made wrong, to see that the judges refuse it.

A check counts only after it has been seen to fail. These faults need no knowledge of the definition; `plant` gives a module-like
object in which one function is replaced.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

Function = Callable[..., Any]


@dataclass(frozen=True)
class Fault:
    """A way to get one function wrong: `change` takes the right function to a wrong one."""

    name: str
    function: str
    change: Callable[[Function], Function]


def plant(module: Any, fault: Fault) -> Any:
    """The module with the fault in it."""
    public = {name: getattr(module, name) for name in dir(module) if not name.startswith("__") or name == "__method__"}
    right = public[fault.function]
    wrong = fault.change(right)
    return SimpleNamespace(**{**public, fault.function: functools.wraps(getattr(right, "py_func", right))(wrong)})


def _each(result: Any, change: Callable[[Any], Any]) -> Any:
    """The change applied to an array, or to each array of a tuple."""
    return tuple(_each(part, change) for part in result) if isinstance(result, tuple) else change(result)


def half(right: Function) -> Function:
    """Drop a factor 2."""
    return lambda *args, **options: _each(right(*args, **options), lambda part: part * 0.5)


def negated(right: Function) -> Function:
    """Flip a sign."""
    return lambda *args, **options: _each(right(*args, **options), lambda part: -part)


def exchanged(right: Function) -> Function:
    """Return the results for the wrong slots: (dY, dX) for (dX, dY)."""
    return lambda *args, **options: right(*args, **options)[::-1]


def swapped(right: Function) -> Function:
    """Swap i and j: entry [i, j] is that of [j, i] (rows and columns as far as they go)."""

    def wrong(*args: Any, **options: Any) -> Any:
        table = np.array(right(*args, **options))
        size = min(table.shape[:2])
        table[:size, :size] = np.swapaxes(table[:size, :size], 0, 1).copy()
        return table

    return wrong


def without_diagonal(right: Function) -> Function:
    """Forget the diagonal of a table."""

    def wrong(*args: Any, **options: Any) -> Any:
        table = np.array(right(*args, **options))
        size = min(table.shape[:2])
        table[np.arange(size), np.arange(size)] = 0
        return table

    return wrong


def transposed_cotangent(right: Function) -> Function:
    """Read the cotangent W_ij as W_ji (rows and columns as far as they go)."""

    def wrong(x: Any, y: Any, weights: Any, **options: Any) -> Any:
        other = np.array(weights)
        size = min(other.shape[:2])
        other[:size, :size] = np.swapaxes(other[:size, :size], 0, 1).copy()
        return right(x, y, other, **options)

    return wrong


def first_point_only(right: Function) -> Function:
    """Miss the last point: an off-by-one loop."""

    def wrong(*args: Any, **options: Any) -> Any:
        def change(part: Any) -> Any:
            array = np.array(part)
            array[-1:] = 0
            return array

        return _each(right(*args, **options), change)

    return wrong


PAIR_FAULTS = (
    Fault("drop a factor 2 in the value", "pairwise", half),
    Fault("flip the sign of the value", "pairwise", negated),
    Fault("swap i and j in the value", "pairwise", swapped),
    Fault("forget the diagonal", "pairwise", without_diagonal),
    Fault("miss the last point", "pairwise", first_point_only),
    Fault("drop a factor 2 in the vjp", "vjp", half),
    Fault("flip the sign of the vjp", "vjp", negated),
    Fault("return the vjp of the wrong slot", "vjp", exchanged),
    Fault("transpose the cotangent", "vjp", transposed_cotangent),
    Fault("drop a factor 2 in the jvp", "jvp", half),
    Fault("swap i and j in the jvp", "jvp", swapped),
)
"""Faults of a pair module that each judge must refuse by itself."""

SHARED_ONLY = (
    Fault("flip the sign of a jacobian block", "jacobian", negated),
    Fault("drop a factor 2 in pair", "pair", half),
    Fault("flip the sign in pair_grad", "pair_grad", negated),
)
"""Faults that finite differences do not look at."""
