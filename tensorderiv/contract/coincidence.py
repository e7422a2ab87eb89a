"""Deltas and copy tensors of one product say which subscripts agree: one indicator for each class.

delta_ij delta_jk f_k  ->  H_ijk f_i
"""

from __future__ import annotations

from collections.abc import Iterable

from tensorderiv.algebra.build import delta
from tensorderiv.algebra.expression import CopyTensor, Expr, KroneckerDelta, Subscript


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

    >>> from tensorderiv.algebra.index import Index
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
