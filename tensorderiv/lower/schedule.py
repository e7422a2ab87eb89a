"""From a stored statement to its loop nest. The order of the loops is always

    rows of the target, rows summed over, features of the target, features summed over (scalar accumulators),

so that what belongs to a pair of rows is computed once for all features. The first row of the target runs in parallel; a target
without rows is summed in a fixed number of blocks of the first row summed over, one private accumulator a block, added up in
order: results never depend on the number of threads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tensorderiv.algebra.build import ZERO, add
from tensorderiv.algebra.expression import ArgReduction, Element, Expr, Node, Reduction, Subscript, Tensor
from tensorderiv.algebra.index import Extent, Index
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.text import to_text
from tensorderiv.algebra.traverse import bound_indices, parts, substitute_expr
from tensorderiv.lower.builder import Builder
from tensorderiv.lower.collect import Collected, RowSum, collect
from tensorderiv.lower.facts import Facts
from tensorderiv.lower.nest import Accumulate, Alloc, Blocks, Init, Loop, Nest, Op, Return, Store, Update
from tensorderiv.lower.scope import Body

BLOCK = Index("block", "blocks")


@dataclass(frozen=True)
class Setting:
    """What scheduling a statement needs to know about the rest of the program."""

    virtual: Mapping[str, Statement]
    facts: Facts
    rows: frozenset[Extent]
    taken: frozenset[str]

    def builder(self) -> Builder:
        return Builder(self.virtual, self.facts, self.rows, self.taken)


def schedule(statement: Statement, setting: Setting) -> Nest:
    """The loop nest of one stored statement."""
    collected = collect(statement, setting.rows, setting.facts)
    summary = f"{to_text(statement.element)} = {to_text(statement.body, statement.indices)}"
    if collected.sums and not _rows(statement.indices, setting):
        ops = _Total(statement, collected, setting).ops()
    else:
        ops = _Pointwise(statement, collected, setting).ops()
    return Nest(statement.tensor, ops, summary)


def _rows(indices: Sequence[Index], setting: Setting) -> tuple[Index, ...]:
    return tuple(index for index in indices if index.extent in setting.rows)


def _features(indices: Sequence[Index], setting: Setting) -> tuple[Index, ...]:
    return tuple(index for index in indices if index.extent not in setting.rows)


def depth(node: Node, setting: Setting) -> tuple[int, int]:
    """How many loops over rows and over features the node's costliest part needs, names unfolded."""
    inner = [depth(part, setting) for part in parts(node)]
    if isinstance(node, Element) and node.tensor.name in setting.virtual:
        inner.append(depth(setting.virtual[node.tensor.name].body, setting))
    rows, features = max(inner, default=(0, 0))
    if isinstance(node, Reduction | ArgReduction):
        bound = bound_indices(node)
        rows += len(_rows(bound, setting))
        features += len(_features(bound, setting))
    return rows, features


def worth_threads(statement: Statement, setting: Setting) -> bool:
    """Whether a nest has enough to do for several threads: pairs of rows, or three loops."""
    rows, features = depth(statement.body, setting)
    rows += len(_rows(statement.indices, setting))
    features += len(_features(statement.indices, setting))
    return rows >= 2 or (rows >= 1 and rows + features >= 3)


class _Pointwise:
    """for rows of the target: target = rest; for rows summed over: for features of the target: target += summand."""

    def __init__(self, statement: Statement, collected: Collected, setting: Setting) -> None:
        self.statement = statement
        self.collected = collected
        self.setting = setting
        self.builder = setting.builder()
        self.rows = _rows(statement.indices, setting)
        self.features = _features(statement.indices, setting)

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
        self.feature_loops(lambda: self.builder.scope.emit(Store(self.statement.element, self.builder.value(rest))))
        for found in self.collected.sums:
            self.builder.loops(found.indices, found.condition, lambda renaming, found=found: self.accumulate(found, renaming))  # type: ignore[misc]

    def accumulate(self, found: RowSum, renaming: Mapping[Index, Subscript]) -> None:
        body = substitute_expr(found.body, renaming)
        self.feature_loops(lambda: self.builder.scope.emit(Accumulate(self.statement.element, self.builder.value(body))))

    def feature_loops(self, innermost: Callable[[], None]) -> None:
        if self.features:
            self.builder.loops(self.features, None, lambda _: innermost())
        else:
            innermost()


class _Total:
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
        body = substitute_expr(found.body, renaming)

        def step(_: Mapping[Index, Subscript]) -> None:
            self.builder.scope.emit(Accumulate(element, self.builder.value(body)))

        self.builder.loops(self.features, None, step)

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


def _plain_parallel(blocks: Blocks) -> Op:
    """Blocks that hold nothing but one loop are that loop, in parallel."""
    if len(blocks.body) == 1 and isinstance(blocks.body[0], Loop):
        loop = blocks.body[0]
        loop.blocked, loop.parallel = None, True
        return loop
    return blocks
