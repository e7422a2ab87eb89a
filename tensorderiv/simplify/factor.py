"""Writing a sum as a person would: common factors in front, terms with the same delta together, like sums under one sign.

2 a delta_ik - 2 a delta_jk            ->  2 a (delta_ik - delta_jk)
a delta_ik + b delta_jk + c delta_ik   ->  (a + c) delta_ik + b delta_jk
sum_j g_j a_j - sum_m g_m b_m          ->  sum_j g_j (a_j - b_j)
"""

from __future__ import annotations

from collections.abc import Sequence

from tensorderiv.algebra.build import add, factors_of, mul, terms_of
from tensorderiv.algebra.expression import (
    Add,
    Bracket,
    Derivative,
    Expr,
    Number,
    Size,
)
from tensorderiv.algebra.traverse import rewrite
from tensorderiv.contract.apart import guards
from tensorderiv.contract.laws import DELTAS
from tensorderiv.simplify.common_factors import common_factors
from tensorderiv.simplify.merge import merge_sums
from tensorderiv.simplify.order import is_indicator
from tensorderiv.simplify.tidy import collect_terms, split_power

INDICATORS = (*DELTAS, Bracket)


def factor(expr: Expr) -> Expr:
    """The expression with every sum of terms factored; meaning unchanged."""
    return rewrite(expr, lambda node: factor_terms(node) if isinstance(node, Add) else node, (Derivative,))


def factor_terms(node: Expr) -> Expr:
    """One sum of terms: like sums merged, common factors in front; else deltas multiplied out and the rest grouped by delta."""
    written = _fewer(_collected(terms_of(node)))
    if len(written) < 2:
        return add(*written)
    common, rests = common_factors(written)
    if common:
        return in_front(common, factor_terms(add(*rests)))
    terms = _collected([piece for term in written for piece in _open_deltas(term)])
    if len(terms) < 2:
        return add(*terms)
    common, rests = common_factors(terms)
    if common:
        return in_front(common, factor_terms(add(*rests)))
    groups: dict[frozenset[Expr], list[Expr]] = {}
    for term in terms:
        groups.setdefault(frozenset(f for f in factors_of(term) if isinstance(f, INDICATORS)), []).append(term)
    if len(groups) in (1, len(terms)):
        return add(*terms)
    return add(*(factor_terms(add(*group)) if indicators else add(*group) for indicators, group in groups.items()))


def _fewer(terms: list[Expr]) -> list[Expr]:
    """2 (a + b) + (1/n) (c - a) as single terms, where that lets some of them be added up."""
    opened = [piece for term in terms for piece in _open_plain(term)]
    collected = _collected(opened)
    return collected if len(opened) > len(terms) and len(collected) < len(opened) else terms


def _open_plain(term: Expr) -> list[Expr]:
    """c (a + b) as c a, c b where c is made of numbers and extents alone."""
    sums = [f for f in factors_of(term) if isinstance(f, Add)]
    plain = [f for f in factors_of(term) if isinstance(split_power(f)[0], (Number, Size))]
    if len(sums) != 1 or len(plain) + 1 != len(factors_of(term)):
        return [term]
    return [piece for inner in sums[0].terms for piece in _open_plain(mul(*plain, inner))]


def _collected(terms: Sequence[Expr]) -> list[Expr]:
    return list(terms_of(collect_terms(add(*merge_sums(list(terms))))))


def in_front(common: list[Expr], inner: Expr) -> Expr:
    """The common factors before what is left, deltas behind it."""
    deltas = [f for f in common if is_indicator(f)]
    return mul(*(f for f in common if f not in deltas), inner, *deltas)


def _open_deltas(term: Expr) -> list[Expr]:
    """c (a delta_ik + b delta_jk) as its terms, so that they can be grouped with others."""
    factors = factors_of(term)
    for position, item in enumerate(factors):
        if isinstance(item, Add) and any(isinstance(f, DELTAS) for t in item.terms for f in factors_of(t)):
            before, after = factors[:position], factors[position + 1 :]
            if any(True for _ in guards(item, before + after)):
                continue
            return [piece for t in item.terms for piece in _open_deltas(mul(*before, t, *after))]
    return [term]
