"""Beside deltas and copy tensors all is written by the first of the subscripts that agree: delta_ij f_j -> delta_ij f_i."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from tensorderiv.algebra.expression import Expr, Subscript
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.traverse import free_indices
from tensorderiv.canonical.monomial import Monomial, rename, used_indices
from tensorderiv.contract.coincidence import agreeing, classes, one_indicator


def written_by_first(term: Monomial, again: Callable[[Monomial], Monomial]) -> Monomial:
    """A monomial with one indicator a class, what stands beside it written by the first free index of the class.

    `again` brings the factors to canonical form after the substitution. Indicators that hold a bound index are left alone.
    """
    mine = [base for base, _ in term.factors if agreeing(base) and not set(free_indices(base)) & set(term.indices)]
    if not mine:
        return term
    others = replace(term, factors=tuple((base, e) for base, e in term.factors if base not in mine))
    groups = [sorted(group, key=repr) for group in classes(mine)]
    mapping: dict[Index, Subscript] = {}
    for first, *rest in groups:
        inside = set(free_indices(first)) if isinstance(first, Expr) else set()
        mapping |= {other: first for other in rest if isinstance(other, Index) and other not in inside}
    if set(mapping) & used_indices(others):
        others = again(rename(others, mapping))
    indicators = tuple((one_indicator(group), Fraction(1)) for group in groups if len(group) > 1)
    return replace(others, factors=(*others.factors, *indicators))
