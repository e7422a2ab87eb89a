"""The pair of a row with itself: where S_ij is a strip, S_ii is its entry.

    s_ij = sum_p A_ip B_jp  a strip,  s_ii = sum_p A_ip B_ip    ->    s_ii = strip_ii

A loop of its own would add up the same terms in another order, and s_ij - s_ii would not be 0 where the rows i and j agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import cast

from tensorderiv.algebra.expression import Element, Expr, Node, Reduction
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.traverse import free_indices, substitute_expr
from tensorderiv.lower.key import canonical_bound
from tensorderiv.lower.passes.builder import LOCAL_ROW, PassBuilder
from tensorderiv.lower.passes.views import unfolded


def own_entries(exprs: Iterable[Expr], builder: PassBuilder, row: Index, column: Index) -> Iterator[tuple[Reduction, Element]]:
    """Each reduction of the row alone that is an entry (row, row) of a strip, and this entry."""
    if row.extent != column.extent:
        return
    found: dict[Reduction, None] = {}
    for node in chain.from_iterable(unfolded(expr, builder.virtual) for expr in exprs):
        if isinstance(node, Reduction) and row in free_indices(node):
            found[builder.core(node) if builder.pulled(node) else node] = None
    pairs: dict[Node, Reduction] = {}
    for pair in found:
        others = [i for i in free_indices(pair) if i.extent == row.extent and i != row]
        if len(others) == 1:
            (other,) = others
            alone = canonical_bound(substitute_expr(pair, {other: row}))
            pairs[alone] = cast(Reduction, substitute_expr(pair, {other: column}))
    for expr in found:
        of_pair = pairs.get(canonical_bound(expr))
        strip = None if of_pair is None else builder.strips.of(of_pair)
        if strip is not None:
            yield expr, Element(strip[0].tensor, (LOCAL_ROW, row))
