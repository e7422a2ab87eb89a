"""Where the two sides of a claim differ at a point. A difference is claimed only where rounding cannot have made it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from tensorderiv.algebra.evaluate import FRACTION, Evaluator, mp
from tensorderiv.algebra.expression import Constant, Expr, Function, MatrixFunction, Number, Pow
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.number_system import NumberSystem
from tensorderiv.algebra.traverse import walk
from tensorderiv.equality.claim import Claim, Side
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
    """Compares the sides of one claim at points."""

    claim: Claim
    exact: bool

    def differences(self, point: Point, late: Callable[[], bool]) -> Iterator[Difference | None]:
        """For each entry that can be judged a `Difference`, or None where the sides agree. Ends early when it is `late`.

        An entry with nan, or with infinities on both sides, is not judged, nor one whose value hangs on rounding. What hangs on
        a convention (0/0 = 0) is judged at generic points only, where it is no accident.
        """
        system: NumberSystem = FRACTION if self.exact else mp(DIGITS)
        left, right = (self._evaluator(side, point, system) for side in (self.claim.left, self.claim.right))
        ranges = (range(left.extent(index.extent)) for index in self.claim.axes)
        for values in itertools.product(*ranges):
            if late():
                return
            place = dict(zip(self.claim.axes, values, strict=True))
            a, b = left.at(self.claim.left.expr, place), right.at(self.claim.right.expr, place)
            if a != a or b != b or not (is_finite(a) or is_finite(b)):
                continue
            if is_finite(a) and is_finite(b) and self._agree(a, b):
                yield None
            elif (found := self.judge(point, place)) is not False:
                yield found

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
        system = WatchedFractions() if self.exact else WatchedDigits(digits)
        sides = (self.claim.left, self.claim.right)
        a, b = (WatchedEvaluator(point.inputs, point.sizes, side.statements, system).at(side.expr, place) for side in sides)
        return a, b, not system.doubtful and (point.generic or not system.singular)

    def _agree(self, a: Any, b: Any) -> bool:
        if self.exact:
            return bool(a == b)
        return bool(abs(a - b) <= mp(DIGITS).context.mpf(10) ** -35 * (abs(a) + abs(b)))

    def _evaluator(self, side: Side, point: Point, system: NumberSystem) -> Evaluator:
        return Evaluator(point.inputs, point.sizes, side.statements, system)
