"""Tolerances by running error analysis: the reference computed together with a bound on what rounding may do to it.

A number is a value with a bound `error` on the difference between any two honest ways of computing it in the given precision:

* an operation adds `unit` times the size of its result (a sum: of its summands, so that terms may be reassociated), a library
  function LIBRARY times that, and the least normal number where it may underflow; what comes in is carried on through the
  operation, by its values at the ends of the interval. Where the precision overflows nothing is determined (nan);
* a zero is *exact* when no rounding led to it, such as x - x: it is a strong zero. A zero that rounding could have made
  otherwise, such as 1 - cos(x, x), is not, and its product with an infinite factor is undetermined (nan);
* where two numbers that are compared cannot be told apart, `doubt` is set: the entry sits on a kink that rounding decides.

So the tolerance of every entry follows from the definition, the input and the precision; nothing is tuned to a case.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from tensorderiv.algebra.elimination import Matrix
from tensorderiv.algebra.evaluator import Evaluator
from tensorderiv.algebra.expression import Expr
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.numbers import FLOAT, INF, NAN, NumberSystem
from tensorderiv.verify.matrix_error import inverse_error, log_error, split, take_apart

LIBRARY = 4
"""Units that exp, log, pow and the like may be off: common libraries stay below two ulp."""

DOMAINS: dict[str, tuple[float, float]] = {
    "sqrt": (0, INF),
    "log": (0, INF),
    "log2": (0, INF),
    "log1p": (-1, INF),
    "asin": (-1, 1),
    "acos": (-1, 1),
    "acosh": (1, INF),
    "atanh": (-1, 1),
}
"""Where a function is real. An argument outside by no more than its error is taken at the end."""

PLAIN = frozenset({"abs", "sign", "relu", "floor"})
"""Functions that do not round."""

NEVER_ZERO = frozenset({"exp", "sigmoid", "softplus"})
"""Functions that are 0 only where they underflow."""


GROWING = NEVER_ZERO | {"expm1", "sinh", "cosh"}
"""Functions that blow up the error of their argument: exp(u - m) / sum exp(u - m) is an honest way to exp(u) / sum exp(u)."""


@dataclass(frozen=True)
class Bounded:
    """A value, a bound on its rounding error, and whether no rounding happened at all."""

    value: float
    error: float
    exact: bool
    lost: float = 0.0
    """Of an exact zero such as x - x: the rounding that stands in c x - c x, were the product multiplied out."""

    def __neg__(self) -> Bounded:
        return Bounded(-self.value, self.error, self.exact, self.lost)


class RunningError(NumberSystem):
    """Numbers with running error bounds in a precision given by its unit (eps)."""

    def __init__(self, dtype: type = np.float64) -> None:
        self.precision = np.dtype(dtype).type
        self.unit = float(np.finfo(dtype).eps)
        self.least = float(np.finfo(dtype).smallest_normal)
        self.most = float(np.finfo(dtype).max)
        self.name = f"running error in {np.dtype(dtype).name}"
        self.doubt = False

    def number(self, value: Any) -> Bounded:
        if isinstance(value, Bounded):
            return value
        plain = float(value)
        if not math.isfinite(plain):
            return Bounded(plain, 0.0, True)
        with np.errstate(all="ignore"):
            exact = Fraction(float(self.precision(plain))) == Fraction(value if isinstance(value, (int, Fraction)) else plain)
        return Bounded(plain, 0.0 if exact else self.unit * abs(plain), exact)

    def constant(self, name: str) -> Bounded:
        value = FLOAT.constant(name)
        return Bounded(value, self.unit * value, False)

    def add(self, terms: Sequence[Bounded]) -> Bounded:
        total, exact = 0.0, True
        for term in terms:
            exact = exact and term.exact and _adds_exactly(total, term.value)
            total += term.value
        size = sum(abs(term.value) for term in terms)
        error = sum(term.error for term in terms)
        if not (exact and all(term.value.is_integer() for term in terms)):  # small integers add without rounding, in any order
            error += self.unit * max(0, len(terms) - 1) * size
        lost = sum(term.lost for term in terms)
        if total == 0 and exact:
            return Bounded(0.0, error, True, lost + self.unit * size)
        return Bounded(total, error + lost if size <= self.most else NAN, exact)

    def multiply(self, factors: Sequence[Bounded]) -> Bounded:
        if any(_vanishes(f) and f.error == 0 for f in factors):
            return Bounded(0.0, self._multiplied_out(factors), True)
        strong = any(_vanishes(f) for f in factors)
        if strong and not all(math.isfinite(f.value) and math.isfinite(f.error) for f in factors):
            return Bounded(0.0, 0.0, True)
        value, most = 1.0, 1.0
        for factor in factors:
            value *= factor.value
            most *= abs(factor.value) + factor.error
        units = max(0, sum(abs(f.value) != 1 for f in factors) - 1)
        error = most - abs(value) + units * (self.unit * abs(value) + self.least)
        exact = strong or (all(f.exact for f in factors) and units == 0)
        return Bounded(value, error if abs(value) <= self.most else NAN, exact)

    def _multiplied_out(self, factors: Sequence[Bounded]) -> float:
        """What rounding leaves of c (x - x) where it is computed as c x - c x; nothing where c is not finite (strong zero)."""
        product = 1.0
        for factor in factors:
            product *= factor.lost if _vanishes(factor) and factor.error == 0 else abs(factor.value) + factor.error
        return product if math.isfinite(product) else 0.0

    def is_zero(self, value: Any) -> bool:
        """Whether the value is 0 however it is computed: the evaluator then leaves out what it is multiplied by."""
        return _vanishes(value) and value.lost == 0

    def power(self, base: Bounded, exponent: Bounded) -> Bounded:
        if _vanishes(base) and exponent.value < 0:
            return Bounded(INF, 0.0, True)
        low, high = base.value - base.error, base.value + base.error
        if exponent.value < 0 and low <= 0 <= high:
            return Bounded(FLOAT.power(base.value, exponent.value), NAN, False)
        whole = exponent.value == int(exponent.value) if math.isfinite(exponent.value) else False
        if not whole and low < 0 <= high:
            low = 0.0
        centre = max(base.value, low) if not whole else base.value
        units = min(abs(exponent.value), LIBRARY) if whole else LIBRARY
        powers = (exponent.value - exponent.error, exponent.value, exponent.value + exponent.error)
        corners = itertools.product((low, centre, high), powers if exponent.error else (exponent.value,))
        exact = base.exact and exponent.exact and (base.value == 0 or (abs(exponent.value) == 1 and base.value == 1))
        return self._between(FLOAT.power(centre, exponent.value), [FLOAT.power(u, v) for u, v in corners], units, exact)

    def function(self, name: str, args: Sequence[Bounded]) -> Bounded:
        lowest, highest = DOMAINS.get(name, (-INF, INF))
        ranges = []
        for arg in args:
            error = arg.error + (self.unit * abs(arg.value) if name in GROWING else 0.0)
            low, high = arg.value - error, arg.value + error
            if high >= lowest and low <= highest:
                low, high = max(low, lowest), min(high, highest)
            ranges.append((low, min(max(arg.value, low), high) if low <= high else arg.value, high))

        def at(*point: float) -> float:
            return float(FLOAT.function(name, point))

        exact = all(arg.exact for arg in args)
        if exact and name in PLAIN:
            return Bounded(at(*(arg.value for arg in args)), 0.0 if name in ("sign", "floor") else args[0].error, True)
        value = at(*(middle for _, middle, _ in ranges))
        corners = [at(*corner) for corner in itertools.product(*ranges)]
        exact = exact and value == 0 and name not in NEVER_ZERO
        return self._between(value, corners, 0 if name in PLAIN else LIBRARY, exact)

    def elementary(self, name: str, args: Sequence[Bounded]) -> Bounded:
        return self.function(name, args)

    cofactors_by_inverse = True

    def inverse(self, matrix: Matrix) -> Matrix:
        taken = take_apart(*split(matrix), self.unit)
        if taken is None:
            return [[Bounded(NAN, NAN, False) for _ in row] for row in matrix]
        error = inverse_error(taken, self.unit) + self.least
        return [
            [Bounded(float(x), float(e), False) for x, e in zip(*both, strict=True)]
            for both in zip(taken.inverse, error, strict=True)
        ]

    def determinant(self, matrix: Matrix) -> Bounded:
        value, error = split(matrix)
        taken = take_apart(value, error, self.unit)
        found = NAN if taken is None else float(np.linalg.det(value))
        if taken is None or not abs(found) <= self.most:
            return Bounded(found, NAN, False)
        relative = math.expm1(log_error(taken, self.unit)) + len(value) * self.unit
        return Bounded(found, abs(found) * relative + self.least, False)

    def logdet(self, matrix: Matrix) -> Bounded:
        value, error = split(matrix)
        taken, found = take_apart(value, error, self.unit), FLOAT.logdet(value.tolist())
        if taken is None or math.isnan(found):
            return Bounded(found, NAN, False)
        rounding = self.unit * (LIBRARY + len(value)) * float(np.abs(np.log(np.abs(taken.diagonal))).sum())
        return Bounded(found, log_error(taken, self.unit) + rounding, False)

    def _between(self, value: float, corners: Sequence[float], units: float, exact: bool) -> Bounded:
        """The value, with the error that the corners of the argument's interval show and that of the operation itself."""
        if not abs(value) <= self.most:
            return Bounded(value, 0.0 if exact else NAN, exact)
        spread = max((abs(corner - value) for corner in corners), default=0.0)
        if any(math.isnan(corner) for corner in corners):
            spread = INF
        return Bounded(value, spread + units * (self.unit * abs(value) + (0.0 if exact else self.least)), exact)

    def order(self, left: Any, right: Any) -> int | None:
        if left is right:
            return None if math.isnan(left.value) else 0
        if not (left.exact and right.exact) and abs(left.value - right.value) <= left.error + right.error:
            self.doubt = True
        return FLOAT.order(left.value, right.value)

    def approximate(self, value: Any) -> float:
        return float(value.value)


