"""A target with rows: its first row runs in parallel, and each row collects what belongs to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tensorderiv.algebra.build import ZERO, add
from tensorderiv.algebra.expression import Element, Subscript
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.traverse import substitute_expr
from tensorderiv.lower.builder import Builder
from tensorderiv.lower.collect import Collected, RowSum
from tensorderiv.lower.nest import Accumulate, Blocks, Loop, Op, Return, Store
from tensorderiv.lower.scope import Body
from tensorderiv.lower.setting import BLOCK, PART, Setting, features_of, rows_of, worth_threads
from tensorderiv.lower.spread import spread


class Gather:
    """for rows of the target: target = rest; for rows summed over: for features of the target: target += summand.

    `pieces` are elements of accumulators that are filled already, a block each: they are added at the end (see `scatter`).
    With `onto` everything is added to that element instead of the statement's own, which is filled already (see `diagonal`).
    """

    def __init__(
        self,
        statement: Statement,
        collected: Collected,
        setting: Setting,
        builder: Builder | None = None,
        pieces: Sequence[Element] = (),
        onto: Element | None = None,
    ) -> None:
        self.statement = statement
        self.element = onto or statement.element
        self.onto = onto
        self.collected = collected
        self.setting = setting
        self.builder = builder or setting.builder()
        self.pieces = pieces
        self.rows = rows_of(statement.indices, setting)
        self.features = features_of(statement.indices, setting)

    def ops(self) -> list[Op]:
        builder = self.builder
        if not self.statement.indices:
            builder.scope.emit(Return((builder.value(add(*self.collected.rest)),)))
            return builder.scope.finish()
        if not (self.rows and worth_threads(self.statement, self.setting)):
            self.row_loops(self.rows, None)
            return builder.scope.finish()
        blocks = Blocks(BLOCK.name, [])
        body = Body(blocks.body)
        builder.scope.shared = body
        with builder.scope.within(body):
            self.row_loops(self.rows, Loop(self.rows[0], [], blocked=BLOCK.name))
        builder.scope.emit(blocks)
        return [_plain_parallel(op) if op is blocks else op for op in builder.scope.finish()]

    def row_loops(self, rows: tuple[Index, ...], first: Loop | None) -> None:
        if not rows:
            self.row()
            return
        self.builder.loops(rows, None, lambda _: self.row(), first=first)

    def row(self) -> None:
        """Everything that happens for one row of the target."""
        rest = add(*self.collected.rest)
        if self.onto is None:
            self.feature_loops(lambda: self.builder.scope.emit(Store(self.element, self.builder.value(rest))))
        elif rest != ZERO:
            self.feature_loops(lambda: self.builder.scope.emit(Accumulate(self.element, self.builder.value(rest))))
        for found in self.collected.sums:
            self.builder.loops(found.indices, found.condition, lambda renaming, found=found: self.accumulate(found, renaming))  # type: ignore[misc]
        for piece in self.pieces:
            self.add_parts(piece)

    def add_parts(self, piece: Element) -> None:
        """The parts of an accumulator, in the order of the blocks."""
        scope = self.builder.scope
        loop = Loop(PART, [])
        with scope.within(Body(loop.body, {PART.name}, PART)):
            self.feature_loops(lambda: scope.emit(Accumulate(self.element, piece)))
        scope.emit(loop)

    def accumulate(self, found: RowSum, renaming: Mapping[Index, Subscript]) -> None:
        body = substitute_expr(found.body, renaming)
        spread(self.builder, self.element, body, self.features)

    def feature_loops(self, innermost: Callable[[], None]) -> None:
        if self.features:
            self.builder.loops(self.features, None, lambda _: innermost())
        else:
            innermost()


def _plain_parallel(blocks: Blocks) -> Op:
    """Blocks that hold nothing but one loop are that loop, in parallel."""
    if len(blocks.body) == 1 and isinstance(blocks.body[0], Loop):
        loop = blocks.body[0]
        loop.blocked, loop.parallel = None, True
        return loop
    return blocks
