"""Sums over several indices as sums in sums, each factor as far out as it can stand:

    sum_{p,n} g_apn f_apq   ->  sum_p f_apq (sum_n g_apn)        the features q are then met n^2 times, not n^3
    sum_{p,n} u_p v_n       ->  sum_p u_p (sum_n v_n)            and the inner sum is one number
    sum_{p,q} x_ip M_pq y_q ->  sum_p x_ip (sum_q M_pq y_q)      and the inner sum is a vector of its own

An index k is summed first where that sum depends on fewer indices than the terms do. Conditions go with the indices they speak
of. Sums of terms that are never negative are taken apart where each term alone can be summed in a lower order; others are not:
a difference that is small would then be one of two large sums.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

from tensorderiv.algebra.build import add, both, factors_of, mul, total
from tensorderiv.algebra.expression import Add, Condition, Expr, Node, Number, Reduction
from tensorderiv.algebra.index import Extent, Index
from tensorderiv.algebra.traverse import free_indices
from tensorderiv.lower.alike import equal_labels, replaced
from tensorderiv.lower.facts import Facts
from tensorderiv.lower.values import condition_parts, split_conditions


def eliminate(node: Expr, rows: frozenset[Extent], facts: Facts) -> Expr:
    """The sum with its indices summed one after the other; any other node as it is.

    >>> from tensorderiv.algebra.expression import Element, Tensor
    >>> p, n, q = Index("p", "n"), Index("n", "n"), Index("q", "d")
    >>> g, f = Element(Tensor("g", ("n", "n")), (p, n)), Element(Tensor("f", ("n", "d")), (p, q))
    >>> print(eliminate(total([p, n], mul(g, f)), frozenset({"n"}), Facts((), ())))
    sum_p f_pq sum_n g_pn
    """
    if not isinstance(node, Reduction) or node.op != "sum":
        return node
    node = _joined(node, rows)
    if len(node.indices) < 2:
        return node
    taken_apart = _apart(node, rows, facts)
    if taken_apart is not None:
        return taken_apart
    factors, brackets = split_conditions(factors_of(node.body))
    conditions = condition_parts(both(node.condition, brackets))
    best: Expr = node
    for choice in _label_choices(conditions):
        made = _nested(node.indices, factors, choice, rows)
        if made != total(node.indices, mul(*factors), both(*choice)) and (
            best is node or breadth(made, rows) < breadth(best, rows)
        ):
            best = made
    return best


def _label_choices(conditions: list[Condition]) -> Iterator[list[Condition]]:
    """The conditions as they are; and, where c_p = c_a is among them, with c_a in the others written c_p, and c_p written c_a."""
    yield conditions
    for old, new in equal_labels(conditions):
        yield [part if (old, new) in equal_labels([part]) else cast(Condition, replaced(part, old, new)) for part in conditions]


def _joined(node: Reduction, rows: frozenset[Extent]) -> Reduction:
    """sum_J sum_K f -> sum_{J, K} f for rows, so that their order is free."""
    inner = node.body
    if not isinstance(inner, Reduction) or inner.op != "sum":
        return node
    alike = all(index.extent in rows for index in (*node.indices, *inner.indices))
    if not alike or {i.name for i in node.indices} & {i.name for i in inner.indices}:
        return node
    return Reduction("sum", node.indices + inner.indices, inner.body, both(node.condition, inner.condition))


def _apart(node: Reduction, rows: frozenset[Extent], facts: Facts) -> Expr | None:
    """sum (f + g) -> sum f + sum g where no term is negative and each sum alone is of lower order."""
    if not isinstance(node.body, Add) or not all(facts.sign(term).at_least_zero for term in node.body.terms):
        return None
    pieces = [eliminate(Reduction("sum", node.indices, term, node.condition), rows, facts) for term in node.body.terms]
    whole = breadth(node, rows)
    return add(*pieces) if all(breadth(piece, rows) < whole for piece in pieces) else None


def _nested(indices: tuple[Index, ...], factors: list[Expr], conditions: list[Condition], rows: frozenset[Extent]) -> Expr:
    """Take out, again and again, the index whose sum depends on the fewest others."""
    found = _first_summed(indices, factors, conditions, rows)
    if found is None:
        return total(indices, mul(*factors), both(*conditions))
    inner_factors = [f for f in factors if found in free_indices(f)]
    inner_conditions = [c for c in conditions if found in free_indices(c)]
    inner = total([found], mul(*inner_factors), both(*inner_conditions))
    outer = [f for f in factors if f not in inner_factors]
    rest = [c for c in conditions if c not in inner_conditions]
    return _nested(tuple(i for i in indices if i != found), [*outer, inner], rest, rows)


def _first_summed(
    indices: tuple[Index, ...], factors: list[Expr], conditions: list[Condition], rows: frozenset[Extent]
) -> Index | None:
    if len(indices) < 2:
        return None
    best: tuple[tuple[int, int], Index] | None = None
    for index in indices:
        pieces: list[Node] = [f for f in factors if index in free_indices(f)]
        pieces += [c for c in conditions if index in free_indices(c)]
        inner = {i for piece in pieces for i in free_indices(piece)} - {index}
        outer = {i for piece in (*factors, *conditions) if index not in free_indices(piece) for i in free_indices(piece)}
        if outer <= inner:
            continue
        size = order_of(inner, rows)
        if best is None or size < best[0]:
            best = size, index
    return None if best is None else best[1]


def order_of(indices: Iterable[Index], rows: frozenset[Extent]) -> tuple[int, int]:
    """How many indices count rows, and how many features."""
    found = [i for i in indices if not isinstance(i.extent, int)]
    return sum(i.extent in rows for i in found), sum(i.extent not in rows for i in found)


def breadth(node: Expr, rows: frozenset[Extent]) -> tuple[int, int]:
    """The order of the widest loop nest of a chain of sums: sum_p f_p (sum_n g_n) needs one loop, not two."""
    match node:
        case Number():
            return 0, 0
        case Add(terms):
            return max(breadth(term, rows) for term in terms)
        case Reduction("sum", indices, body, condition):
            inner = [breadth(f, rows) for f in factors_of(body) if isinstance(f, Reduction)]
            flat = [f for f in factors_of(body) if not isinstance(f, Reduction)]
            held = {i for f in (*flat, *condition_parts(condition)) for i in free_indices(f)} | set(indices)
            return max([order_of(held, rows), *inner])
    return order_of(free_indices(node), rows)
