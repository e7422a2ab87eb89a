"""Symmetric quantities and complementary conditions: what is the same is written the same.

[k < j] K_kj + [j < k] K_jk  ->  [j != k] K_jk     where K_ij = K_ji
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import cast

from tensorderiv.algebra.build import add, both, conjuncts, factors_of, mul, opposite_orders, terms_of
from tensorderiv.algebra.expression import (
    Add,
    Bracket,
    Compare,
    Condition,
    Derivative,
    Element,
    Expr,
    MatrixFunction,
    Node,
    Position,
    Reduction,
)
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.traverse import bottom_up, free_indices, rewrite, substitute_expr
from tensorderiv.canonical import equal
from tensorderiv.simplify.alike import unify


@lru_cache(maxsize=2000)
def is_symmetric(statement: Statement) -> bool:
    """Whether the body is the same with the two indices exchanged (proved by canonical form)."""
    if len(statement.indices) != 2 or statement.indices[0].extent != statement.indices[1].extent:
        return False
    first, second = statement.indices
    return equal(statement.body, substitute_expr(statement.body, {first: second, second: first}))


def write_alike(expr: Expr, statements: Sequence[Statement]) -> Expr:
    """Elements of symmetric quantities with their indices in order, sides of = and != likewise, [i < j] + [j < i] as [i != j]."""
    free = set(free_indices(expr))
    symmetric = {statement.tensor.name for statement in statements if is_symmetric(statement)}

    def change(node: Expr) -> Expr:
        match node:
            case Element(tensor, (Index() as left, Index() as right)) if tensor.name in symmetric:
                return Element(tensor, tuple(sorted((left, right), key=lambda index: (index not in free, index))))
            case MatrixFunction("inv", matrix, (Index() as left, Index() as right)) if matrix.name in symmetric:
                return MatrixFunction("inv", matrix, tuple(sorted((left, right))))
            case Add():
                return _join_orders(node)
        return node

    def orient(node: Node) -> Node:
        if isinstance(node, Compare) and node.op in ("=", "!="):
            return Compare(node.op, *sorted((node.left, node.right), key=str))
        return change(node) if isinstance(node, Expr) else node

    return unify(cast(Expr, bottom_up(expr, orient, (Derivative,))))


def _join_orders(node: Add) -> Expr:
    """[a < b] + [b < a] -> [a != b] among the terms."""
    terms = list(terms_of(node))
    for position, term in enumerate(terms):
        for later in range(position + 1, len(terms)):
            joined = _joined(term, terms[later])
            if joined is not None:
                terms[position] = joined
                del terms[later]
                return add(*terms)
    return node


def _joined(one: Expr, other: Expr) -> Expr | None:
    """[a < b and c] + [b < a and c] -> [a != b and c]."""
    if not (isinstance(one, Bracket) and isinstance(other, Bracket)):
        return None
    mine, theirs = conjuncts(one.condition), conjuncts(other.condition)
    shared = [part for part in mine if part in theirs]
    left, right = [part for part in mine if part not in shared], [part for part in theirs if part not in shared]
    if len(left) == len(right) == 1 and all(_compares_indices(part) for part in left + right):
        apart = opposite_orders(left[0], right[0])
        if isinstance(apart, Compare):
            whole = both(Compare("!=", *sorted((apart.left, apart.right), key=str)), *shared)
            return None if whole is None else Bracket(whole)
    return None


def _compares_indices(condition: Condition) -> bool:
    match condition:
        case Compare(_, Position(Index()), Position(Index())):
            return True
    return False


def brackets_to_conditions(expr: Expr) -> Expr:
    """sum_j [j != k] f_j -> sum_{j: j != k} f_j: a bracket on the summed index is a condition of the sum."""

    def change(node: Expr) -> Expr:
        if not (isinstance(node, Reduction) and node.op == "sum"):
            return node
        moved = [f for f in factors_of(node.body) if isinstance(f, Bracket) and set(free_indices(f)) & set(node.indices)]
        if not moved:
            return node
        rest = mul(*(f for f in factors_of(node.body) if f not in moved))
        return Reduction("sum", node.indices, rest, both(node.condition, *(f.condition for f in moved)))

    return rewrite(expr, change, (Derivative,))
