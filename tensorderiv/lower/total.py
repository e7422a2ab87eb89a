"""A target without rows: sums over all rows, each in a fixed number of blocks with one private accumulator a block."""

from __future__ import annotations

from collections.abc import Mapping

from tensorderiv.algebra.build import ZERO, add
from tensorderiv.algebra.expression import Element, Expr, Subscript, Tensor
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.traverse import substitute_expr
from tensorderiv.lower.collect import Collected, RowSum
from tensorderiv.lower.nest import Alloc, Blocks, Init, Loop, Op, Return, Store, Update
from tensorderiv.lower.scope import Body
from tensorderiv.lower.setting import BLOCK, Setting, worth_threads
from tensorderiv.lower.spread import spread


class Total:
    """A target without rows: one accumulator a block of rows, added up in order."""

    def __init__(self, statement: Statement, collected: Collected, setting: Setting) -> None:
        self.statement = statement
        self.collected = collected
        self.setting = setting
        self.builder = setting.builder()
        self.features = statement.indices

    def ops(self) -> list[Op]:
        builder, scope = self.builder, self.builder.scope
        threads = worth_threads(self.statement, self.setting)
        if not threads:
            return self.serial()
        pieces: list[Element] = []
        for found in self.collected.sums:
            pieces.append(self.blocked(found))
        if not self.features:
            rest = builder.value(add(*self.collected.rest))
            totals = []
            for piece in pieces:
                totals.append(self.sum_of_blocks(piece))
            scope.emit(Return((add(rest, *totals),)))
        else:

            def store(_: Mapping[Index, Subscript]) -> None:
                rest = builder.value(add(*self.collected.rest))
                totals = [self.sum_of_blocks(piece) for piece in pieces]
                scope.emit(Store(self.statement.element, add(rest, *totals)))

            builder.loops(self.features, None, store)
        return scope.finish()

    def blocked(self, found: RowSum) -> Element:
        """Sum into one private accumulator a block; returns the element that holds the part of a block."""
        builder, scope = self.builder, self.builder.scope
        extents = tuple(index.extent for index in self.features)
        part = Tensor(scope.name("part"), (BLOCK.extent, *extents))
        element = Element(part, (BLOCK, *self.features))
        scope.root.ops.append(Alloc(part.name, part.extents, zero=True))
        blocks = Blocks(BLOCK.name, [], extents)
        body = Body(blocks.body, {BLOCK.name})
        scope.shared = body
        with scope.within(body):
            first = Loop(found.indices[0], [], blocked=BLOCK.name)
            if self.features:
                builder.loops(
                    found.indices, found.condition, lambda renaming: self.add_array(element, found, renaming), first=first
                )
            else:
                name = scope.name("s")
                scope.emit(Init(name, ZERO))

                def step(renaming: Mapping[Index, Subscript]) -> None:
                    scope.emit(Update(name, "+", builder.value(substitute_expr(found.body, renaming))))

                builder.loops(found.indices, found.condition, step, first=first)
                scope.emit(Store(element, Element(Tensor(name))))
        scope.emit(blocks)
        blocks.body[:0] = scope.allocations.pop(id(body), [])
        scope.shared = None
        return element

    def add_array(self, element: Element, found: RowSum, renaming: Mapping[Index, Subscript]) -> None:
        spread(self.builder, element, substitute_expr(found.body, renaming), self.features)

    def sum_of_blocks(self, piece: Element) -> Expr:
        """The sum of all parts of the accumulator, in the order of the blocks."""
        scope = self.builder.scope
        name = scope.name("total")
        scope.emit(Init(name, ZERO))
        scope.emit(Loop(BLOCK, [Update(name, "+", piece)]))
        return Element(Tensor(name))

    def serial(self) -> list[Op]:
        """Too little to do for threads: plain loops."""
        builder, scope = self.builder, self.builder.scope
        rest = add(*self.collected.rest)
        if not self.features:
            name = scope.name("s")
            scope.emit(Init(name, ZERO))
            for found in self.collected.sums:

                def step(renaming: Mapping[Index, Subscript], found: RowSum = found) -> None:
                    scope.emit(Update(name, "+", builder.value(substitute_expr(found.body, renaming))))

                builder.loops(found.indices, found.condition, step)
            scope.emit(Return((add(builder.value(rest), Element(Tensor(name))),)))
            return scope.finish()
        target = self.statement.element
        builder.loops(self.features, None, lambda _: scope.emit(Store(target, builder.value(rest))))
        for found in self.collected.sums:
            builder.loops(
                found.indices,
                found.condition,
                lambda renaming, found=found: self.add_array(target, found, renaming),  # type: ignore[misc]
            )
        return scope.finish()
