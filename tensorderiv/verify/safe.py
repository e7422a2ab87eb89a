"""Elementary functions for the autodiff oracle, safe at singular points.

Autodiff through sqrt(0) gives inf * 0 = nan. Each function here replaces its argument by a harmless one wherever it is singular
("double where"): the value stays what it is, the derivative there is 0, which is the subgradient of a norm at coinciding rows
and agrees with the reference meaning wherever that is finite.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from tensorderiv.errors import RuleProblem
from tensorderiv.verify.backends import Backend


class SafeFunctions:
    """The functions of the language over arrays of one backend."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self.np = backend.np

    def function(self, name: str, args: Sequence[Any]) -> Any:
        """f(args). RuleProblem for a function without a rule here."""
        np, special = self.np, self.backend.special
        plain: dict[str, Callable[..., Any]] = {
            "exp": np.exp,
            "expm1": np.expm1,
            "sin": np.sin,
            "cos": np.cos,
            "tan": np.tan,
            "atan": np.arctan,
            "sinh": np.sinh,
            "cosh": np.cosh,
            "tanh": np.tanh,
            "asinh": np.arcsinh,
            "sign": np.sign,
            "floor": np.floor,
            "abs": lambda x: x * np.sign(x),  # autograd's own rounds: g x / |x|
            "relu": lambda x: np.where(x > 0, x, 0.0),
            "sigmoid": lambda x: np.exp(-np.logaddexp(0.0, -x)),
            "softplus": lambda x: np.logaddexp(0.0, x),
            "log": lambda x: self.inside(np.log, x, x > 0, np.where(x == 0, -math.inf, math.nan)),
            "log2": lambda x: self.inside(np.log, x, x > 0, np.where(x == 0, -math.inf, math.nan)) / math.log(2),
            "log1p": lambda x: self.inside(np.log1p, x, x > -1, np.where(x == -1, -math.inf, math.nan)),
            "sqrt": lambda x: self.inside(np.sqrt, x, x > 0, np.where(x == 0, 0.0, math.nan)),
            "asin": lambda x: self.inside(np.arcsin, x, abs(x) < 1, np.sign(x) * (math.pi / 2)),
            "acos": lambda x: self.inside(np.arccos, x, abs(x) < 1, np.where(x > 0, 0.0, math.pi)),
            "acosh": lambda x: self.inside(np.arccosh, x, x > 1, 0.0, neutral=2.0),
            "atanh": lambda x: self.inside(np.arctanh, x, abs(x) < 1, np.sign(x) * math.inf),
            "atan2": self.atan2,
            **special,
        }
        rule = plain.get(name)
        if rule is None:
            raise RuleProblem(f"the autodiff oracle has no rule for the function {name}")
        return self.finite(rule, *args)

    def finite(self, function: Callable[..., Any], *args: Any) -> Any:
        """f(args), with derivative 0 where an argument is inf or nan: what a condition leaves out may be anything there."""
        np = self.np
        clear = np.isfinite(args[0])
        for arg in args[1:]:
            clear = clear & np.isfinite(arg)
        inner = function(*(np.where(clear, arg, 0.5) for arg in args))
        return np.where(clear, inner, function(*(self.backend.stop(arg) for arg in args)))

    def inside(self, function: Callable[[Any], Any], x: Any, inside: Any, outside: Any, neutral: float = 0.5) -> Any:
        """f(x) where `inside` holds, else the given value with derivative 0. Ends passed by rounding count as the ends."""
        return self.np.where(inside, function(self.np.where(inside, x, neutral)), outside)

    def atan2(self, y: Any, x: Any) -> Any:
        origin = (x == 0) & (y == 0)
        return self.np.where(origin, 0.0, self.np.arctan2(y, self.np.where(origin, 1.0, x)))

    def power_of(self, base: Any, exponent: float) -> Any:
        """base to a literal exponent; the derivative at base 0 is 0 where it would be infinite."""
        return self.finite(lambda x: self._power_of(x, exponent), base)

    def _power_of(self, base: Any, exponent: float) -> Any:
        np = self.np
        if exponent == int(exponent) and 0 <= exponent <= 64:
            return self._repeated(base, int(exponent))
        zero = base == 0
        if exponent == int(exponent) and exponent >= -64:
            return np.where(zero, math.inf, 1.0 / self._repeated(np.where(zero, 1.0, base), -int(exponent)))
        outside = (base < 0) & (exponent != int(exponent))
        replaced = outside | (zero & (exponent < 1))
        value = np.where(outside, math.nan, math.inf if exponent < 0 else 0.0)
        return np.where(replaced, value, np.where(replaced, 1.0, base) ** exponent)

    def power(self, base: Any, exponent: Any) -> Any:
        """base to an exponent that is an array of the same shape."""
        np = self.np
        replaced = (base == 0) & (exponent != 1)
        value = np.where(exponent == 0, 1.0, np.where(exponent > 0, 0.0, math.inf))
        return np.where(replaced, value, np.where(replaced, 1.0, base) ** exponent)

    def _repeated(self, base: Any, times: int) -> Any:
        """base ** times by multiplication, whose derivatives of every order are right at 0."""
        result, square = None, base
        while times:
            if times & 1:
                result = square if result is None else result * square
            times >>= 1
            square = square * square if times else square
        return base * 0.0 + 1.0 if result is None else result
