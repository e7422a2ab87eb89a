"""A matrix beside its own inverse, as laws of contraction: what multiplies away.

    sum_k A_ik inv(A)_kj -> delta_ij        sum_k inv(A)_ik A_kj -> delta_ij

They hold where A is invertible, which is where inv(A) has a meaning at all.
"""

from __future__ import annotations

from tensorderiv.algebra.build import delta, factors_of, mul
from tensorderiv.algebra.expression import Bracket, Element, Expr, MatrixFunction, Reduction, Subscript
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.traverse import free_indices


def beside_its_inverse(node: Expr, scope: frozenset[Index]) -> Expr | None:
    """sum_k A_ik inv(A)_kj f -> delta_ij f   where k is bound here and stands nowhere else, and with the factors exchanged."""
    if not (isinstance(node, Reduction) and node.op == "sum"):
        return None
    factors = factors_of(node.body)
    for place, left in enumerate(factors):
        for other, right in enumerate(factors):
            for index in node.indices if place != other else ():
                ends = _ends(left, right, index)
                rest = [f for position, f in enumerate(factors) if position not in (place, other)]
                elsewhere = (*rest, *(() if node.condition is None else (node.condition,)))
                if ends is None or any(index in free_indices(part) for part in elsewhere):
                    continue
                kept = [f for position, f in enumerate(factors) if position != max(place, other)]
                kept[min(place, other)] = delta(*ends)
                return _without(node, index, mul(*kept))
    return None


def _ends(left: Expr, right: Expr, index: Index) -> tuple[Subscript, Subscript] | None:
    """(i, j) of A_ik inv(A)_kj or inv(A)_ik A_kj, with k the index and in no other place."""
    names = {_matrix(left), _matrix(right)}
    kinds = {type(left), type(right)}
    if len(names) != 1 or None in names or kinds != {Element, MatrixFunction}:
        return None
    assert isinstance(left, Element | MatrixFunction) and isinstance(right, Element | MatrixFunction)
    (first, inner), (also, last) = left.subscripts, right.subscripts
    if inner != index or also != index or _mentions(first, index) or _mentions(last, index):
        return None
    return first, last


def _matrix(factor: Expr) -> str | None:
    match factor:
        case Element(tensor, (_, _)):
            return tensor.name
        case MatrixFunction("inv", matrix, _):
            return matrix.name
    return None


def _mentions(subscript: Subscript, index: Index) -> bool:
    return subscript == index or (isinstance(subscript, Expr) and index in free_indices(subscript))


def _without(node: Reduction, index: Index, body: Expr) -> Expr:
    """The sum over the other indices; a condition, which does not speak of this one, stays."""
    remaining = tuple(other for other in node.indices if other != index)
    if remaining:
        return Reduction("sum", remaining, body, node.condition)
    return body if node.condition is None else mul(Bracket(node.condition), body)