class DoubtingEvaluator(Evaluator):
    """An evaluator over `RunningError` that keeps the doubt beside every value it remembers: it belongs to what reads them."""

    def entry_and_doubt(self, expr: Expr, environment: Mapping[Index, int]) -> tuple[Bounded, bool]:
        """One entry, and whether a comparison that it hangs on was in doubt."""
        return self.aside(lambda: self.at(expr, environment))

    def aside(self, compute: Callable[[], Any]) -> tuple[Any, bool]:
        """What is computed, with its own doubt; that of the system is as it was."""
        system = cast(RunningError, self.arithmetic.system)
        outer, system.doubt = system.doubt, False
        try:
            return compute(), system.doubt
        finally:
            system.doubt = outer

    def remembered(self, key: Any, names: frozenset[str], compute: Callable[[], Any]) -> Any:
        value, doubt = super().remembered(key, names, lambda: self.aside(compute))
        cast(RunningError, self.arithmetic.system).doubt |= doubt
        return value


def _vanishes(value: Bounded) -> bool:
    """Whether the value is a strong zero."""
    return value.value == 0 and value.exact


def _adds_exactly(left: float, right: float) -> bool:
    """Whether left + right is a float (Knuth's two-sum has no remainder)."""
    total = left + right
    back = total - left
    return (left - (total - back)) + (right - back) == 0


