"""Plain algebra around the contraction: like terms, powers of one base, numbers in front. No law of sums is used here."""

from __future__ import annotations

from fractions import Fraction
from typing import TypeGuard

from tensorderiv.algebra.build import ONE, add, factors_of, mul, neg, number, power, terms_of
from tensorderiv.algebra.expression import Add, Bracket, Derivative, Expr, Function, Mul, Number, Pow, Reduction
from tensorderiv.algebra.traverse import rewrite


def tidy(expr: Expr) -> Expr:
    """Like terms and powers collected, everywhere: x + 2 x -> 3 x, x x -> x^2, x x^-1 -> 1, exp(0) -> 1."""
    return rewrite(expr, _tidy_node, (Derivative,))


def _tidy_node(node: Expr) -> Expr:
    match node:
        case Mul():
            return collect_powers(node)
        case Add():
            return collect_terms(node)
        case Pow(Mul(factors), Number(value)) if value.denominator == 1:
            return mul(*(power(factor, value) for factor in factors))
        case Pow(Pow(base, Number(inner)), Number(value)) if value.denominator == 1:
            return power(base, inner * value)
        case Pow(Function("sqrt", (radicand,)), Number(value)) if value.denominator == 1 and value % 2 == 0:
            return power(radicand, value / 2)
        case Pow(Function("abs", (argument,)), Number(value)) if value.denominator == 1 and value % 2 == 0:
            return power(argument, value)
        case Function("exp", (Number(value),)) if value == 0:
            return ONE
        case Function("log", (Number(value),)) if value == 1:
            return number(0)
        case Reduction("sum", _, _, _):
            return numbers_out(node)
    return node


def split_coefficient(term: Expr) -> tuple[Fraction, Expr]:
    """c f as (c, f): the rational coefficient and the rest."""
    coefficient = Fraction(1)
    rest = []
    for factor in factors_of(term):
        if isinstance(factor, Number):
            coefficient *= factor.value
        else:
            rest.append(factor)
    return coefficient, mul(*rest)


def is_difference(node: Expr) -> TypeGuard[Add]:
    """a - b: two terms of opposite sign."""
    return isinstance(node, Add) and len(node.terms) == 2 and [split_coefficient(t)[0] > 0 for t in node.terms].count(True) == 1


def sign_free(base: Expr) -> tuple[int, Expr]:
    """b - a as (-1, a - b): differences are compared up to their sign."""
    if is_difference(base):
        flipped = neg_terms(base)
        if str(flipped) < str(base):
            return -1, flipped
    return 1, base


def neg_terms(node: Add) -> Expr:
    """-(a - b) as b - a."""
    positive = [neg(term) for term in node.terms]
    return add(*sorted(positive, key=lambda term: split_coefficient(term)[0] < 0))


def collect_terms(node: Expr) -> Expr:
    """2 x + 3 x -> 5 x, in the place of the first."""
    sums: dict[Expr, Fraction] = {}
    for term in terms_of(node):
        coefficient, rest = split_coefficient(term)
        sums[rest] = sums.get(rest, Fraction(0)) + coefficient
    return add(*(mul(number(c), rest) for rest, c in sums.items()))


def collect_powers(node: Expr) -> Expr:
    """x^a x^b -> x^(a + b), in the place of the first;  |x| sign(x) -> x."""
    exponents: dict[Expr, Expr] = {}
    for factor in factors_of(node):
        base, exponent = _base_and_exponent(factor)
        exponents[base] = collect_terms(add(exponents[base], exponent)) if base in exponents else exponent
    _join_moduli(exponents)
    _join_quotients(exponents)
    return mul(*(_raised(base, exponent) for base, exponent in exponents.items()))


def _base_and_exponent(factor: Expr) -> tuple[Expr, Expr]:
    """x^a as (x, a), 1 / x^a as (x, -a)."""
    match factor:
        case Pow(Pow(base, exponent), Number(value)) if value == -1 and not isinstance(exponent, Number):
            return base, neg(exponent)
        case Pow(base, exponent):
            return base, exponent
    return factor, ONE


def _raised(base: Expr, exponent: Expr) -> Expr:
    """An indicator equals its positive powers."""
    if isinstance(base, Bracket) and isinstance(exponent, Number) and exponent.value > 0:
        return base
    if not isinstance(exponent, Number) and split_coefficient(exponent)[0] < 0:
        return power(Pow(base, neg(exponent)), -1)
    return power(base, exponent)


QUOTIENTS = (("sin", "cos", "tan"), ("sinh", "cosh", "tanh"))
"""f / g = h of the same argument."""


def _join_quotients(exponents: dict[Expr, Expr]) -> None:
    """sin(u)^a / cos(u)^b -> tan(u)^a cos(u)^(a - b), and the hyperbolic ones alike, for whole a <= b."""
    for above, below, quotient in QUOTIENTS:
        for base in [b for b in exponents if isinstance(b, Function) and b.name == above]:
            assert isinstance(base, Function)
            top, divisor = exponents[base], Function(below, base.args)
            bottom = exponents.get(divisor)
            if isinstance(top, Number) and isinstance(bottom, Number) and 0 < top.value <= -bottom.value:
                exponents[divisor] = number(bottom.value + top.value)
                made = Function(quotient, base.args)
                exponents[made] = collect_terms(add(exponents.get(made, number(0)), exponents.pop(base)))


def _join_moduli(exponents: dict[Expr, Expr]) -> None:
    """|x|^a sign(x) -> |x|^(a - 1) x for a >= 1: at 0 both sides are 0 (for a = 1 the modulus is gone)."""
    for base in list(exponents):
        if not (isinstance(base, Function) and base.name == "abs"):
            continue
        there, sign = exponents[base], Function("sign", base.args)
        if isinstance(there, Number) and there.value >= 1 and there.value % 2 == 1 and exponents.get(sign) == ONE:
            place = {key: value for key, value in exponents.items() if key != sign}
            place[base] = number(there.value - 1)
            place[base.args[0]] = collect_terms(add(place.get(base.args[0], number(0)), ONE))
            exponents.clear()
            exponents.update(place)


def split_power(factor: Expr) -> tuple[Expr, Fraction]:
    """x^a as (x, a) for a rational a, anything else as (itself, 1)."""
    if isinstance(factor, Pow) and isinstance(factor.exponent, Number):
        return factor.base, factor.exponent.value
    return factor, Fraction(1)


def numbers_out(node: Reduction) -> Expr:
    """sum_p 2 f_p -> 2 sum_p f_p."""
    coefficient, rest = split_coefficient(node.body)
    if coefficient == 1:
        return node
    return mul(number(coefficient), Reduction("sum", node.indices, rest, node.condition))
