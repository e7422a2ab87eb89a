"""Number systems: the arithmetic in which the reference meaning is computed.

`FLOAT` is float64, `FRACTION` exact rationals, `mp(digits)` mpmath with that many digits. All are real: outside the domain of a
function the value is nan, at its poles inf. All obey the strong zero: a product with a factor that is exactly 0 is 0, whatever
the other factors are.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

from tensorderiv.algebra.elimination import Matrix, is_finite, pivots
from tensorderiv.algebra.float_functions import FLOAT_FUNCTIONS, ROUNDING
from tensorderiv.algebra.number_system import INF, NAN, NumberSystem
from tensorderiv.errors import DomainProblem, NameProblem

__all__ = ["FLOAT", "FRACTION", "INF", "NAN", "NumberSystem", "mp"]


class FloatNumbers(NumberSystem):
    """float64."""

    name = "FLOAT"
    dtype = float

    def number(self, value: Any) -> float:
        return float(value)

    def constant(self, name: str) -> float:
        return {"pi": math.pi, "e": math.e}[name]

    def power(self, base: float, exponent: float) -> float:
        if exponent == 0:
            return 1.0
        if base == 0 and exponent < 0:
            odd = math.isfinite(exponent) and exponent % 2 == 1
            return math.copysign(INF, base) if odd else INF
        try:
            return math.pow(base, exponent)
        except ValueError:
            return NAN
        except OverflowError:
            return -INF if base < 0 and exponent % 2 == 1 else INF

    def logdet(self, matrix: Matrix) -> float:
        """The sum of the logarithms of the pivots: the determinant itself may overflow."""
        if not is_finite(self, matrix):
            return NAN
        sign, found = pivots(self, matrix)
        if sign == 0:
            return -INF
        negative = sum(x < 0 for x in found) % 2 == (sign > 0)
        return NAN if negative else math.fsum(math.log(abs(x)) for x in found)

    def elementary(self, name: str, args: Sequence[float]) -> float:
        function = FLOAT_FUNCTIONS.get(name)
        if function is None:
            raise NameProblem(f"no function {name}", hint="the functions stand in algebra/functions.py")
        return function(*args)


@lru_cache(maxsize=1000)
def whole(value: int) -> Fraction:
    return Fraction(value)


class FractionNumbers(NumberSystem):
    """Exact rationals; inf and nan, where they arise, are floats so that the strong zero still works."""

    name = "FRACTION"

    def number(self, value: Any) -> Fraction | float:
        if isinstance(value, Fraction):
            return value
        if isinstance(value, int):
            return whole(value)
        plain = float(value)
        return Fraction(plain) if math.isfinite(plain) else plain

    def constant(self, name: str) -> Any:
        raise self._inexact(name)

    def power(self, base: Fraction | float, exponent: Fraction | float) -> Fraction | float:
        if exponent == 0:
            return Fraction(1)
        if isinstance(base, float) or isinstance(exponent, float):
            return self._limit(f"{base} ** {exponent}", FLOAT.power(float(base), float(exponent)))
        if base == 0:
            return Fraction(0) if exponent > 0 else INF
        if exponent.denominator == 1:
            return base ** int(exponent)
        if base < 0:
            return NAN
        roots = [_exact_root(part, exponent.denominator) for part in (base.numerator, base.denominator)]
        if roots[0] is None or roots[1] is None:
            raise self._inexact(f"({base}) ** ({exponent})")
        return Fraction(roots[0], roots[1]) ** exponent.numerator

    def elementary(self, name: str, args: Sequence[Fraction | float]) -> Fraction | float:
        (x, *_) = args
        if name == "sqrt":
            return self.power(x, Fraction(1, 2))
        if name == "floor" and isinstance(x, Fraction):
            return Fraction(math.floor(x))
        text = f"{name}({', '.join(str(arg) for arg in args)})"
        return self._limit(text, FLOAT.elementary(name, [float(arg) for arg in args]))

    def _limit(self, text: str, value: float) -> Fraction | float:
        """A value that floats know exactly: 0, inf, nan (a result of inf or nan, or at a pole)."""
        if math.isfinite(value) and value != 0:
            raise self._inexact(text)
        return Fraction(0) if value == 0 else value

    def _inexact(self, text: str) -> DomainProblem:
        return DomainProblem(f"{text} is no rational number that can be computed exactly", hint="evaluate with FLOAT or mp(50)")


def _exact_root(value: int, degree: int) -> int | None:
    """The integer root, or None where the value is no perfect power."""
    low, high = 0, 1 << (value.bit_length() // degree + 1)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if middle**degree <= value else (low, middle - 1)
    return low if low**degree == value else None


class MpNumbers(NumberSystem):
    """mpmath reals of a fixed number of decimal digits, in a context of their own."""

    def __init__(self, digits: int) -> None:
        from mpmath import mp as shared

        self.name = f"mp({digits})"
        self.context: Any = shared.clone()
        self.context.dps = digits

    def number(self, value: Any) -> Any:
        if isinstance(value, Fraction):
            return self.context.mpf(value.numerator) / value.denominator
        return self.context.mpf(value if isinstance(value, (int, str)) or type(value).__name__ == "mpf" else float(value))

    def constant(self, name: str) -> Any:
        return +{"pi": self.context.pi, "e": self.context.e}[name]

    def power(self, base: Any, exponent: Any) -> Any:
        if exponent == 0:
            return self.number(1)
        if base == 0:
            return self.number(0 if exponent > 0 else INF)
        if base < 0 and self.context.isfinite(exponent) and exponent != self.context.floor(exponent):
            return self.number(NAN)
        return self.context.power(base, exponent)

    def elementary(self, name: str, args: Sequence[Any]) -> Any:
        context, (x, *_) = self.context, args
        if any(context.isnan(arg) for arg in args):
            return self.number(NAN)
        if name in ("log", "log2") and x <= 0:
            return self.number(-INF if x == 0 else NAN)
        if name == "log1p" and x <= -1:
            return self.number(-INF if x == -1 else NAN)
        slack = ROUNDING * context.eps
        if (name in ("asin", "acos") and 1 < abs(x) <= 1 + slack) or (name == "acosh" and 1 - slack <= x < 1):
            args = (x,) = (context.sign(x),)
        outside = {"sqrt": x < 0, "asin": abs(x) > 1, "acos": abs(x) > 1, "acosh": x < 1, "atanh": abs(x) > 1}
        if outside.get(name, False) or (name in ("sin", "cos", "tan") and context.isinf(x)):
            return self.number(NAN)
        if name == "atanh" and abs(x) == 1:
            return self.number(INF) * x
        if name == "floor" and context.isinf(x):
            return x
        rules: dict[str, Callable[..., Any]] = {
            "log2": lambda u: context.log(u) / context.log(2),
            "lgamma": self._lgamma,
            "digamma": lambda u: context.psi(0, u),
            "trigamma": lambda u: context.psi(1, u),
            "sigmoid": lambda u: 1 / (1 + context.exp(-u)),
            "softplus": lambda u: (u if u > 0 else 0) + context.log1p(context.exp(-abs(u))),
        }
        function = rules.get(name) or (getattr(context, name) if name in FLOAT_FUNCTIONS else None)
        if function is None:
            raise NameProblem(f"no function {name}", hint="the functions stand in algebra/functions.py")
        try:
            return function(*args)
        except (ValueError, ZeroDivisionError):  # at a pole
            return self.number(NAN)

    def _lgamma(self, x: Any) -> Any:
        if x <= 0 and x == self.context.floor(x):
            return self.number(INF)
        return self.context.loggamma(x) if x > 0 else self.context.log(abs(self.context.gamma(x)))


FLOAT = FloatNumbers()
FRACTION = FractionNumbers()


@lru_cache(maxsize=16)
def mp(digits: int) -> MpNumbers:
    """mpmath with that many decimal digits."""
    return MpNumbers(digits)
