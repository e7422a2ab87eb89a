"""Plain algebra around the contraction: like terms, powers of one base, numbers in front. No law of sums is used here."""

from __future__ import annotations

from fractions import Fraction

from tensorderiv.algebra.build import ONE, add, factors_of, mul, number, power, terms_of
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


def collect_terms(node: Expr) -> Expr:
    """2 x + 3 x -> 5 x, in the place of the first."""
    sums: dict[Expr, Fraction] = {}
    for term in terms_of(node):
        coefficient, rest = split_coefficient(term)
        sums[rest] = sums.get(rest, Fraction(0)) + coefficient
    return add(*(mul(number(c), rest) for rest, c in sums.items()))


def collect_powers(node: Expr) -> Expr:
    """x^a x^b -> x^(a + b) for rational exponents, in the place of the first."""
    exponents: dict[Expr, Fraction] = {}
    for factor in factors_of(node):
        base, exponent = split_power(factor)
        exponents[base] = exponents.get(base, Fraction(0)) + exponent
    return mul(*(base if isinstance(base, Bracket) and e > 0 else power(base, e) for base, e in exponents.items()))


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
