"""Fractions as a person leaves them: no fraction inside a denominator, and a sum over one denominator divided where it goes.

a / (s^2 (1 + r^2 / s^2)) -> a / (s^2 + r^2)      u (c - g / u) -> c u - g
P / (2 M) + Q / (2 M) -> 1                        where M = (P + Q) / 2
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import cast

from tensorderiv.algebra.build import add, factors_of, mul, number, power, terms_of
from tensorderiv.algebra.expression import Add, Derivative, Element, Expr, Mul, Number, Reduction
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.traverse import count_nodes, free_indices, rewrite, substitute_expr
from tensorderiv.simplify.alike import key
from tensorderiv.simplify.nest import nest
from tensorderiv.simplify.tidy import collect_terms, split_coefficient, split_power, tidy


def reduce_fractions(expr: Expr, statements: Sequence[Statement]) -> Expr:
    """The laws of this file, innermost first."""

    def change(node: Expr) -> Expr:
        match node:
            case Mul():
                return multiply_in(clear_into_sum(clear_inner(node)))
            case Add():
                return divide_out(node, statements)
        return node

    return rewrite(expr, change, (Derivative,))


def clear_inner(node: Expr) -> Expr:
    """d^-m (a + b d^-m)^-1 -> (a d^m + b)^-1: a scalar denominator inside a denominator is multiplied through.

    A divisor with indices may be 0 at some of them, where both sides differ.
    """
    factors = list(factors_of(node))
    for place, item in enumerate(factors):
        base, exponent = split_power(item)
        if exponent != -1 or not isinstance(base, Add):
            continue
        for other, divisor in enumerate(factors):
            below, by = split_power(divisor)
            inside = {_exponent(term, below) for term in base.terms} - {0}
            if other == place or len(inside) != 1 or not by <= (through := inside.pop()) < 0 or free_indices(below):
                continue
            cleared = power(tidy(add(*(mul(term, power(below, -through)) for term in base.terms))), -1)
            rest = [f for position, f in enumerate(factors) if position not in (place, other)]
            after = mul(*rest, power(below, by - through), cleared)
            if count_nodes(after) < count_nodes(node):
                return clear_inner(after)
    return node


def clear_into_sum(node: Expr) -> Expr:
    """d^-m sum_i f_i / (a_i + b_i d^-m) -> sum_i f_i / (a_i d^m + b_i)."""
    factors = list(factors_of(node))
    for place, item in enumerate(factors):
        if not (isinstance(item, Reduction) and item.op == "sum"):
            continue
        for other, divisor in enumerate(factors):
            if split_power(divisor)[1] >= 0 or free_indices(divisor):
                continue
            body = mul(divisor, item.body)
            cleared = clear_inner(body)
            if cleared != body:
                rest = [f for position, f in enumerate(factors) if position not in (place, other)]
                return mul(*rest, nest(replace(item, body=cleared)))
    return node


def _exponent(term: Expr, base: Expr) -> Fraction:
    return next((e for f in factors_of(term) for b, e in [split_power(f)] if b == base), Fraction(0))


def multiply_in(node: Expr) -> Expr:
    """u (c - g / u) -> c u - g, where that is shorter to write."""
    factors = factors_of(node)
    for item in factors:
        if not isinstance(item, Add):
            continue
        rest = mul(*(f for f in factors if f is not item))
        bases = {base for base, exponent in map(split_power, factors_of(rest)) if exponent > 0}
        if not any(
            base in bases and exponent < 0 for term in item.terms for base, exponent in map(split_power, factors_of(term))
        ):
            continue
        after = tidy(add(*(mul(rest, term) for term in item.terms)))
        if count_nodes(after) < count_nodes(node):
            return after
    return node


def divide_out(node: Expr, statements: Sequence[Statement]) -> Expr:
    """a / b + c / b -> 2   where a + c = 2 b: terms over one denominator that add up to a multiple of it."""
    groups: dict[Expr, list[Expr]] = {}
    terms = terms_of(node)
    for term in terms:
        for base, exponent in map(split_power, factors_of(term)):
            if exponent < 0 and not isinstance(base, Number):
                groups.setdefault(base, []).append(term)
    for base, over in groups.items():
        if len(over) < 2:
            continue
        whole = _unfolded(base, statements)
        if not isinstance(whole, Add):
            continue
        ratio = _ratio(_sorted(add(*(mul(term, base) for term in over))), _sorted(whole))
        if ratio is not None:
            rest = [term for term in terms if term not in over]
            return collect_terms(add(*rest, number(ratio)))
    return node


def _sorted(expr: Expr) -> Expr:
    """Like terms collected, all parts in one order."""
    return cast(Expr, key(collect_terms(tidy(expr))))


def _unfolded(base: Expr, statements: Sequence[Statement]) -> Expr:
    """A named quantity by its definition, one level deep."""
    if isinstance(base, Element):
        for statement in statements:
            if statement.tensor == base.tensor:
                body = substitute_expr(statement.body, dict(zip(statement.indices, base.subscripts, strict=True)))
                return tidy(add(*(_spread(body))))
    return base


def _spread(body: Expr) -> list[Expr]:
    """1/2 (a + b) as a/2 + b/2."""
    coefficient, rest = split_coefficient(body)
    return [mul(number(coefficient), term) for term in terms_of(rest)]


def _ratio(above: Expr, below: Expr) -> Fraction | None:
    """above / below where that is a number: both sorted."""
    tops, bottoms = terms_of(above), terms_of(below)
    if len(tops) != len(bottoms):
        return None
    ratios: set[Fraction] = set()
    for top, bottom in zip(tops, bottoms, strict=True):
        (c, a), (e, b) = split_coefficient(top), split_coefficient(bottom)
        if a != b or e == 0:
            return None
        ratios.add(c / e)
    return ratios.pop() if len(ratios) == 1 else None
