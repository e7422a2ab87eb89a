"""A second opinion before a line is called wrong.

A difference counts where it is no accident of a special point. People do not mean what happens at a tie of max(a, b), at a norm
of 0, or where all extents are 1; so the sides must differ at a generic point as well, at an entry where nothing is divided by 0
(unless all entries are such), and a plain evaluation in float64 must agree that they do. A point at which a quotient or function
has no value at any of its indices says nothing, for or against.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from time import monotonic
from typing import Any

import numpy as np

from tensorderiv.algebra.deadline import OutOfTime, time_limit
from tensorderiv.algebra.evaluate import FLOAT, Evaluator
from tensorderiv.algebra.index import Index
from tensorderiv.equality import Claim, Counterexample
from tensorderiv.equality.difference import Comparison, is_rational
from tensorderiv.equality.points import Point, manners_of, point_at
from tensorderiv.equality.watch import is_finite

SIZES = ((2, 2), (2, 3), (3, 2), (3, 3))
"""Sizes of the generic points, as (extents in even places, extents in odd places), not below the least size of each."""

POINTS = 4
"""Generic points at which the sides agree, after which no more are tried."""

LOOKED_AT = 12
"""Entries that agree of which one is looked for where nothing is divided by 0."""

CLOSE = 1e-35
"""Numbers of 50 digits that agree to this part of them are the same."""

RELATIVE = 1e-7
"""float64 agrees with an exact value to this part of it, and tells apart what differs by more."""


@dataclass(frozen=True)
class Generic:
    """What was seen at generic points: at how many the sides agree, and the first difference."""

    points: int
    difference: Counterexample | None = None


def at_generic_points(claim: Claim, seconds: float, most: int = 12, seed: int = 0) -> Generic:
    """Compares the sides at generic points of two or more values of every extent, until they differ or the time is over."""
    end, judged = monotonic() + seconds, 0
    comparison = Comparison(claim, is_rational(claim))
    for point in itertools.islice(generic_points(claim, seed), most):
        try:
            with time_limit(end + seconds - monotonic()):
                agreeing, found = _compared(comparison, point, end)
        except OutOfTime:
            if monotonic() < end:
                raise
            break
        if isinstance(found, Counterexample):
            return Generic(judged + 1, found)
        if monotonic() > end:
            break  # not all of its entries were seen
        judged += agreeing and found is None
        if judged >= POINTS:
            break
    return Generic(judged)


def generic_points(claim: Claim, seed: int) -> Iterator[Point]:
    """Generic points, small sizes first, in every manner of drawing: there are as many as one asks for."""
    manners = [manner for manner in manners_of(claim) if manner.generic]
    for round_ in itertools.count():
        for number, (even, odd) in enumerate(SIZES):
            sizes = {name: max(least, odd if place % 2 else even) for place, (name, least) in enumerate(claim.least.items())}
            yield point_at(claim, sizes, manners[(round_ + number) % len(manners)], f"{seed} generic {round_} {number}")


def _compared(comparison: Comparison, point: Point, end: float) -> tuple[bool, Counterexample | bool | None]:
    """Whether there are entries that agree; and the difference: True where there is one that cannot be relied on."""
    claim = comparison.claim
    same: list[dict[Index, int]] = []
    convention: Counterexample | None = None
    unsure = False
    left, right = comparison.evaluators(point)
    ranges = [range(left.extent(index.extent)) for index in claim.axes]
    for values in itertools.product(*ranges):
        place = dict(zip(claim.axes, values, strict=True))
        a, b = left.at(claim.left.expr, place), right.at(claim.right.expr, place)
        if is_finite(a) and is_finite(b):
            difference = None if _near(a, b) else comparison.judge(point, place)
            if difference is None:
                same.append(place)
            elif difference is not False:
                names = {index.name: value for index, value in place.items()}
                example = Counterexample(point.sizes, point.inputs, names, difference.left, difference.right)
                if not agrees_in_float(claim, example):
                    unsure = True
                elif not hangs_on_convention(comparison, point, place):
                    return bool(same), example
                else:
                    convention = convention or example
        if monotonic() > end:
            break
    if left.nowhere or right.nowhere:
        return False, None
    if convention is not None and all(hangs_on_convention(comparison, point, place) for place in same[:LOOKED_AT]):
        return bool(same), convention
    return bool(same), unsure or None


def _near(a: Any, b: Any) -> bool:
    """The same number, up to the rounding of 50 digits."""
    return bool(a == b) or (not isinstance(a, Fraction) and bool(abs(a - b) <= CLOSE * (abs(a) + abs(b))))


def hangs_on_convention(comparison: Comparison, point: Point, place: dict[Index, int]) -> bool:
    """Whether a convention such as 0/0 = 0 takes part in the value of an entry."""
    sides = (comparison.claim.left, comparison.claim.right)
    evaluators = comparison.evaluators(point)
    for side, evaluator in zip(sides, evaluators, strict=True):
        evaluator.at(side.expr, place)
    return any(evaluator.singular for evaluator in evaluators)


def agrees_in_float(claim: Claim, example: Counterexample) -> bool:
    """Whether float64 finds both values of a counterexample, and finds them different."""
    if not (is_finite(example.left) and is_finite(example.right)):
        return False
    place = {index: example.indices[index.name] for index in claim.axes}
    arrays = {name: _float(array) for name, array in example.inputs.items()}
    left, right = (
        float(Evaluator(arrays, example.sizes, side.statements, FLOAT).at(side.expr, place)) for side in (claim.left, claim.right)
    )
    if not (math.isfinite(left) and math.isfinite(right)):
        return False
    scale = max(abs(left), abs(right), 1e-30)
    near = all(abs(a - float(b)) <= RELATIVE * scale for a, b in ((left, example.left), (right, example.right)))
    return near and abs(left - right) > RELATIVE * scale


def _float(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return array if array.dtype.kind == "i" else np.asarray(np.vectorize(_number, otypes=[object])(array))


def _number(value: Any) -> Any:
    return value if isinstance(value, int) else float(value)
