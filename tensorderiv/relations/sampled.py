"""Both gradients at random points, in float64: the angle between them and the ratio of their lengths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorderiv.algebra.expression import Expr
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Statement
from tensorderiv.errors import DomainProblem
from tensorderiv.relations.gradients import Gradients
from tensorderiv.verify.backends import backend
from tensorderiv.verify.draw import ASSUMPTIONS, Drawer, draw
from tensorderiv.verify.vectorise import Vectoriser

Array = npt.NDArray[Any]
Arrays = Mapping[str, Array]

POINTS = 100
SIDE = 4
"""The size of every extent."""

TRIES = 5


@dataclass(frozen=True)
class Sampled:
    """One entry a pair of gradients that are both finite and not 0: over points, outputs and (by rows) rows."""

    degrees: Array
    ratios: Array
    """|first| / |second|, negative where they point against one another by more than a right angle."""

    theta: Array
    """The angle between the points x and y in degrees, where there are two; else nan."""

    points: int
    """How many points were drawn."""

    sizes: Mapping[str, int]


def values(
    statements: tuple[Statement, ...], expr: Expr, axes: tuple[Index, ...], arrays: Arrays, sizes: Mapping[str, int]
) -> Array:
    """The array of an expression in closed form over the axes."""
    with np.errstate(all="ignore"):
        maker = Vectoriser(backend("autograd"), sizes, {name: np.asarray(array) for name, array in arrays.items()})
        for statement in statements:
            body = maker.expr(statement.body, statement.indices)
            maker.tensors[statement.tensor.name] = np.broadcast_to(body, maker.shape(statement.indices))
        return np.array(np.broadcast_to(maker.expr(expr, axes), maker.shape(axes)), dtype=float)


def sampled(found: Gradients, *, by_rows: bool = False, points: int = POINTS, side: int = SIDE) -> Sampled:
    """The gradients at random points. Raises DomainProblem where both are nowhere finite."""
    degrees: list[float] = []
    ratios: list[float] = []
    theta: list[float] = []
    kept = len(found.axes) - (1 if by_rows else found.order)
    claim = found.claim(found.first, found.second, found.axes)
    sizes = {name: max(least, side) for name, least in claim.least.items()}
    for arrays, first, second in _drawn(found, points, sizes):
        between = angle(*(arrays[name] for name in found.together.points)) if len(found.together.points) == 2 else np.nan
        for place in product(*map(range, first.shape[:kept])):
            a, b = first[place].ravel(), second[place].ravel()
            if a.any() and b.any():
                degrees.append(angle(a, b))
                ratios.append(float(np.sqrt(a @ a) / np.sqrt(b @ b)) * (-1 if a @ b < 0 else 1))
                theta.append(between)
    return Sampled(np.array(degrees), np.array(ratios), np.array(theta), points, sizes)


def _drawn(found: Gradients, points: int, sizes: Mapping[str, int]) -> Iterator[tuple[Arrays, Array, Array]]:
    for drawer in ASSUMPTIONS.values():
        if all(_finite(at) for at in _at(found, sizes, drawer, range(TRIES))):
            yield from (at for at in _at(found, sizes, drawer, range(points)) if _finite(at))
            return
    raise DomainProblem("the gradients are not finite at random points", hint="declare the domain of the inputs")


def _at(found: Gradients, sizes: Mapping[str, int], drawer: Drawer, seeds: range) -> Iterator[tuple[Arrays, Array, Array]]:
    for seed in seeds:
        rng = np.random.default_rng(seed)
        arrays: dict[str, Array] = {}
        for item in found.program.inputs:
            shape = tuple(extent if isinstance(extent, int) else sizes.get(extent, SIDE) for extent in item.tensor.extents)
            given = item.tensor.order == 0 and item.default is not None
            arrays[item.tensor.name] = (
                np.asarray(float(item.default or 0)) if given else np.asarray(draw(item, shape, sizes, rng, drawer))
            )
        yield (
            arrays,
            values(found.used, found.first, found.axes, arrays, sizes),
            values(found.used, found.second, found.axes, arrays, sizes),
        )


def _finite(at: tuple[Arrays, Array, Array]) -> bool:
    return bool(np.isfinite(at[1]).all() and np.isfinite(at[2]).all())


def angle(a: Array, b: Array) -> float:
    """The angle between two vectors that are not 0, in degrees, exact near 0 and 180 too."""
    a, b = a / np.abs(a).max(), b / np.abs(b).max()
    u, v = a.ravel() / np.sqrt((a * a).sum()), b.ravel() / np.sqrt((b * b).sum())
    return float(np.degrees(2 * np.arctan2(np.sqrt(((u - v) ** 2).sum()), np.sqrt(((u + v) ** 2).sum()))))
