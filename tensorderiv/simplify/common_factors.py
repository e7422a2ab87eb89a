"""What the terms of a sum share: factors, rational content and sign.

Differences are compared up to their sign, and sqrt(u) with u.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import gcd

from tensorderiv.algebra.build import ONE, call, factors_of, mul, number, power
from tensorderiv.algebra.expression import Expr, Function
from tensorderiv.simplify.tidy import is_difference, sign_free, split_coefficient, split_power


def sign_of(exponent: Fraction) -> int:
    """(-1)^e for a whole e."""
    return -1 if exponent % 2 else 1


@dataclass(frozen=True)
class Monomial:
    """c b1^e1 b2^e2 ...: differences are keyed up to their sign (`written` keeps the form they had)."""

    coefficient: Fraction
    powers: dict[Expr, Fraction]
    written: dict[Expr, Expr]

    @classmethod
    def of(cls, term: Expr, roots: frozenset[Expr] = frozenset()) -> Monomial:
        """The term read as a product of powers; sqrt(u) counts as u^(1/2) for the u in `roots`."""
        coefficient, rest = split_coefficient(term)
        powers: dict[Expr, Fraction] = {}
        written: dict[Expr, Expr] = {}
        for item in factors_of(rest):
            base, exponent = split_power(item)
            if base == ONE:
                continue
            if isinstance(base, Function) and base.name == "sqrt" and base.args[0] in roots:
                base, exponent = base.args[0], exponent / 2
            if exponent.denominator != 1 and is_difference(base):  # (b - a)^(1/2) is not (a - b)^(1/2)
                base, exponent = power(base, exponent), Fraction(1)
            key = sign_free(base)[1]
            powers[key] = powers.get(key, Fraction(0)) + exponent
            if written.setdefault(key, base) != base:
                coefficient *= sign_of(exponent)
        return cls(coefficient, powers, written)

    def flip(self, base: Expr, form: Expr) -> int:
        """The sign between this term's form of the base and another one, raised to its exponent."""
        return 1 if self.written[base] == form else sign_of(self.powers[base])


def common_factors(terms: list[Expr]) -> tuple[list[Expr], list[Expr]]:
    """The factors that all terms share, rational content and sign included, and what is left of each term."""
    roots = _also_under_a_root(terms)
    table = [Monomial.of(term, roots) for term in terms]
    first = table[0]
    shared: dict[Expr, Fraction] = {}
    for base, exponent in first.powers.items():
        others = [m.powers.get(base, Fraction(0)) for m in table]
        if all(o != 0 and (o > 0) == (exponent > 0) for o in others):
            shared[base] = min(others, key=abs)
    if not all((m.powers[b] - e).denominator == 1 and e.denominator == 1 for b, e in shared.items() for m in table):
        shared = {b: e for b, e in shared.items() if all(m.written[b] == first.written[b] for m in table)}
    coefficients = []
    for m in table:
        sign = 1
        for base in shared:
            sign *= m.flip(base, first.written[base])
        coefficients.append(m.coefficient * sign)
    content = _content(coefficients)
    if not shared and content == 1:
        return [], terms
    front = [_raised(first.written[base], exponent, roots) for base, exponent in shared.items()]
    rests = []
    for m, coefficient in zip(table, coefficients, strict=True):
        left = []
        for base, exponent in m.powers.items():
            form = first.written[base] if base in shared else m.written[base]
            left.append(_raised(form, exponent - shared.get(base, Fraction(0)), roots))
        rests.append(mul(number(coefficient / content), *left))
    return ([number(content)] if content != 1 else []) + front, rests


def _also_under_a_root(terms: list[Expr]) -> frozenset[Expr]:
    """The bases that stand by themselves in one term and under a root in another: 1/v and 1/sqrt(v) share a factor."""
    bases = {split_power(factor)[0] for term in terms for factor in factors_of(term)}
    return frozenset(b.args[0] for b in bases if isinstance(b, Function) and b.name == "sqrt" and b.args[0] in bases)


def _raised(base: Expr, exponent: Fraction, roots: frozenset[Expr]) -> Expr:
    """base^exponent; half powers of the bases in `roots` are written by the root they came from."""
    if exponent.denominator == 2 and base in roots:
        return power(call("sqrt", base), 2 * exponent)
    return power(base, exponent)


def _content(coefficients: list[Fraction]) -> Fraction:
    """The rational number in front: what all numerators share over a denominator that all have, negative where every term is.

    2 a - 4 b -> 2 (...),  a/2 - b/2 -> 1/2 (...),  but a + b/100 stays as it is.
    """
    denominators = {c.denominator for c in coefficients}
    below = denominators.pop() if len(denominators) == 1 else 1
    sign = -1 if all(c < 0 for c in coefficients) else 1
    return Fraction(sign * gcd(*(c.numerator for c in coefficients)), below)
