"""Where the two sides of a claim differ at a point. A difference is claimed only where rounding cannot have made it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from tensorderiv.algebra.evaluate import mp
from tensorderiv.algebra.expression import Constant, Expr, Function, MatrixFunction, Number, Pow
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.traverse import walk
from tensorderiv.equality.claim import Claim
from tensorderiv.equality.points import Point
from tensorderiv.equality.watch import WatchedDigits, WatchedEvaluator, WatchedFractions, is_finite

DIGITS = 50
PRECISIONS = (DIGITS, 2 * DIGITS)
"""Digits with which a difference is computed again: rounding gives another one each time."""

STABLE = 10**10
"""A difference counts where computing it with twice the digits moves it by less than this part of itself."""

RESOLVED = 10**25
"""What is rounding alone becomes smaller by at least this factor with twice the digits."""

RATIONAL = frozenset({"abs", "sign", "floor", "max", "min", "relu"})
"""Functions whose value at rationals is rational."""


def is_rational(claim: Claim) -> bool:
    """Whether both sides have rational values at rational points, so that arithmetic is exact."""
    return not any(_irrational(node) for side in (claim.left, claim.right) for expr in side.expressions for node in walk(expr))


def _irrational(node: Any) -> bool:
    match node:
        case Constant():
            return True
        case Function(name):
            return name not in RATIONAL
        case MatrixFunction(name):
            return name == "logdet"
        case Pow(_, exponent):
            return not (isinstance(exponent, Number) and exponent.value.denominator == 1)
        case Expr():
            return getattr(node, "op", "") == "logsumexp"
    return False


@dataclass(frozen=True)
class Difference:
    """The free indices of an entry at which the sides differ, and both values."""

    place: dict[Index, int]
    left: Any
    right: Any


@dataclass
class Comparison:
    """Compares the sides of one claim at points. `strict`: what has no value counts nowhere by convention (`watch`).

    `seen`: whether each side was defined at one of the points.
    """

    claim: Claim
    exact: bool
    strict: bool = False
    seen: list[bool] = field(default_factory=lambda: [False, False])

    def differences(self, point: Point, late: Callable[[], bool]) -> Iterator[Difference | None]:
        """For each entry that can be judged a `Difference`, or None where the sides agree. Ends early when it is `late`.

        An entry with nan, or with infinities on both sides, is not judged, nor one whose value hangs on rounding. What hangs on
        a convention (0/0 = 0) is judged at generic points only, where it is no accident; if `strict`, agreement is judged so
        too, and only if all that is without a value has one at other indices.
        """
        left, right = self.evaluators(point)
        ranges = (range(left.extent(index.extent)) for index in self.claim.axes)
        held: list[Difference | None] = []
        for values in itertools.product(*ranges):
            if late():
                return
            place = dict(zip(self.claim.axes, values, strict=True))
            found = self._difference(point, place, left, right)
            if found is not False:
                held.append(found)
            if held and not (self.strict and (left.nowhere or right.nowhere)):
                yield from held
                held = []

    def _difference(
        self, point: Point, place: dict[Index, int], left: WatchedEvaluator, right: WatchedEvaluator
    ) -> Difference | Literal[False] | None:
        """The difference at one entry, None where the sides agree, False where that cannot be told."""
        a, b = left.at(self.claim.left.expr, place), right.at(self.claim.right.expr, place)
        self.seen[0] |= bool(a == a) and not left.nowhere
        self.seen[1] |= bool(b == b) and not right.nowhere
        if a != a or b != b or not (is_finite(a) or is_finite(b)):
            return False
        if not (is_finite(a) and is_finite(b) and self._agree(a, b)):
            return self.judge(point, place)
        if not self.strict or point.generic or not (left.singular or right.singular):
            return None
        return None if self._watched(point, place, DIGITS)[2] else False

    def judge(self, point: Point, place: dict[Index, int]) -> Difference | Literal[False] | None:
        """The difference at one entry, None where the sides agree up to rounding, False where that cannot be told."""
        values = [self._watched(point, place, digits) for digits in ((DIGITS,) if self.exact else PRECISIONS)]
        if not all(clean for _, _, clean in values):
            return False
        (a, b, _), (fine_a, fine_b, _) = values[0], values[-1]
        if self.exact:
            return Difference(place, a, b) if a != b else None
        if not all(is_finite(value) for left, right, _ in values for value in (left, right)):
            return False  # whether something is divided by exactly 0 may hang on rounding
        coarse, fine = a - b, fine_a - fine_b
        if abs(fine) * RESOLVED <= abs(coarse):
            return None
        return Difference(place, fine_a, fine_b) if abs(coarse - fine) * STABLE <= abs(fine) else False

    def _watched(self, point: Point, place: dict[Index, int], digits: int) -> tuple[Any, Any, bool]:
        """Both values, and whether they may be judged."""
        left, right = self.evaluators(point, digits)
        a, b = left.at(self.claim.left.expr, place), right.at(self.claim.right.expr, place)
        return a, b, not left.system.doubtful and (point.generic or not (left.singular or right.singular))

    def _agree(self, a: Any, b: Any) -> bool:
        if self.exact:
            return bool(a == b)
        return bool(abs(a - b) <= mp(DIGITS).context.mpf(10) ** -35 * (abs(a) + abs(b)))

    def evaluators(self, point: Point, digits: int = DIGITS) -> tuple[WatchedEvaluator, WatchedEvaluator]:
        """One for each side; both compute in one system of numbers."""
        system = WatchedFractions() if self.exact else WatchedDigits(digits)
        left, right = (side.statements for side in (self.claim.left, self.claim.right))
        return WatchedEvaluator(point.inputs, point.sizes, left, system), WatchedEvaluator(
            point.inputs, point.sizes, right, system
        )
