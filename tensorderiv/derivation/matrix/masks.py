"""Where a difference vanishes, what it is divided by need not be looked at.

    (X_kl - X_jl) M_kj / D_kj  is 0 at j = k, whatever D_kk is,

but X_kl (M_kj / D_kj) and X_jl (M_kj / D_kj) on their own are not: before such a product is multiplied out it gets [k != j].
"""

from __future__ import annotations

from itertools import combinations

from tensorderiv.algebra.build import ZERO, factors_of, mul
from tensorderiv.algebra.expression import Add, Bracket, Compare, Expr, Mul, Number, Position, Pow
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.traverse import free_indices, rewrite, substitute_expr
from tensorderiv.canonical import canonical


def masked(expr: Expr) -> Expr:
    """The expression with [i != j] at every product with a denominator and a difference that vanishes at i = j."""
    return rewrite(expr, lambda node: _mask(node) if isinstance(node, Mul) else node)


def _mask(node: Mul) -> Expr:
    below = [f for f in factors_of(node) if isinstance(f, Pow) and isinstance(f.exponent, Number) and f.exponent.value < 0]
    made: dict[Expr, None] = {}
    for difference in (f for f in factors_of(node) if isinstance(f, Add)):
        for first, second in combinations(free_indices(difference), 2):
            divided = any({first, second} <= set(free_indices(f)) for f in below)
            if first.extent == second.extent and divided and _vanishes(difference, first, second):
                made[Bracket(Compare("!=", Position(first), Position(second)))] = None
    return mul(*made, node)


def _vanishes(difference: Expr, first: Index, second: Index) -> bool:
    return canonical(substitute_expr(difference, {second: first})) == ZERO
