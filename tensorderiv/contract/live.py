"""Which deltas will go: those on an index that a sum around them binds are *live*; one on free indices is part of the answer.

`scope` holds the indices bound by the sums around a node, through products, sums and sums over indices only.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from tensorderiv.algebra.expression import (
    ArgReduction,
    Bracket,
    Compare,
    CopyTensor,
    Element,
    Expr,
    KroneckerDelta,
    Node,
    Number,
    Position,
    Subscript,
)
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.traverse import free_indices, walk

Scope: TypeAlias = frozenset[Index]


def partner(factor: Expr, index: Index) -> Subscript | None:
    """The subscript that a factor forces `index` to equal: l in delta_pl, j in [i = j].

    A delta is made by differentiating an entry, so its label lies in the range of the index. A label or a number that a condition
    compares need not: sum_p [p = c_a] f_p is 0 where c_a lies outside, and is left as it is.
    """
    match factor:
        case KroneckerDelta(left, right):
            return _other(left, right, index)
        case Bracket(Compare("=", left_side, right_side)):
            left_sub, right_sub = as_subscript(left_side), as_subscript(right_side)
            if left_sub is None or right_sub is None or any(isinstance(sub, (int, Element)) for sub in (left_sub, right_sub)):
                return None
            return _other(left_sub, right_sub, index)
        case CopyTensor(subscripts) if index in subscripts:
            return next((sub for sub in subscripts if not _mentions(sub, index)), None)
    return None


def _other(left: Subscript, right: Subscript, index: Index) -> Subscript | None:
    if left == index and not _mentions(right, index):
        return right
    if right == index and not _mentions(left, index):
        return left
    return None


def _mentions(subscript: Subscript, index: Index) -> bool:
    if isinstance(subscript, Index):
        return subscript == index
    return isinstance(subscript, Expr) and index in free_indices(subscript)


def as_subscript(expr: Expr) -> Subscript | None:
    """The side of a comparison read as a subscript, where it is one."""
    match expr:
        case Position(index):
            return index
        case Element(tensor, _) if tensor.integer:
            return expr
        case ArgReduction():
            return expr
        case Number(value) if value.denominator == 1 and value >= 0:
            return int(value)
    return None


def is_live(factor: Expr, scope: Scope) -> bool:
    """Whether the factor is a delta (or index equality) on an index of the scope."""
    return any(partner(factor, index) is not None for index in scope)


def has_live(expr: Expr, scope: Scope) -> bool:
    """Whether a live delta stands anywhere inside."""
    return bool(scope) and any(isinstance(part, Expr) and is_live(part, scope) for part in walk(expr))


def live_inside(node: Node, scope: Scope) -> Iterator[Expr]:
    """The live deltas inside a node all of whose indices come from outside it."""
    outside = set(free_indices(node))
    for part in walk(node):
        if isinstance(part, (KroneckerDelta, CopyTensor)) and is_live(part, scope) and outside.issuperset(free_indices(part)):
            yield part
