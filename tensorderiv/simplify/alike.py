"""What is the same is written the same: sums that differ in the names of their bound indices or in the order of their parts.

    (sum_p X_ip^2)(sum_q X_iq^2)  ->  (sum_p X_ip^2)(sum_p X_ip^2)        cos(a - b) + cos(b - a)  ->  cos(a - b) + cos(a - b)

This is cheaper and weaker than canonical form: nothing is multiplied out.
"""

from __future__ import annotations

from functools import lru_cache

from tensorderiv.algebra.expression import Add, Compare, CompareOp, Derivative, Expr, Function, Mul, Node, Number, Pow, Reduction
from tensorderiv.algebra.traverse import bottom_up, bound_indices, rewrite
from tensorderiv.canonical.form import EVEN
from tensorderiv.canonical.monomial import by_height, resort
from tensorderiv.simplify.tidy import sign_free


@lru_cache(maxsize=50_000)
def key(expr: Expr) -> Node:
    """A node that is equal for expressions which differ in bound names and in the order of terms and factors alone."""
    return resort(bottom_up(expr, _one_way))


MIRRORED: dict[CompareOp, CompareOp] = {">": "<", ">=": "<="}


def _one_way(node: Node) -> Node:
    """Bound indices named by height; a > b as b < a."""
    if isinstance(node, Compare) and node.op in MIRRORED:
        return Compare(MIRRORED[node.op], node.right, node.left)
    return by_height(node) if bound_indices(node) else node


def unify(expr: Expr) -> Expr:
    """Every sum (or other reduction) written as the first one that is alike; even functions of a difference with one sign."""
    first: dict[Node, Expr] = {}

    def change(node: Expr) -> Expr:
        node = orient(node)
        if isinstance(node, (Reduction, Add, Mul)):
            return first.setdefault(key(node), node)
        return node

    return rewrite(expr, change, (Derivative,))


def orient(node: Expr) -> Expr:
    """(b - a)^2 -> (a - b)^2,  |b - a| -> |a - b|: an even function of a difference has its terms in one order."""
    match node:
        case Pow(Add() as base, Number(value)) if value.denominator == 1 and value % 2 == 0:
            return Pow(sign_free(base)[1], node.exponent)
        case Function(name, (Add() as base,)) if name in EVEN:
            return Function(name, (sign_free(base)[1],))
    return node
