"""Why (delta_km - delta_jm) f_kj may not always be multiplied out: it is 0 where k = j, also where f is infinite there.

    (delta_km - delta_jm) / D_kj  ->  [k != j] delta_km / D_kj - [k != j] delta_jm / D_kj

A zero factor makes a product zero (docs/decisions/0003), but inf - inf is nan. So the condition under which the difference is not
0 is written down before its terms part.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache

from tensorderiv.algebra.build import ZERO, factors_of, terms_of
from tensorderiv.algebra.expression import (
    Add,
    Bracket,
    Compare,
    CopyTensor,
    Expr,
    Function,
    KroneckerDelta,
    Number,
    Position,
    Pow,
)
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.traverse import free_indices, substitute_expr, walk

SINGULAR_FUNCTIONS = frozenset({"log", "log2", "log1p", "atanh", "acosh", "lgamma", "digamma", "tan"})


@lru_cache(maxsize=20_000)
def coincidences(indicator: Expr) -> tuple[tuple[Index, Index], ...]:
    """The pairs of indices at whose coincidence a sum of deltas is 0: (k, j) for delta_km - delta_jm."""
    if not isinstance(indicator, Add):
        return ()
    indices = [index for index in free_indices(indicator) if _is_compared(index, indicator)]
    pairs = ((a, b) for place, a in enumerate(indices) for b in indices[place + 1 :] if a.extent == b.extent)
    return tuple((a, b) for a, b in pairs if _cancels(indicator, a, b))


def _is_compared(index: Index, expr: Expr) -> bool:
    return any(isinstance(node, (KroneckerDelta, CopyTensor)) and index in free_indices(node) for node in walk(expr))


def _cancels(expr: Expr, a: Index, b: Index) -> bool:
    """Whether the terms add up to 0 with b written as a."""
    sums: dict[tuple[str, ...], Fraction] = {}
    for term in terms_of(substitute_expr(expr, {b: a})):
        coefficient = Fraction(1)
        rest: list[str] = []
        for factor in factors_of(term):
            if isinstance(factor, Number):
                coefficient *= factor.value
            else:
                rest.append(repr(factor))
        key = tuple(sorted(rest))
        sums[key] = sums.get(key, Fraction(0)) + coefficient
    return not any(sums.values())


def guards(indicator: Expr, others: tuple[Expr, ...]) -> Iterator[Bracket]:
    """[k != j] for each coincidence of a sum of deltas at which the other factors may be infinite, and none of them is 0."""
    for a, b in coincidences(indicator):
        guard = Bracket(Compare("!=", Position(a), Position(b)))
        mirrored = Bracket(Compare("!=", Position(b), Position(a)))
        if guard in others or mirrored in others or not any(_may_be_singular(factor, a, b) for factor in others):
            continue
        if not any(_vanishes(factor, a, b) for factor in others):
            yield guard


def _may_be_singular(expr: Expr, a: Index, b: Index) -> bool:
    """Whether a division or a logarithm of something that depends on both indices stands inside."""
    for node in walk(expr):
        if not isinstance(node, Expr) or not {a, b} <= set(free_indices(node)):
            continue
        if isinstance(node, Pow) and (not isinstance(node.exponent, Number) or node.exponent.value < 0):
            return True
        if isinstance(node, Function) and node.name in SINGULAR_FUNCTIONS:
            return True
    return False


def _vanishes(factor: Expr, a: Index, b: Index) -> bool:
    """Whether a factor is 0 where both indices agree: X_kl - X_jl."""
    made = substitute_expr(factor, {b: a})
    return made == ZERO or (isinstance(factor, Add) and _cancels(factor, a, b))
