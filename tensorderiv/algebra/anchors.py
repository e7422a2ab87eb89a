"""Where the extent of a bound index can be seen: in a tensor's axis, or through an index whose extent is known."""

from __future__ import annotations

from tensorderiv.algebra.expression import (
    ArgReduction,
    Compare,
    CopyTensor,
    Element,
    KroneckerDelta,
    MatrixFunction,
    Node,
    Position,
    Reduction,
)
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.traverse import bound_indices, free_indices, parts, subscripts_of


def unanchored(expr: Reduction | ArgReduction) -> tuple[Index, ...]:
    """The bound indices whose extent nothing inside shows; one that is tied to another bound index follows it.

    In sum_e sum_{f: f > e} 1 the extent of e must be written, and f, compared with e, has the same.
    """
    inside = (expr.body,) if expr.condition is None else (expr.body, expr.condition)
    bound = bound_indices(expr)
    ties = {index: _ties(inside, index) for index in bound}
    known = {index for index in bound if ties[index] is None}
    found: list[Index] = []
    for index in bound:
        if index in known:
            continue
        if not any(other in known or other not in bound for other in ties[index] or ()):
            found.append(index)
        known.add(index)
    return tuple(found)


def _ties(nodes: tuple[Node, ...], index: Index) -> set[Index] | None:
    """The indices that `index` is compared with; None when it stands on an axis of a tensor."""
    found: set[Index] = set()
    for node in nodes:
        if index not in free_indices(node):
            continue
        match node:
            case Element(_, subscripts) | MatrixFunction("inv", _, subscripts) if index in subscripts:
                return None
            case KroneckerDelta() | CopyTensor():
                found.update(sub for sub in subscripts_of(node) if isinstance(sub, Index))
            case Compare(_, Position(Index() as left), Position(Index() as right)):
                found.update((left, right))
        below = _ties(parts(node), index)
        if below is None:
            return None
        for inner in bound_indices(node):
            if inner in below:
                # in sum_i sum_{j: j != i} N_j the extent of i is that of j
                through = _ties(parts(node), inner)
                if through is None:
                    return None
                below |= through - {index}
        found |= below - set(bound_indices(node))
    return found - {index}
