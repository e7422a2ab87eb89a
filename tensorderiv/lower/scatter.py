"""A target with rows whose summands are dear for one of the rows summed over: that row runs outside, and hands out.

    Xbar_iq = sum_j G_ij u_ijq + sum_k G_ki v_kiq        where computing G_k. takes loops over rows and scratch of its own

    part = zeros(blocks, n, d)
    for block in blocks:  # parallel
        for k in block of range(n):
            what depends on k alone: scratch rows, places of maxima
            for i in range(n):
                G_ki, once
                part_{block}kq += G_ki u_kiq;  part_{block}iq += G_ki v_kiq
    Xbar_iq = the parts, added in the order of the blocks

Run the other way round, every row i would compute the scratch of every row k again: n times the work. The blocks are fixed, so
results do not depend on the number of threads; there are at most `MOST_BLOCK_ENTRIES` entries in them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tensorderiv.algebra.expression import Condition, Element, Expr, Subscript, Tensor
from tensorderiv.algebra.index import Index, fresh
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.traverse import index_names, substitute, substitute_expr
from tensorderiv.lower.builder import Builder
from tensorderiv.lower.collect import Collected, RowSum
from tensorderiv.lower.gather import Gather
from tensorderiv.lower.nest import Alloc, Blocks, Loop, Op
from tensorderiv.lower.scope import Body
from tensorderiv.lower.setting import BLOCK, PART, Setting, features_of, rows_of
from tensorderiv.lower.spread import spread


@dataclass(frozen=True)
class Moved:
    """Loops over `rows`, the first outermost and in blocks; where the condition holds each body is added to its element."""

    rows: tuple[Index, ...]
    condition: Condition | None
    adds: tuple[tuple[Element, Expr], ...]


def moved(found: RowSum, outer: Index, statement: Statement, setting: Setting) -> Moved:
    """A sum with one of its indices outermost, then the rows of the target, then the others."""
    others = tuple(index for index in found.indices if index != outer)
    return Moved((outer, *rows_of(statement.indices, setting), *others), found.condition, ((statement.element, found.body),))


def unmoved(found: RowSum, statement: Statement, setting: Setting) -> Moved:
    """A sum with the rows of the target outermost."""
    return Moved((*rows_of(statement.indices, setting), *found.indices), found.condition, ((statement.element, found.body),))


def merged(first: Moved, second: Moved) -> Moved | None:
    """Both in one loop nest, where they run over the same rows under the same condition.

    The indices of the second are named like those of the first: what both need, such as G_ki, is then one expression.
    """
    if [i.extent for i in first.rows] != [i.extent for i in second.rows]:
        return None
    second = _named_like(first.rows, second)
    return Moved(first.rows, first.condition, first.adds + second.adds) if second.condition == first.condition else None


def _named_like(rows: tuple[Index, ...], other: Moved) -> Moved:
    renaming = dict(zip(other.rows, rows, strict=True))
    condition = None if other.condition is None else substitute(other.condition, renaming)
    assert condition is None or isinstance(condition, Condition)
    adds = tuple((_element(substitute_expr(e, renaming)), substitute_expr(body, renaming)) for e, body in other.adds)
    return Moved(rows, condition, adds)


def _element(expr: Expr) -> Element:
    assert isinstance(expr, Element)
    return expr


class Scatter:
    """The nest of a statement some of whose sums are moved; the rest of it is gathered as usual."""

    def __init__(self, statement: Statement, collected: Collected, sums: tuple[Moved, ...], setting: Setting) -> None:
        self.statement = statement
        self.collected = collected
        self.sums = sums
        self.setting = setting
        self.builder: Builder = setting.builder()
        self.features = features_of(statement.indices, setting)

    def ops(self) -> list[Op]:
        groups: dict[object, list[Moved]] = {}
        for one in self.sums:
            groups.setdefault(one.rows[0].extent, []).append(one)
        pieces = [self.blocked(group) for group in groups.values()]
        return Gather(self.statement, self.collected, self.setting, self.builder, pieces).ops()

    def blocked(self, group: list[Moved]) -> Element:
        """Fill one private accumulator a block; returns the element that holds a part of it."""
        scope = self.builder.scope
        part = Tensor(scope.name("part"), (BLOCK.extent, *self.statement.tensor.extents))
        scope.root.ops.append(Alloc(part.name, part.extents, zero=True))
        blocks = Blocks(BLOCK.name, [], self.statement.tensor.extents)
        body = Body(blocks.body, {BLOCK.name})
        scope.shared = body
        outer = group[0].rows[0]
        taken = {name for one in group for _, summand in one.adds for name in index_names(summand)}
        taken |= {index.name for one in group for index in one.rows}
        if len(group) > 1:
            outer = fresh(outer, taken)
        with scope.within(body):
            self.builder.loops(
                (outer,), None, lambda _: self.inner_loops(group, outer, part), first=Loop(outer, [], blocked=BLOCK.name)
            )
        scope.emit(blocks)
        blocks.body[:0] = scope.allocations.pop(id(body), [])
        scope.shared = None
        return Element(part, (PART, *self.statement.indices))

    def inner_loops(self, group: list[Moved], outer: Index, part: Tensor) -> None:
        for one in group:
            one = _named_like((outer, *one.rows[1:]), one)

            def step(renaming: Mapping[Index, Subscript], one: Moved = one) -> None:
                for element, body in one.adds:
                    place = _element(substitute_expr(Element(part, (BLOCK, *element.subscripts)), renaming))
                    spread(self.builder, place, substitute_expr(body, renaming), self.features)

            self.builder.loops(one.rows[1:], one.condition, step)
