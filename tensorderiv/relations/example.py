"""A point at which two gradients are not along one line, with both of them and the angle: the smallest sizes, simple numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from time import monotonic
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorderiv.equality import Claim, Counterexample
from tensorderiv.equality.difference import Comparison, is_rational
from tensorderiv.equality.points import MANNERS, Point, point_at, sizes_of
from tensorderiv.relations.gradients import Gradients
from tensorderiv.relations.sampled import angle, values

TRIES = 4
"""Points of each size and manner."""

SECONDS = 4.0
CLEAR = 1.0
"""Degrees between the gradients, and from being opposite, that make a difference easy to see."""


@dataclass(frozen=True)
class Difference:
    """Sizes, inputs (exact), both gradients there, and the angle between them in degrees, nan where one of the two is 0."""

    sizes: Mapping[str, int]
    inputs: Mapping[str, npt.NDArray[Any]]
    first: npt.NDArray[Any]
    second: npt.NDArray[Any]
    degrees: float


def difference(found: Gradients, refuted: Counterexample, along: Claim | None) -> Difference:
    """A clear difference at small sizes; where none is found quickly, the point at which the claim was refuted.

    `along` claims that both are along one line. It is judged at the point, exactly or with many digits: what differs in float64
    may be rounding. None where one of the gradients is 0 everywhere, so that there is no angle.
    """
    if along is not None:
        comparison, end = Comparison(along, is_rational(along)), monotonic() + SECONDS
        for point in _points(along):
            for example in _at(found, point.sizes, point.inputs):
                if CLEAR <= example.degrees <= 180 - CLEAR and any(comparison.differences(point, lambda: monotonic() > end)):
                    return example
            if monotonic() > end:
                break
    place = tuple(refuted.indices[index.name] for index in found.outer)
    return next(_at(found, refuted.sizes, refuted.inputs, place))


def _points(claim: Claim) -> Iterator[Point]:
    for sizes, manner in product(sizes_of(claim), MANNERS):
        yield from (point_at(claim, sizes, manner, seed) for seed in range(TRIES))


def _at(
    found: Gradients, sizes: Mapping[str, int], exact: Mapping[str, npt.NDArray[Any]], place: tuple[int, ...] | None = None
) -> Iterator[Difference]:
    """Both gradients for each value of the outputs, or that at one place, where they are finite or it is asked for."""
    arrays = {name: np.array(array, dtype=float) for name, array in exact.items()}
    for item in found.program.inputs:  # no gradient depends on these
        shape = (extent if isinstance(extent, int) else sizes.get(extent, 1) for extent in item.tensor.extents)
        arrays.setdefault(item.tensor.name, np.ones(tuple(shape)))
    first, second = (values(found.used, expr, found.axes, arrays, sizes) for expr in (found.first, found.second))
    for outer in [place] if place is not None else product(*map(range, first.shape[: len(found.outer)])):
        a, b = first[outer], second[outer]
        finite = bool(np.isfinite(a).all() and np.isfinite(b).all())
        if finite or place is not None:
            degrees = angle(a, b) if finite and a.any() and b.any() else float("nan")
            yield Difference(dict(sizes), exact, a, b, degrees)
