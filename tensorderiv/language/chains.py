"""`D_ij = a = b`: the sides must agree. They are compared by the reference meaning, at random points of the domain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

import numpy as np

from tensorderiv.algebra.evaluate import evaluate
from tensorderiv.algebra.index import Extent
from tensorderiv.algebra.numbers import mp
from tensorderiv.algebra.program import Input, Program, Statement
from tensorderiv.errors import ChainProblem, Place

DIGITS = 40
AGREEING = 25
"""Sides are computed with 40 digits and must agree in 25: rounding costs a few, a wrong side leaves none."""


def check(program: Program, sides: Sequence[Statement], places: Sequence[Place]) -> None:
    """The sides of one chain have the same value.

    Raises: ChainProblem with the first point where two of them differ.
    """
    extents = list(dict.fromkeys(extent for item in program.inputs for extent in item.tensor.extents))
    for seed in range(3):
        random = Random(seed)
        sizes = {
            extent: extent if isinstance(extent, int) else (3, 2, 3)[(number + seed) % 3] for number, extent in enumerate(extents)
        }
        named = {extent: size for extent, size in sizes.items() if isinstance(extent, str)}
        for name in missing(program, named):
            named[name] = 2
        everything: dict[Extent, int] = dict(sizes)
        everything.update(named)
        arrays = {item.tensor.name: sample(item, everything, random, positive=seed == 0) for item in program.inputs}
        values = [values_of(program, side, arrays, named) for side in sides]
        for number in range(1, len(values)):
            compare(sides[number], values[number - 1], values[number], places[number])


def missing(program: Program, known: Mapping[str, int]) -> list[str]:
    """Extents that no input shows."""
    found: dict[str, None] = {}
    for item in program.inputs:
        if isinstance(item.label_extent, str):
            found[item.label_extent] = None
    for statement in program.statements:
        found.update({extent: None for extent in statement.tensor.extents if isinstance(extent, str)})
    return [name for name in found if name not in known]


def values_of(program: Program, side: Statement, arrays: Mapping[str, Any], sizes: Mapping[str, int]) -> Any:
    earlier = []
    for statement in program.statements:
        if statement.tensor.name == side.tensor.name:
            break
        earlier.append(statement)
    return evaluate(side.body, axes=side.indices, arrays=arrays, sizes=sizes, statements=earlier, number=mp(DIGITS))


def compare(side: Statement, left: Any, right: Any, place: Place) -> None:
    """Both arrays agree wherever both are finite."""
    for at in np.ndindex(left.shape):
        a, b = left[at], right[at]
        if not (np.isfinite(float(a)) and np.isfinite(float(b))):
            continue
        if abs(a - b) > (1 + abs(a) + abs(b)) * 10 ** (-AGREEING):
            where = (
                f" at {', '.join(f'{index.name} = {value}' for index, value in zip(side.indices, at, strict=True))}" if at else ""
            )
            found = f"{float(b):.6g} instead of {float(a):.6g}{where}, for random inputs"
            message = f"this side of {side.tensor.name} is not equal to the one before it: {found}"
            raise ChainProblem(message, place=place, hint="correct one of them, or declare the domain on which they agree")


def sample(item: Input, sizes: Mapping[Extent, int], random: Random, *, positive: bool) -> Any:
    """A random array of an input's domain, in short decimal numbers."""
    shape = tuple(sizes[extent] for extent in item.tensor.extents)
    if item.tensor.integer:
        bound = item.label_extent if isinstance(item.label_extent, int) else sizes.get(item.label_extent or "", 2)
        return np.array([random.randrange(bound) for _ in range(int(np.prod(shape, dtype=int)))], dtype=int).reshape(shape)
    kind = item.domain.kind
    low, high = 0.1, 0.9
    if kind == "real" and not positive:
        low, high = -1.5, 1.5
    elif kind == "sphere":
        low, high = -1.0, 1.0
    elif kind == "interval":
        lower, upper = item.domain.lower, item.domain.upper
        low = float(lower) if lower is not None else (float(upper) - 2 if upper is not None else -1.5)
        high = float(upper) if upper is not None else low + 2
    drawn = [random.uniform(low, high) for _ in range(int(np.prod(shape, dtype=int)))]
    array = np.array(drawn).reshape(shape)
    if kind == "simplex":
        array = array / array.sum(axis=-1, keepdims=True)
    elif kind == "sphere":
        array = array / np.sqrt((array**2).sum(axis=-1, keepdims=True))
    elif kind == "symmetric":
        array = (array + np.swapaxes(array, -1, -2)) / 2
    elif kind == "spd":
        array = array @ np.swapaxes(array, -1, -2) + np.eye(shape[-1])
    return array
