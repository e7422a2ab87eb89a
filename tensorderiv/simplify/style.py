"""The last look of a formula: sums in one sign, conditions told of the summed index, plain letters for bound indices.

sum_j a_j sum_m b_jm f_m  ->  sum_{j,m} a_j b_jm f_m        sum_{j: k < j}  ->  sum_{j > k}        sum_{j1}  ->  sum_j
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

from tensorderiv.algebra.build import both, conjuncts, factors_of, mul
from tensorderiv.algebra.expression import (
    Compare,
    CompareOp,
    Condition,
    Derivative,
    Expr,
    Mul,
    Node,
    Reduction,
)
from tensorderiv.algebra.index import Extent, Index, fresh_names
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.traverse import bound_indices, free_indices, index_names, rebind, rebuild, rewrite, tensors, walk
from tensorderiv.simplify.nest import rename_apart
from tensorderiv.simplify.order import Hand, in_written_order
from tensorderiv.simplify.symmetry import brackets_to_conditions

MIRRORED: dict[CompareOp, CompareOp] = {"=": "=", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}


def as_written(expr: Expr, statements: Sequence[Statement]) -> Expr:
    """Sums joined, conditions and signs turned, factors ordered, bound letters plain; meaning unchanged."""
    joined = rewrite(expr, join_sums, (Derivative,))
    ordered = in_written_order(joined, Hand.of(statements, free_indices(expr)))
    told = rewrite(brackets_to_conditions(ordered), turn_condition, (Derivative,))
    return cast(Expr, plain_letters(told, frozenset(), letters_of(statements)))


def letters_of(statements: Sequence[Statement]) -> Mapping[Extent, tuple[str, ...]]:
    """The letters that a definition uses for the indices of each extent, in the order met."""
    found: dict[Extent, dict[str, None]] = {}
    for statement in statements:
        for node in walk(statement.body):
            for index in (*bound_indices(node), *free_indices(node)):
                found.setdefault(index.extent, {})[index.name] = None
    return {extent: tuple(names) for extent, names in found.items()}


def join_sums(node: Expr) -> Expr:
    """sum_j a_j sum_m b_jm c_m -> sum_{j,m} a_j b_jm c_m: a sum whose summand is a product with one other sum of products."""
    if not (isinstance(node, Reduction) and node.op == "sum"):
        return node
    factors = factors_of(node.body)
    inner = [f for f in factors if isinstance(f, Reduction) and f.op == "sum"]
    if len(inner) != 1 or not isinstance(inner[0].body, Mul) or (node.condition is not None and inner[0].condition is not None):
        return node
    rest = [f for f in factors if f is not inner[0]]
    apart = rename_apart(inner[0], index_names(mul(*rest)) | {index.name for index in node.indices} | _names(node.condition))
    place = factors.index(inner[0])
    body = mul(*rest[:place], apart.body, *rest[place:])
    indices = tuple(sorted(node.indices + apart.indices, key=lambda index: index.name))
    return Reduction("sum", indices, body, both(node.condition, apart.condition))


def _names(condition: Condition | None) -> frozenset[str]:
    return frozenset() if condition is None else index_names(condition)


def turn_condition(node: Expr) -> Expr:
    """sum_{j: k < j} -> sum_{j: j > k}: a condition is told of the summed index."""
    if not isinstance(node, Reduction) or node.condition is None:
        return node

    def turn(part: Condition) -> Condition:
        if isinstance(part, Compare) and not set(free_indices(part.left)) & bound and set(free_indices(part.right)) & bound:
            return Compare(MIRRORED[part.op], part.right, part.left)
        return part

    bound = set(node.indices)
    parts = conjuncts(node.condition)
    return Reduction(node.op, node.indices, node.body, both(*(turn(part) for part in parts)))


def plain_letters(node: Node, around: frozenset[str], letters: Mapping[Extent, tuple[str, ...]]) -> Node:
    """Bound indices by letters of the definition, or else plain ones. `around` are the names bound further out."""
    if isinstance(node, Reduction):
        taken = set(around) | {index.name for index in free_indices(node)} | {index.name for index in node.indices}
        taken |= index_names(node.body) | tensors(node)
        renaming: dict[Index, Index] = {}
        for index in node.indices:
            mine = letters.get(index.extent, ())
            if index.name in mine:
                continue
            own = (index.name,) if index.name.isalpha() else ()
            known = (name for name in (*mine, *own) if name not in taken or name in own)
            plain = next(known, next(fresh_names(index.name, taken)))
            if plain != index.name and plain.isalpha():
                renaming[index] = Index(plain, index.extent)
                taken.add(plain)
        if renaming:
            node = rebind(node, renaming)
            assert isinstance(node, Reduction)
        node = replace(node, indices=tuple(sorted(node.indices, key=lambda index: index.name)))
        around = around | {index.name for index in node.indices}
    inside = around | {index.name for index in free_indices(node)}
    return rebuild(node, lambda part: plain_letters(part, inside, letters))
