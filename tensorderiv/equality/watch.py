"""Number systems that notice where a value hangs on a convention or on rounding.

An entry is *singular* where something is divided by exactly 0, a function is taken at a pole or outside its domain, or a
singular matrix is inverted: what counts there is a convention (0/0 = 0), not arithmetic. It is *doubtful* where a comparison, a
rounding down or a power decides between numbers that rounding alone may have told apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from tensorderiv.algebra.elimination import Matrix
from tensorderiv.algebra.evaluator import CHEAP, Evaluator
from tensorderiv.algebra.expression import Expr, Mul
from tensorderiv.algebra.number_system import NumberSystem
from tensorderiv.algebra.numbers import FractionNumbers, MpNumbers

CLOSE = Fraction(1, 10**35)
"""Numbers of 50 digits that agree to this, relative to their size, may be the same number."""


def is_finite(value: Any) -> bool:
    """Neither nan nor infinite."""
    return isinstance(value, Fraction) or bool(value - value == 0)


class WatchedMatrices(NumberSystem):
    """Notices the inverse of a singular matrix, and the logarithm of its determinant; the determinant itself is a number."""

    singular: bool

    def inverse(self, matrix: Matrix) -> Matrix:
        found = super().inverse(matrix)
        self.singular |= not all(is_finite(value) for row in found for value in row)
        return found

    def logdet(self, matrix: Matrix) -> Any:
        found = super().logdet(matrix)
        self.singular |= not is_finite(found)
        return found


class WatchedFractions(WatchedMatrices, FractionNumbers):
    """Exact rationals; nothing is ever doubtful."""

    def __init__(self) -> None:
        self.singular = False
        self.doubtful = False

    def power(self, base: Any, exponent: Any) -> Any:
        value = super().power(base, exponent)
        self.singular |= not is_finite(value)
        return value

    def elementary(self, name: str, args: Sequence[Any]) -> Any:
        value = super().elementary(name, args)
        self.singular |= not is_finite(value)
        return value


class WatchedDigits(WatchedMatrices, MpNumbers):
    """mpmath reals."""

    def __init__(self, digits: int) -> None:
        super().__init__(digits)
        self.close = self.number(CLOSE)
        self.singular = False
        self.doubtful = False

    def order(self, left: Any, right: Any) -> int | None:
        found = super().order(left, right)
        if found and is_finite(left) and is_finite(right):
            self.doubtful |= bool(abs(left - right) <= self.close * max(1, abs(left), abs(right)))
        return found

    def power(self, base: Any, exponent: Any) -> Any:
        value = super().power(base, exponent)
        self.singular |= not is_finite(value)
        if base != 0 and abs(base) < self.close and not (exponent > 0 and exponent == self.context.floor(exponent)):
            self.doubtful = True
        return value

    def elementary(self, name: str, args: Sequence[Any]) -> Any:
        value = super().elementary(name, args)
        self.singular |= not is_finite(value)
        (x, *_) = args
        if name == "floor" and is_finite(x):
            self.doubtful |= bool(0 < abs(x - self.context.nint(x)) < self.close)
        elif name in ("log", "log2", "sqrt", "lgamma", "digamma") and is_finite(x):
            self.doubtful |= bool(0 < abs(x) < self.close)
        return value


class WatchedEvaluator(Evaluator):
    """Looks at all factors of a product that is 0, unless a delta or bracket makes it so: the others may be undefined."""

    def value(self, expr: Expr) -> Any:
        value = super().value(expr)
        if isinstance(expr, Mul) and self.arithmetic.is_zero(value):
            cheap = [factor for factor in expr.factors if isinstance(factor, CHEAP)]
            if not any(self.arithmetic.is_zero(super(WatchedEvaluator, self).value(factor)) for factor in cheap):
                for factor in expr.factors:
                    super().value(factor)
        return value
