"""Deltas and copy tensors of one product say which subscripts agree: one indicator for each class, the rest written by its first.

delta_ij delta_jk f_k  ->  H_ijk f_i
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction

from tensorderiv.algebra.build import delta
from tensorderiv.algebra.expression import CopyTensor, Expr, KroneckerDelta, Subscript
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.traverse import free_indices
from tensorderiv.contract.monomial import Monomial, rename, used_indices


def agreeing(indicator: Expr) -> tuple[Subscript, ...]:
    """The subscripts that a delta or copy tensor forces to agree; none for anything else."""
    match indicator:
        case KroneckerDelta(left, right):
            return (left, right)
        case CopyTensor(subscripts):
            return subscripts
    return ()


def classes(indicators: Iterable[Expr]) -> list[list[Subscript]]:
    """The classes of subscripts that agree, through all indicators together, each in the order met.

    >>> i, j, k, l = (Index(name, "n") for name in "ijkl")
    >>> [len(group) for group in classes([KroneckerDelta(i, j), KroneckerDelta(k, l), KroneckerDelta(j, k)])]
    [4]
    """
    groups: list[list[Subscript]] = []
    for indicator in indicators:
        together = list(agreeing(indicator))
        touching = [group for group in groups if any(item in group for item in together)]
        merged = [item for group in touching for item in group]
        groups = [group for group in groups if group not in touching]
        groups.append(list(dict.fromkeys([*merged, *together])))
    return groups


def one_indicator(group: Iterable[Subscript]) -> Expr:
    """delta_ij or H_ijk... of a class."""
    members = tuple(group)
    return delta(*members) if len(members) == 2 else CopyTensor(members)


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
