"""The elementary functions on floats, made total: nan outside the domain, inf at a pole or where the result is too large."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable

from tensorderiv.algebra.number_system import INF, NAN


def _guarded(function: Callable[..., float], pole: Callable[..., float] = lambda *args: NAN) -> Callable[..., float]:
    """The function with its value at a pole or outside its domain, and inf where the result is too large."""

    def value(*args: float) -> float:
        if any(math.isnan(arg) for arg in args):
            return NAN
        try:
            return function(*args)
        except ValueError:
            return pole(*args)
        except OverflowError:
            return INF

    return value


def _sigmoid(x: float) -> float:
    if x >= 0:
        return 1 / (1 + math.exp(-x))
    small = math.exp(x)
    return small / (1 + small)


def _polygamma(order: int) -> Callable[[float], float]:
    def value(x: float) -> float:
        from scipy.special import polygamma, psi

        return float(psi(x) if order == 0 else polygamma(order, x))

    return value


def _minus_inf_at(point: float) -> Callable[[float], float]:
    return lambda x: -INF if x == point else NAN


ROUNDING = 8
"""Units of rounding by which an argument may miss the domain of asin, acos or acosh: the cosine of a row with itself is 1."""


def _to_end(function: Callable[[float], float], low: float, high: float) -> Callable[[float], float]:
    """The function, taken at the end of its domain where rounding alone has passed it."""
    slack = ROUNDING * sys.float_info.epsilon

    def value(x: float) -> float:
        return function(min(max(x, low), high) if low - slack <= x <= high + slack else x)

    return value


FLOAT_FUNCTIONS: dict[str, Callable[..., float]] = {
    "exp": _guarded(math.exp),
    "log": _guarded(math.log, _minus_inf_at(0)),
    "log2": _guarded(math.log2, _minus_inf_at(0)),
    "log1p": _guarded(math.log1p, _minus_inf_at(-1)),
    "expm1": _guarded(math.expm1),
    "sqrt": _guarded(math.sqrt),
    "sin": _guarded(math.sin),
    "cos": _guarded(math.cos),
    "tan": _guarded(math.tan),
    "asin": _to_end(_guarded(math.asin), -1, 1),
    "acos": _to_end(_guarded(math.acos), -1, 1),
    "atan": _guarded(math.atan),
    "atan2": _guarded(math.atan2),
    "sinh": lambda x: math.copysign(1, x) * _guarded(math.sinh)(abs(x)),
    "cosh": _guarded(math.cosh),
    "tanh": _guarded(math.tanh),
    "asinh": _guarded(math.asinh),
    "acosh": _to_end(_guarded(math.acosh), 1, INF),
    "atanh": _guarded(math.atanh, lambda x: math.copysign(INF, x) if abs(x) == 1 else NAN),
    "erf": _guarded(math.erf),
    "lgamma": _guarded(math.lgamma, lambda x: INF),
    "digamma": _guarded(_polygamma(0)),
    "trigamma": _guarded(_polygamma(1)),
    "sigmoid": _guarded(_sigmoid),
    "softplus": _guarded(lambda x: max(x, 0.0) + math.log1p(math.exp(-abs(x)))),
    "floor": _guarded(lambda x: float(math.floor(x)) if math.isfinite(x) else x),
}
"""float -> float, total. `trigamma` is the derivative of digamma; the language has no spelling for it."""
