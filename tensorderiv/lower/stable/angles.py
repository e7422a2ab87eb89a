"""Angles without cancellation:

    acos(<u, v> / (|u| |v|))  ->  2 atan2(|u/|u| - v/|v||, |u/|u| + v/|v||)       (pi/2 where both are zero)
    acosh(1 + t)              ->  2 asinh(sqrt(t / 2))

The left sides lose half of the digits near 0 and pi, have no derivative there, and are nan where rounding gives a cosine
above 1. The cosine is recognised by its form, names looked through; rows that were divided by their norm need no norm.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import cast

from tensorderiv.algebra.build import ONE, TWO, ZERO, add, call, mul, number, power, sub, total
from tensorderiv.algebra.expression import (
    Add,
    And,
    Compare,
    Constant,
    Element,
    Expr,
    Function,
    Mul,
    Number,
    Pow,
    Reduction,
    Select,
)
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Statement
from tensorderiv.lower.key import canonical_bound
from tensorderiv.lower.values import body_of, factors_under
from tensorderiv.simplify.nest import nest_sums


@dataclass(frozen=True)
class Cosine:
    """<u, v> over an index, both divided by their norms: the entries of the unit vectors."""

    index: Index
    first: Expr
    second: Expr


class Angles:
    """Rewrites angles of one program."""

    def __init__(self, statements: Mapping[str, Statement], named: Callable[[str, Expr], Element]) -> None:
        self.statements = statements
        self.named = named

    def acos(self, arg: Expr) -> Expr | None:
        """Stable form of the arc cosine of `arg`, or None where that is not recognised as a cosine."""
        cosine = self.cosine(arg)
        if cosine is None:
            return None
        apart = self.named("apart", call("sqrt", total([cosine.index], power(sub(cosine.first, cosine.second), 2))))
        along = self.named("along", call("sqrt", total([cosine.index], power(add(cosine.first, cosine.second), 2))))
        both_zero = And((Compare("=", apart, ZERO), Compare("=", along, ZERO)))
        return Select(both_zero, mul(number(Fraction(1, 2)), Constant("pi")), mul(TWO, call("atan2", apart, along)))

    @staticmethod
    def acosh(arg: Expr) -> Expr | None:
        """Stable form of the inverse hyperbolic cosine of 1 + t: 2 asinh(sqrt(t / 2))."""
        if isinstance(arg, Add) and ONE in arg.terms:
            rest = list(arg.terms)
            rest.remove(ONE)
            half = mul(number(Fraction(1, 2)), add(*rest))
            return mul(TWO, call("asinh", call("sqrt", half)))
        return None

    def unfolded(self, expr: Expr) -> Expr:
        while isinstance(expr, Element) and expr.tensor.name in self.statements:
            expr = body_of(self.statements[expr.tensor.name], expr.subscripts)
        return expr

    def cosine(self, arg: Expr) -> Cosine | None:
        """The argument as <u, v> / (|u| |v|)."""
        sums: list[Reduction] = []
        norms: list[tuple[Expr, Fraction]] = []
        for factor in factors_under(nest_sums(self.unfolded(arg))):
            if isinstance(factor, Pow) and isinstance(factor.exponent, Number) and factor.exponent.value < 0:
                norms.extend(self.squares(factor.base, -factor.exponent.value))
                continue
            inner = nest_sums(self.unfolded(factor))
            for part in factors_under(inner):
                if isinstance(part, Reduction) and part.op == "sum" and len(part.indices) == 1 and part.condition is None:
                    sums.append(part)
                elif isinstance(part, Pow) and isinstance(part.exponent, Number) and part.exponent.value < 0:
                    norms.extend(self.squares(part.base, -part.exponent.value))
                else:
                    return None
        if len(sums) != 1:
            return None
        (inner_product,) = sums
        match inner_product.body:
            case Mul((u, v)):
                pass
            case Pow(u, exponent) if exponent == TWO:
                v = u
            case _:
                return None
        index = inner_product.indices[0]
        left = [(cast(Expr, canonical_bound(norm)), exponent) for norm, exponent in norms]
        entries = []
        for entry in (u, v):
            unit = self.unit_entry(entry, index, left)
            if unit is None:
                return None
            entries.append(unit)
        return None if left else Cosine(index, entries[0], entries[1])

    def squares(self, base: Expr, exponent: Fraction) -> list[tuple[Expr, Fraction]]:
        """A divisor as powers of sums of squares: sqrt(a b)^k is a^(k/2) b^(k/2)."""
        base = self.unfolded(base)
        match base:
            case Function("sqrt", (arg,)):
                return self.squares(arg, exponent / 2)
            case Pow(inner, Number(value)) if value != 2:
                return self.squares(inner, exponent * value)
            case Mul(factors):
                return [item for factor in factors for item in self.squares(factor, exponent)]
        return [(base, exponent)]

    def unit_entry(self, entry: Expr, index: Index, norms: list[tuple[Expr, Fraction]]) -> Expr | None:
        """entry / |entry|, its norm taken from the divisors (and removed there); the entry itself where it is of a unit row."""
        if self.is_unit(entry, index):
            return entry
        squared = total([index], power(entry, 2))
        key = canonical_bound(squared)
        for place, (norm, exponent) in enumerate(norms):
            if norm == key and exponent >= Fraction(1, 2):
                norms[place] = (norm, exponent - Fraction(1, 2))
                if norms[place][1] == 0:
                    del norms[place]
                return mul(entry, power(call("sqrt", squared), -1))
        return None

    def is_unit(self, entry: Expr, index: Index) -> bool:
        """Whether the entries over the index form a unit row by definition."""
        if not isinstance(entry, Element) or not entry.subscripts or entry.subscripts[-1] != index:
            return False
        if entry.tensor.name in self.statements:
            body = self.unfolded(entry)
            if isinstance(body, Element):
                return self.is_unit(body, index)
            above = [f for f in factors_under(body) if not (isinstance(f, Pow) and isinstance(f.exponent, Number))]
            norms = [
                item
                for f in factors_under(body)
                if isinstance(f, Pow) and isinstance(f.exponent, Number) and f.exponent.value < 0
                for item in self.squares(f.base, -f.exponent.value)
            ]
            if len(above) != 1 or len(norms) != 1:
                return False
            (norm, exponent), key = norms[0], canonical_bound(total([index], power(above[0], 2)))
            return exponent == Fraction(1, 2) and canonical_bound(norm) == key
        # Rows that are only declared to lie on the sphere are not enough: off the sphere acos(<u, v>) is another function than
        # the angle, and the kernels give the gradient of the definition in all directions, not only along the sphere.
        return False
