"""Forward-mode derivatives by dual numbers, nested for higher orders.

A `Dual` is a value with its tangents: the derivatives by all entries of one tensor at once, those that are 0 left out. Each
nested derivative has a level; value and tangents of a dual may be duals of lower levels, never of the same, so perturbations are
not confused. The conventions at kinks are those of the language: abs' = sign, relu' = [x > 0], sign' = floor' = 0; the product
rule is taken term by term and every product obeys the strong zero, f'(u) u' included.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tensorderiv.algebra.deadline import in_time
from tensorderiv.algebra.numbers import NumberSystem
from tensorderiv.errors import RuleProblem

Place = tuple[int, ...]
"""The subscripts of an entry of the tensor that a derivative is taken by."""


@dataclass(frozen=True)
class Dual:
    """value + sum of tangents[place] * epsilon[place] of the given level; all parts are of lower levels."""

    level: int
    value: Any
    tangents: Mapping[Place, Any]


class Arithmetic:
    """The operations of a number system, carried over to dual numbers."""

    def __init__(self, system: NumberSystem) -> None:
        self.system = system
        self.zero = system.number(0)
        self.one = system.number(1)

    def number(self, value: Any) -> Any:
        return self.system.number(value)

    def primal(self, x: Any) -> Any:
        """The plain number inside."""
        while isinstance(x, Dual):
            x = x.value
        return x

    def tangent(self, x: Any, level: int, place: Place) -> Any:
        """The derivative of that level by the entry; 0 for what does not depend on it."""
        return _tangents(x, level).get(place, self.zero)

    def variable(self, x: Any, level: int, place: Place) -> Any:
        """x, moving as the entry of that level."""
        return self.add([x, Dual(level, self.zero, {place: self.one})])

    def is_zero(self, x: Any) -> bool:
        """Whether value and tangents are all exactly 0."""
        while isinstance(x, Dual):
            if not self.are_zero(x.tangents):
                return False
            x = x.value
        return self.system.is_zero(x)

    def are_zero(self, tangents: Mapping[Place, Any]) -> bool:
        return all(self.is_zero(tangent) for tangent in tangents.values())

    def order(self, left: Any, right: Any) -> int | None:
        """The order of the values; tangents play no part."""
        return self.system.order(self.primal(left), self.primal(right))

    def add(self, terms: Sequence[Any]) -> Any:
        level = _level(terms)
        if level < 0:
            return self.system.add(terms)
        in_time()
        value = self.add([_value(t, level) for t in terms])
        return Dual(level, value, self.collect(item for t in terms for item in _tangents(t, level).items()))

    def collect(self, contributions: Iterable[tuple[Place, Any]]) -> dict[Place, Any]:
        """The sum of the contributions to each entry."""
        found: dict[Place, list[Any]] = {}
        for place, contribution in contributions:
            found.setdefault(place, []).append(contribution)
        return {place: parts[0] if len(parts) == 1 else self.add(parts) for place, parts in found.items()}

    def multiply(self, factors: Sequence[Any]) -> Any:
        """The product; its tangents are the product rule, each of its terms a product with the strong zero."""
        level = _level(factors)
        if level < 0:
            return self.system.multiply(factors)
        in_time()
        values = [_value(f, level) for f in factors]
        terms = (
            (place, self.multiply([*values[:number], tangent, *values[number + 1 :]]))
            for number, factor in enumerate(factors)
            for place, tangent in _tangents(factor, level).items()
        )
        return Dual(level, self.multiply(values), self.collect(terms))

    def subtract(self, left: Any, right: Any) -> Any:
        return self.add([left, self.multiply([self.number(-1), right])])

    def inverse(self, x: Any) -> Any:
        return self.power(x, self.number(-1))

    def power(self, base: Any, exponent: Any) -> Any:
        """u^v with tangent v u^(v-1) u' + u^v log(u) v'."""
        level = _level((base, exponent))
        if level < 0:
            return self.system.power(base, exponent)
        in_time()
        u, v = _value(base, level), _value(exponent, level)
        value = self.power(u, v)
        terms: list[tuple[Place, Any]] = []
        du, dv = _tangents(base, level), _tangents(exponent, level)
        if not self.are_zero(du):
            below = self.power(u, self.subtract(v, self.one))
            terms += [(place, self.multiply([v, below, tangent])) for place, tangent in du.items()]
        if not self.are_zero(dv):
            log = self.function("log", [u])
            terms += [(place, self.multiply([value, log, tangent])) for place, tangent in dv.items()]
        return Dual(level, value, self.collect(terms))

    def function(self, name: str, args: Sequence[Any]) -> Any:
        """f(u) with tangent f'(u) u'. RuleProblem where f has no derivative rule."""
        level = _level(args)
        if level < 0:
            return self.system.function(name, args)
        values = [_value(arg, level) for arg in args]
        terms: list[tuple[Place, Any]] = []
        for number, arg in enumerate(args):
            tangents = _tangents(arg, level)
            if not self.are_zero(tangents):
                slope = self.partial(name, values, number)
                terms += [(place, self.multiply([slope, tangent])) for place, tangent in tangents.items()]
        return Dual(level, self.function(name, values), self.collect(terms))

    def partial(self, name: str, args: Sequence[Any], number: int) -> Any:
        """The partial derivative of the function by one argument."""
        rule = PARTIALS.get(name)
        if rule is None:
            raise RuleProblem(f"no derivative rule for the function {name}", hint="have you added it to algebra/dual.py?")
        return rule[number](self, *args)


def _tangents(x: Any, level: int) -> Mapping[Place, Any]:
    """The tangents of that level; none for a number that does not move."""
    return x.tangents if isinstance(x, Dual) and x.level == level else {}


def _level(values: Sequence[Any]) -> int:
    """The highest level among the values, -1 if all are plain."""
    return max((v.level for v in values if isinstance(v, Dual)), default=-1)


def _value(x: Any, level: int) -> Any:
    return x.value if isinstance(x, Dual) and x.level == level else x


def _root_below(a: Arithmetic, x: Any, sign: int) -> Any:
    """1 / sqrt(1 + sign x^2), with 1 - x^2 taken as (1 - x)(1 + x)."""
    plus = a.add([a.one, a.multiply([x, x])])
    minus = a.multiply([a.subtract(a.one, x), a.add([a.one, x])])
    return a.power(plus if sign > 0 else minus, a.number(Fraction(-1, 2)))


def _half(a: Arithmetic, x: Any) -> Any:
    return a.multiply([a.number(Fraction(1, 2)), x])


def _radius(a: Arithmetic, y: Any, x: Any) -> Any:
    return a.inverse(a.add([a.multiply([y, y]), a.multiply([x, x])]))


def _gauss(a: Arithmetic, x: Any) -> Any:
    bell = a.function("exp", [a.multiply([a.number(-1), x, x])])
    return a.multiply([a.number(2), a.power(a.system.constant("pi"), a.number(Fraction(-1, 2))), bell])


def _step(a: Arithmetic, x: Any) -> Any:
    return a.one if a.order(x, a.zero) == 1 else a.zero


def _sigmoid_slope(a: Arithmetic, x: Any) -> Any:
    return a.multiply([a.function("sigmoid", [x]), a.function("sigmoid", [a.multiply([a.number(-1), x])])])


Partial = Callable[..., Any]
PARTIALS: dict[str, tuple[Partial, ...]] = {
    "exp": (lambda a, x: a.function("exp", [x]),),
    "expm1": (lambda a, x: a.function("exp", [x]),),
    "log": (lambda a, x: a.inverse(x),),
    "log2": (lambda a, x: a.inverse(a.multiply([x, a.function("log", [a.number(2)])])),),
    "log1p": (lambda a, x: a.inverse(a.add([a.one, x])),),
    "sqrt": (lambda a, x: _half(a, a.inverse(a.function("sqrt", [x]))),),
    "abs": (lambda a, x: a.function("sign", [x]),),
    "sign": (lambda a, x: a.zero,),
    "floor": (lambda a, x: a.zero,),
    "relu": (_step,),
    "sin": (lambda a, x: a.function("cos", [x]),),
    "cos": (lambda a, x: a.multiply([a.number(-1), a.function("sin", [x])]),),
    "tan": (lambda a, x: a.add([a.one, a.power(a.function("tan", [x]), a.number(2))]),),
    "asin": (lambda a, x: _root_below(a, x, -1),),
    "acos": (lambda a, x: a.multiply([a.number(-1), _root_below(a, x, -1)]),),
    "atan": (lambda a, x: a.inverse(a.add([a.one, a.multiply([x, x])])),),
    "atan2": (
        lambda a, y, x: a.multiply([x, _radius(a, y, x)]),
        lambda a, y, x: a.multiply([a.number(-1), y, _radius(a, y, x)]),
    ),
    "sinh": (lambda a, x: a.function("cosh", [x]),),
    "cosh": (lambda a, x: a.function("sinh", [x]),),
    "tanh": (lambda a, x: a.power(a.function("cosh", [x]), a.number(-2)),),
    "asinh": (lambda a, x: _root_below(a, x, 1),),
    "acosh": (lambda a, x: a.power(a.multiply([a.subtract(x, a.one), a.add([x, a.one])]), a.number(Fraction(-1, 2))),),
    "atanh": (lambda a, x: a.inverse(a.multiply([a.subtract(a.one, x), a.add([a.one, x])])),),
    "erf": (_gauss,),
    "lgamma": (lambda a, x: a.function("digamma", [x]),),
    "digamma": (lambda a, x: a.function("trigamma", [x]),),
    "sigmoid": (_sigmoid_slope,),
    "softplus": (lambda a, x: a.function("sigmoid", [x]),),
}
"""function -> one partial derivative an argument, as computations on the argument (not as expressions)."""