@dataclass(frozen=True)
class Judged:
    """Reference values with the tolerance of each entry; nan as tolerance where rounding leaves nothing determined."""

    value: npt.NDArray[np.float64]
    tolerance: npt.NDArray[np.float64]

    @property
    def determined(self) -> npt.NDArray[np.bool_]:
        return np.isfinite(self.value) & np.isfinite(self.tolerance)

    def where(self, holds: bool | npt.NDArray[np.bool_]) -> Judged:
        """The same, undetermined where the condition does not hold."""
        return Judged(self.value, np.where(holds, self.tolerance, np.nan))


SAFETY = 4.0
"""Two computations are compared, each with its own error; and the bounds leave out terms of second order."""


def judged(array: npt.NDArray[Any], unit: float) -> Judged:
    """An array of `Bounded` as values and tolerances.

    An entry may also be off by rounding at the size of the largest entry of its array: a stable formula for the whole (an angle
    by atan2, an adjoint that is summed) need not give each small entry to full relative precision.
    """
    value = np.array([item.value for item in array.flat], dtype=float).reshape(array.shape)
    error = np.array([item.error for item in array.flat], dtype=float).reshape(array.shape)
    finite = np.abs(value[np.isfinite(value)])
    size = float(finite.max()) if finite.size else 0.0
    return Judged(value, SAFETY * (error + unit * size))
