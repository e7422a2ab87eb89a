"""When two expressions are the same computation: equal after their bound indices are renamed in order."""

from __future__ import annotations

from functools import lru_cache
from typing import cast

from tensorderiv.algebra.expression import ArgReduction, Expr, Node, Reduction
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.traverse import bound_indices, contains, free_indices, rebind, rebuild, substitute_expr


@lru_cache(maxsize=50_000)
def canonical_bound(node: Node, depth: int = 0) -> Node:
    """The node with its bound indices named by depth, outermost first: `<0>`, `<1>`, ... (no text can contain these names)."""
    if not contains(node, Reduction, ArgReduction):
        return node
    bound = bound_indices(node)
    if bound:
        node = rebind(node, {index: Index(f"<b{depth + n}>", index.extent) for n, index in enumerate(bound)})
    return rebuild(node, lambda part: canonical_bound(part, depth + len(bound)))


def same_up_to_free(expr: Expr) -> tuple[Expr, tuple[Index, ...]]:
    """The expression with its free indices numbered in order of first occurrence, and these indices.

    exp(E_ap) and exp(E_bq) have the same first part: they are one tensor, read at (a, p) and at (b, q).
    """
    free = free_indices(expr)
    renamed = substitute_expr(expr, {index: Index(f"<f{n}>", index.extent) for n, index in enumerate(free)})
    return cast(Expr, canonical_bound(renamed)), free
