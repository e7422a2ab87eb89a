"""From a stored statement to its loop nest. The order of the loops is always

    rows of the target, rows summed over, features of the target, features summed over (scalar accumulators),

so that what belongs to a pair of rows is computed once for all features. The first row of the target runs in parallel; a target
without rows is summed in a fixed number of blocks of the first row summed over, one private accumulator a block, added up in
order: results never depend on the number of threads.

Which row stands outermost is decided by counting: the order as written is kept unless another one takes fewer operations in
order of growth. A sum of a target with rows may then run with a summed row outside (`scatter`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import permutations

from tensorderiv.algebra.build import terms_of
from tensorderiv.algebra.expression import Element, MatrixFunction, Tensor
from tensorderiv.algebra.index import Extent
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.text import to_text
from tensorderiv.algebra.traverse import bound_indices, walk
from tensorderiv.lower.collect import Collected, RowSum, collect
from tensorderiv.lower.cost import cost_of
from tensorderiv.lower.diagonal import split
from tensorderiv.lower.gather import Gather
from tensorderiv.lower.nest import MatrixStep, Nest, Op, Return
from tensorderiv.lower.scatter import Moved, Scatter, merged, moved, unmoved
from tensorderiv.lower.setting import Setting, features_of, rows_of
from tensorderiv.lower.total import Total

MANY_FEATURES = 3
"""From this many loops over features on, another order of them is tried."""
MOST_ROWS = 4
"""Sums over more rows than this keep the order in which they are written."""


def schedule(statement: Statement, setting: Setting) -> Nest:
    """The loop nest of one stored statement."""
    summary = f"{to_text(statement.element)} = {to_text(statement.body, statement.indices)}"
    if isinstance(statement.body, MatrixFunction):
        return Nest(statement.tensor, whole_matrix(statement.tensor, statement.body, setting), summary)
    dense, diagonals = split(statement)
    ops = ops_of(dense, setting)
    for diagonal in diagonals:
        part = Statement(statement.tensor, diagonal.indices, diagonal.body)
        ops += Gather(part, collect(part, setting.rows, setting.facts), setting, onto=diagonal.element).ops()
    return Nest(statement.tensor, ops, summary)


def ops_of(statement: Statement, setting: Setting) -> list[Op]:
    """The operations of a statement, in the order of least growth."""
    ops = made_with(statement, setting)
    least = growth(ops, setting.rows)
    if least[1] < MANY_FEATURES:
        return ops
    summed = {i.extent for node in walk(statement.body) for i in bound_indices(node)} - set(statement.tensor.extents)
    other = made_with(statement, replace(setting, rows=setting.rows | summed))  # features summed over run outside as rows do
    return other if growth(other, setting.rows) < least else ops


def made_with(statement: Statement, setting: Setting) -> list[Op]:
    """The operations of a statement, with these extents as rows."""
    collected = collect(statement, setting.rows, setting.facts)
    make: Callable[[Setting], Gather | Scatter | Total]
    if collected.sums and not rows_of(statement.indices, setting):
        sums = tuple(best_order(statement, found, setting) for found in collected.sums)
        make = partial(Total, statement, replace(collected, sums=sums))
    else:
        make = with_rows(statement, collected, setting)
    return twice(make, setting)


def twice(make: Callable[[Setting], Gather | Scatter | Total], setting: Setting) -> list[Op]:
    """The nest; where it has row buffers it is made again, and what stands in them is then read from them everywhere."""
    made = make(setting)
    ops = made.ops()
    buffers = frozenset(made.builder.buffers)
    return make(replace(setting, buffers=buffers)).ops() if buffers else ops


def whole_matrix(target: Tensor, body: MatrixFunction, setting: Setting) -> list[Op]:
    """An inverse fills its array; a determinant is handed back."""
    if body.name == "inv":
        return [MatrixStep(target.name, body.name, body.matrix)]
    local = setting.builder().scope.name(body.name)
    return [MatrixStep(local, body.name, body.matrix), Return((Element(Tensor(local)),))]


def growth(ops: list[Op], rows: frozenset[Extent]) -> tuple[int, int]:
    """How many row extents, then how many features, multiply the costliest part of a nest: d n n is (2, 1)."""
    sizes = [(sum(e in rows for e in key), sum(e not in rows for e in key)) for key in cost_of(ops).operations.terms]
    return max(sizes, default=(0, 0))


def best_order(statement: Statement, found: RowSum, setting: Setting) -> RowSum:
    """The sum with its indices in the order of least growth; as written where nothing is gained."""

    def orders() -> Iterator[RowSum]:
        for indices in permutations(found.indices):
            yield replace(found, indices=indices)

    def cost(one: RowSum) -> tuple[int, int]:
        return growth(Total(statement, Collected((), (one,)), setting).ops(), setting.rows)

    least = len(found.indices), len(features_of(statement.indices, setting))
    if not 2 <= len(found.indices) <= MOST_ROWS or cost(found) <= least:
        return found
    return min(orders(), key=cost)


def with_rows(statement: Statement, collected: Collected, setting: Setting) -> Callable[[Setting], Gather | Scatter]:
    """The nest of a target with rows; terms that grow less with a summed row outermost are moved."""
    gather = partial(Gather, statement, collected)
    rows = len(rows_of(statement.indices, setting))
    if not collected.sums and rows and growth(gather(setting).ops(), setting.rows) > (rows + 1, 1):
        collected = collect(statement, setting.rows, setting.facts, every=True)  # each of its sums may have another order
    kept: list[RowSum] = []
    stay: list[RowSum] = []
    chosen: list[Moved] = []
    for found in collected.sums:
        if not _is_dear(statement, found, setting):
            stay.append(found)
            continue
        for term in terms_of(found.body):
            one = replace(found, body=term)
            better = _better(statement, one, setting)
            if better is None:
                stay.append(one)
            else:
                chosen = _joined(chosen, better) or [*chosen, better]
    if not chosen:
        return gather
    for one in stay:
        beside = unmoved(one, statement, setting)
        together = _joined(chosen, beside)
        if together is not None:
            chosen = together
        elif _is_dear(statement, one, setting):
            chosen = [*chosen, beside]
        else:
            kept.append(one)
    return partial(Scatter, statement, replace(collected, sums=tuple(kept)), tuple(chosen))


def _gathered(statement: Statement, found: RowSum, setting: Setting) -> tuple[int, int]:
    return growth(Gather(statement, Collected((), (found,)), setting).ops(), setting.rows)


def _is_dear(statement: Statement, found: RowSum, setting: Setting) -> bool:
    """Whether a sum takes more than the loops of the target and its own."""
    rows, features = rows_of(statement.indices, setting), features_of(statement.indices, setting)
    return _gathered(statement, found, setting) > (len(rows) + len(found.indices), len(features))


def _better(statement: Statement, found: RowSum, setting: Setting) -> Moved | None:
    """The sum with another row outermost, where it then grows less."""
    choices = [moved(found, outer, statement, setting) for outer in found.indices]
    costs = [growth(Scatter(statement, Collected((), ()), (one,), setting).ops(), setting.rows) for one in choices]
    least = min(costs)
    return choices[costs.index(least)] if least < _gathered(statement, found, setting) else None


def _joined(chosen: list[Moved], one: Moved) -> list[Moved] | None:
    """With one more sum in the nest of another that runs over the same rows; None where there is no such nest."""
    for place, other in enumerate(chosen):
        together = merged(other, one)
        if together is not None:
            return [*chosen[:place], together, *chosen[place + 1 :]]
    return None
