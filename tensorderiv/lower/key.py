"""When two expressions are the same computation: equal after their bound indices are renamed and commuting parts sorted."""

from __future__ import annotations

from functools import lru_cache
from typing import cast

from tensorderiv.algebra.build import MINUS_ONE, mul
from tensorderiv.algebra.expression import Add, Expr, Function, Mul, Node, Number, Pow
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.traverse import bound_indices, free_indices, rebind, rebuild, substitute_expr


@lru_cache(maxsize=50_000)
def canonical_bound(node: Node, depth: int = 0) -> Node:
    """The node with its bound indices named by depth, outermost first: `<0>`, `<1>`, ... (no text can contain these names)."""
    bound = bound_indices(node)
    if bound:
        node = rebind(node, {index: Index(f"<b{depth + n}>", index.extent) for n, index in enumerate(bound)})
    return sorted_parts(rebuild(node, lambda part: canonical_bound(part, depth + len(bound))))


@lru_cache(maxsize=50_000)
def spelled(node: Node) -> str:
    """An order among expressions; the same in every run."""
    return repr(node)


def sorted_parts(node: Node) -> Node:
    """Factors and terms in one order, and x - y in an even place as y - x where that comes first: |x_a - x_b| = |x_b - x_a|."""
    match node:
        case Mul(factors):
            return Mul(tuple(sorted(factors, key=spelled)))
        case Add(terms):
            return Add(tuple(sorted(terms, key=spelled)))
        case Pow(Add(terms), Number(value) as exponent) if value % 2 == 0:
            return Pow(_either_sign(terms), exponent)
        case Function("abs", (Add(terms),)):
            return Function("abs", (_either_sign(terms),))
    return node


def _either_sign(terms: tuple[Expr, ...]) -> Expr:
    opposite = tuple(cast(Expr, sorted_parts(mul(MINUS_ONE, term))) for term in terms)
    return min((Add(tuple(sorted(choice, key=spelled))) for choice in (terms, opposite)), key=spelled)


def same_up_to_free(expr: Expr) -> tuple[Expr, tuple[Index, ...]]:
    """The expression with its free indices numbered in order of first occurrence, and these indices.

    exp(E_ap) and exp(E_bq) have the same first part: they are one tensor, read at (a, p) and at (b, q).
    """
    free = free_indices(expr)
    renamed = substitute_expr(expr, {index: Index(f"<f{n}>", index.extent) for n, index in enumerate(free)})
    return cast(Expr, canonical_bound(renamed)), free
