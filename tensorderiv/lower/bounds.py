"""Quotients that are finite although their divisor may be zero, because the numerator is no larger:

    |x_p| <= sqrt(sum_q x_q^2),    so   x_p / |x|,   sum_p x_p y_p / (|x| |y|)   are at most 1 and d; they are 0 where |x| = 0.

The strong zero is needed where such a quotient is computed; what uses it can rely on a finite value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from tensorderiv.algebra.build import TWO, factors_of
from tensorderiv.algebra.expression import Element, Expr, Function, Mul, Number, Pow, Reduction
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.traverse import subscripts_of, substitute, walk
from tensorderiv.lower.values import body_of

HALF = Fraction(1, 2)


class Known(Protocol):
    """What this module asks of `facts.Facts`."""

    @property
    def statements(self) -> Mapping[str, Statement]:
        """The statements by name."""
        ...

    def finite(self, expr: Expr) -> bool:
        """Whether the value is finite at every finite input."""
        ...


@dataclass(frozen=True)
class Norm:
    """(sum_index entry^2) ** power."""

    index: Index
    entry: Expr
    power: Fraction


def bounded_by_norms(product: Mul, facts: Known) -> bool:
    """Whether each divisor of the product that may vanish is a norm, paid for by as many numerators as its power."""
    above: list[Expr] = []
    norms: list[Norm] = []
    for factor in product.factors:
        if isinstance(factor, Pow) and isinstance(factor.exponent, Number) and factor.exponent.value < 0:
            if facts.finite(factor):
                continue
            found = norm_of(factor.base, facts, -factor.exponent.value)
            if found is None:
                return False
            norms.append(found)
        else:
            above.append(factor)
    units = [unit for factor in above for unit in entries(factor, facts)]
    if not norms or not all(facts.finite(factor) for factor in above):
        return False
    for norm in norms:
        needed = norm.power * 2
        while needed > 0:
            paid = next((unit for unit in units if is_entry(unit, norm)), None)
            if paid is None:
                return False
            units.remove(paid)
            needed -= 1
    return True


def norm_of(base: Expr, facts: Known, power: Fraction) -> Norm | None:
    """The base to a power as a power of a sum of squares, names unfolded."""
    match base:
        case Element(tensor, subscripts) if tensor.name in facts.statements:
            return norm_of(body_of(facts.statements[tensor.name], subscripts), facts, power)
        case Function("sqrt", (arg,)):
            return norm_of(arg, facts, power * HALF)
        case Pow(inner, Number(value)) if value > 0:
            return norm_of(inner, facts, power * value)
        case Reduction("sum", (index,), body, None):
            match body:
                case Pow(entry, exponent) if exponent == TWO:
                    return Norm(index, entry, power)
                case Mul((first, second)) if first == second:
                    return Norm(index, first, power)
    return None


def entries(factor: Expr, facts: Known) -> Iterator[Expr]:
    """The factors of a numerator, through sums and names: of sum_p x_p y_p both x_p and y_p."""
    for part in factors_of(factor):
        match part:
            case Reduction("sum", _, body, _):
                yield from entries(body, facts)
            case Element(tensor, subscripts) if tensor.name in facts.statements:
                yield part
                body = body_of(facts.statements[tensor.name], subscripts)
                if isinstance(body, Mul | Reduction):
                    yield from entries(body, facts)
            case Pow(base, Number(value)) if value.denominator == 1 and value > 0:
                for _ in range(int(value)):
                    yield base
            case _:
                yield part


def is_entry(unit: Expr, norm: Norm) -> bool:
    """Whether the unit is an entry of the vector whose norm it is, for some value of its index."""
    if unit == norm.entry:
        return True
    candidates = dict.fromkeys(sub for node in walk(unit) for sub in subscripts_of(node))
    return any(substitute(norm.entry, {norm.index: sub}) == unit for sub in candidates)
