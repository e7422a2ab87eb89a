"""Number systems that notice where a value hangs on a convention or on rounding.

An entry is *singular* where something is divided by exactly 0, a function is taken at a pole or outside its domain, or a
singular matrix is inverted: what counts there is a convention (0/0 = 0), not arithmetic. It is *doubtful* where a comparison, a
rounding down or a power decides between numbers that rounding alone may have told apart.

A quotient or function without a value, beside a factor that is exactly 0, makes the product 0 by the strong zero. That is
meant where it stands at some of the indices only, whatever the inputs are: the diagonal of (x_i - x_j) / |x_i - x_j|, the terms
of a sum y_i log y_i at which a one-hot y is 0. Such an entry is evidence, at generic points. It is an accident where small
integers were drawn (x / x at x = 0); and what has no value at *any* of its indices, such as log x / log 1, was not meant to be 0
but is not defined. Neither is evidence, for or against.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, cast

from tensorderiv.algebra.elimination import Matrix
from tensorderiv.algebra.evaluator import CHEAP, Evaluator
from tensorderiv.algebra.expression import Expr, Function, MatrixFunction, Mul, Pow
from tensorderiv.algebra.number_system import NumberSystem
from tensorderiv.algebra.numbers import FractionNumbers, MpNumbers, mp
from tensorderiv.algebra.program import Statement

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
        self.name, self.context = mp(digits).name, mp(digits).context  # a context takes long to make
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


DIVIDING = frozenset({Pow, Function, MatrixFunction})
"""What may be without a value."""


class WatchedEvaluator(Evaluator):
    """Looks at all factors of a product that is 0, unless a delta or bracket makes it so: the others may be undefined.

    `singular`: something was without a value; `nowhere`: it was so at all indices at which it was looked at.
    """

    def __init__(
        self,
        arrays: Mapping[str, Any],
        sizes: Mapping[str, int],
        statements: Sequence[Statement],
        system: WatchedFractions | WatchedDigits,
    ) -> None:
        super().__init__(arrays, sizes, statements, system)
        self.system = system
        self.valued: dict[int, bool] = {}  # for each quotient and function, whether it had a value at some of its indices
        self.unvalued = False

    @property
    def singular(self) -> bool:
        return self.unvalued or self.system.singular

    @property
    def nowhere(self) -> bool:
        return not all(self.valued.values())

    def value(self, expr: Expr) -> Any:
        kind = type(expr)
        if kind is Mul:
            return self.product(cast(Mul, expr))
        if kind not in DIVIDING:
            return super().value(expr)
        outside, self.system.singular = self.system.singular, False
        value = super().value(expr)
        # an inverse is computed once for all of its entries
        matrix = kind is MatrixFunction and not is_finite(self.arithmetic.primal(value))
        valued = not (self.system.singular or matrix)
        if not valued:
            self.unvalued = True
            self.valued.setdefault(id(expr), False)
        elif not self.valued.get(id(expr)):
            self.valued[id(expr)] = True
        self.system.singular = outside
        return value

    def product(self, expr: Mul) -> Any:
        values = {}
        for place, factor in enumerate(expr.factors):
            if isinstance(factor, CHEAP):
                values[place] = self.value(factor)
                if self.arithmetic.is_zero(values[place]):
                    return self.arithmetic.zero
        factors = [values[place] if place in values else self.value(factor) for place, factor in enumerate(expr.factors)]
        if any(self.arithmetic.is_zero(factor) for factor in factors):
            return self.arithmetic.zero
        return self.arithmetic.multiply(factors)
