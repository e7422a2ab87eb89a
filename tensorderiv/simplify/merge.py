"""Like sums under one sign: sum_j g_j a_j - sum_m g_m b_m -> sum_j g_j (a_j - b_j), and ranges that complete one another."""

from __future__ import annotations

from typing import cast

from tensorderiv.algebra.build import add, both, conjuncts, factors_of, mul, negation, opposite_orders, total
from tensorderiv.algebra.expression import Condition, Derivative, Element, Expr, Mul, Reduction
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.traverse import contains, free_indices, index_names, rename_bound, substitute, tensors
from tensorderiv.canonical import canonical_condition
from tensorderiv.simplify.common_factors import common_factors
from tensorderiv.simplify.tidy import split_coefficient


def merge_sums(terms: list[Expr]) -> list[Expr]:
    """c sum_j g_j a_j + e sum_m g_m b_m -> sum_j g_j (c a_j + e b_j)   where a factor that depends on the index is shared."""
    merged: list[Expr] = []
    for term in terms:
        for position, earlier in enumerate(merged):
            together = _merge(earlier, term)
            if together is not None:
                merged[position] = together
                break
        else:
            merged.append(term)
    return merged


def _sum_in(term: Expr) -> tuple[Expr, Reduction] | None:
    sums = [f for f in factors_of(term) if isinstance(f, Reduction) and f.op == "sum"]
    if len(sums) != 1 or contains(term, Derivative):
        return None
    return mul(*(f for f in factors_of(term) if f is not sums[0])), sums[0]


def _merge(first: Expr, second: Expr) -> Expr | None:
    left, right = _sum_in(first), _sum_in(second)
    if left is None or right is None:
        return None
    (outer, mine), (other_outer, theirs) = left, right
    if sorted(str(i.extent) for i in mine.indices) != sorted(str(i.extent) for i in theirs.indices):
        return None
    taken = index_names(first) | index_names(second)
    clear = rename_bound(theirs, list(theirs.indices), taken)
    assert isinstance(clear, Reduction)
    apart = rename_bound(mine, [i for i in mine.indices if i.name in index_names(other_outer)], taken | index_names(clear))
    assert isinstance(apart, Reduction)
    renaming = _pair(clear.indices, apart.indices)
    body = substitute(clear.body, renaming)
    condition = None if clear.condition is None else cast(Condition, substitute(clear.condition, renaming))
    assert isinstance(body, Expr)
    pieces = [mul(outer, apart.body), mul(other_outer, body)]
    common, rests = common_factors(pieces)
    if condition != apart.condition:
        same = pieces[0] == pieces[1] or (common and rests[0] == rests[1])  # (1 - u) and -(u - 1) are the same
        return _join_ranges(apart, condition, outer) if same else None
    shared = any(set(free_indices(f)) & set(apart.indices) for f in common if not isinstance(f, Mul))
    if not shared and not (
        tensors(apart.body) == tensors(body) and all(isinstance(split_coefficient(r)[1], Element) for r in rests)
    ):
        return None
    return Reduction("sum", apart.indices, mul(*common, add(*rests)), apart.condition)


def _join_ranges(mine: Reduction, condition: Condition | None, outer: Expr) -> Expr | None:
    """sum_{j < k} f_j + sum_{j > k} f_j -> sum_{j != k} f_j,   sum_{c} f + sum_{not c} f -> sum f."""
    first, second = conjuncts(mine.condition), conjuncts(condition)
    shared = [part for part in first if part in second]
    left, right = [part for part in first if part not in shared], [part for part in second if part not in shared]
    if len(left) != 1 or len(right) != 1:
        return None
    apart = opposite_orders(left[0], right[0])
    if apart is not None:
        return mul(outer, Reduction("sum", mine.indices, mine.body, both(*shared, apart)))
    if canonical_condition(negation(left[0])) == canonical_condition(right[0]):
        return mul(outer, total(mine.indices, mine.body, both(*shared)))
    return None


def _pair(theirs: tuple[Index, ...], mine: tuple[Index, ...]) -> dict[Index, Index]:
    """Their indices in terms of mine, extent by extent, in order."""
    left = list(mine)
    pairs: dict[Index, Index] = {}
    for index in theirs:
        partner = next(i for i in left if i.extent == index.extent)
        left.remove(partner)
        pairs[index] = partner
    return pairs
