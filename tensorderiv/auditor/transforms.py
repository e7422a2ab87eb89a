"""Functions of a definition that are taken for it: the square for the distance, the distance for its logarithm."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tensorderiv.auditor.fit import Array
from tensorderiv.auditor.numbers import constant, told

TRANSFORMS: dict[str, tuple[Callable[[Array], Array], Callable[[Array], Array]]] = {
    "{}^2": (lambda v: v**2, lambda v: 2 * v),
    "sqrt({})": (np.sqrt, lambda v: 0.5 / np.sqrt(v)),
    "log({})": (np.log, lambda v: 1 / v),
    "exp(-{})": (lambda v: np.exp(-v), lambda v: -np.exp(-v)),
    "exp({})": (np.exp, np.exp),
    "1/{}": (lambda v: 1 / v, lambda v: -1 / v**2),
    "exp(-{}^2)": (lambda v: np.exp(-(v**2)), lambda v: -2 * v * np.exp(-(v**2))),
    "1/(1 + {})": (lambda v: 1 / (1 + v), lambda v: -1 / (1 + v) ** 2),
    "acos({})": (np.arccos, lambda v: -1 / np.sqrt(1 - v**2)),
    "cos({})": (np.cos, lambda v: -np.sin(v)),
    "{}^3": (lambda v: v**3, lambda v: 3 * v**2),
}
"""Functions of the definition that are taken for it, and their derivatives."""


def of_value(found: Array, due: Array, accuracy: Array) -> str | None:
    """How a value returned depends on the one that is due: "2 D", "D^2", "D + 1"."""
    with np.errstate(all="ignore"):
        scaled = constant(found / due, accuracy / np.abs(due))
        if scaled is not None:
            return times(told(scaled), "D")
        shift = constant(found - due, accuracy)
        if shift is not None:
            return f"D {'+' if shift > 0 else '-'} {told(abs(shift))}"
        shift = constant(found + due, accuracy)
        if shift is not None:
            return f"{told(shift)} - D"
        for text, (function, slope) in TRANSFORMS.items():
            factor = constant(found / function(due), (accuracy + np.abs(slope(due)) * accuracy) / np.abs(function(due)))
            if factor is not None:
                return times(told(factor), text.format("D"))
    return None


def times(words: str, of: str) -> str:
    return of if words == "1" else f"-{of}" if words == "-1" else f"{words} {of}"
