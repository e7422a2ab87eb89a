"""How much work canonical form would be: the monomials it multiplies out, estimated before it is tried."""

from __future__ import annotations

from functools import lru_cache
from math import factorial

from tensorderiv.algebra.expression import (
    Add,
    CopyTensor,
    Expr,
    Function,
    KroneckerDelta,
    Mul,
    Node,
    Number,
    Pow,
    Reduction,
    Select,
)
from tensorderiv.algebra.traverse import bound_indices, contains, parts
from tensorderiv.canonical.monomial import MOST_ORDERS

LARGE = 10**9


@lru_cache(maxsize=50_000)
def monomials(node: Node) -> int:
    """How many monomials a sum has once it is multiplied out (an upper bound)."""
    match node:
        case Add(terms):
            return min(LARGE, sum(monomials(term) for term in terms))
        case Mul(factors):
            count = 1
            for factor in factors:
                count = min(LARGE, count * monomials(factor))
            return count
        case Pow(base, Number(value)) if value.denominator == 1 and 0 <= value <= 8:
            return min(LARGE, int(monomials(base) ** int(value)))
        case Reduction("sum", _, body):
            return monomials(body)
        case Function() | Pow() | Select() | Reduction():
            return 2 if contains(node, KroneckerDelta, CopyTensor) else 1
    return 1


@lru_cache(maxsize=50_000)
def bound_inside(node: Node) -> int:
    """How many indices sums bind inside one monomial (an upper bound)."""
    own = len(bound_indices(node))
    below = [bound_inside(part) for part in parts(node)]
    match node:
        case Mul():
            return sum(below)
        case Pow(base, Number(value)) if value.denominator == 1 and 0 <= value <= 8:
            return bound_inside(base) * int(value)
    return own + max(below, default=0)


@lru_cache(maxsize=50_000)
def effort(node: Node) -> int:
    """The work of bringing a node to canonical form: for each monomial, inside functions too, the orders of its bound indices."""
    here = 0
    if isinstance(node, Expr):
        here = monomials(node) * min(MOST_ORDERS, factorial(bound_inside(node)))
    return min(LARGE, max([here, *(effort(part) for part in parts(node))]))
