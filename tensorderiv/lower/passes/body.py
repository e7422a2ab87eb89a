"""The body of a pass: what happens for one row, in as few loops over the columns as its dependencies allow.

A reduction over the columns is finished in one loop; what reads it stands in a later one. Weights, tables and sums onto the
columns all stand in the last loop, beside the reductions that nothing else in the row waits for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, cast

from tensorderiv.algebra.build import ZERO, mul, neg
from tensorderiv.algebra.expression import Bracket, Constant, Element, Expr, Node, Reduction, Select, Tensor
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.traverse import free_indices, substitute_expr
from tensorderiv.lower.key import canonical_bound
from tensorderiv.lower.nest import Accumulate, Alloc, Init, Loop, Op, ReduceRow, Store, Update, walk_ops
from tensorderiv.lower.passes.builder import LOCAL_ROW, PassBuilder
from tensorderiv.lower.passes.own import own_entries
from tensorderiv.lower.passes.views import View, unfolded
from tensorderiv.lower.scope import Body
from tensorderiv.lower.values import condition_parts

INFINITY = Constant("inf")


@dataclass
class Reduced:
    """A reduction over the columns of one row, and the loop it stands in."""

    expr: Reduction
    level: int = 0


@dataclass
class Finals:
    """What stands in the last loop."""

    weights: list[tuple[Tensor, Expr]] = field(default_factory=list)
    tables: list[tuple[Element, Expr]] = field(default_factory=list)
    columns: list[tuple[Element, Expr]] = field(default_factory=list)


class RowBody:
    """Plans and emits the loops of one row."""

    def __init__(self, builder: PassBuilder, row: Index, column: Index, views: Sequence[View], finals: Finals) -> None:
        self.builder = builder
        self.row = row
        self.column = column
        self.row_values = [
            view for view in views if view.value is not None and not view.onto_columns and len(view.statement.indices) == 1
        ]
        self.finals = finals
        self.defined = {view.statement.tensor.name: view for view in self.row_values}
        self.found: dict[Node, Reduced] = {}
        self.last = self.plan()

    @property
    def final_exprs(self) -> list[Expr]:
        return [e for group in (self.finals.weights, self.finals.tables, self.finals.columns) for _, e in group]

    # ---- which loop ----------------------------------------------------------------------------------------------------------

    def plan(self) -> int:
        """Each reduction in the last loop that what waits for it allows."""
        ready = {view.statement.tensor.name: self.depth(cast(Expr, view.value)) for view in self.row_values}
        last = max([*(self.depth(e) for e in self.final_exprs), *(d - 1 for d in ready.values())], default=-1)
        last = max(last, *(self.depth(r.expr.body) for r in self.found.values())) if self.found else last
        users: list[tuple[int, Expr]] = [(last, e) for e in self.final_exprs]
        for reduced in sorted(self.found.values(), key=lambda r: -self.depth(r.expr.body)):
            reduced.level = last
        changed = True
        while changed:
            changed = False
            waiting = users + [(r.level, r.expr.body) for r in self.found.values()]
            for level, expr in waiting:
                for needed in self.needed(expr):
                    if needed.level >= level:
                        needed.level, changed = level - 1, True
        return last

    def depth(self, expr: Expr) -> int:
        """How many loops over the columns come before the expression can be computed."""
        return max((1 + self.depth(reduced.expr.body) for reduced in self.needed(expr)), default=0)

    def needed(self, expr: Node) -> list[Reduced]:
        """The reductions over the columns that an expression of the row waits for, directly or through row quantities."""
        found: list[Reduced] = []
        for name in self.own_names(expr):
            found += self.needed(cast(Expr, self.defined[name].value))
        for reduction in self.reductions(expr):
            key = canonical_bound(reduction)
            found.append(self.found.setdefault(key, Reduced(reduction)))
        return found

    def own_names(self, expr: Node) -> list[str]:
        names = [part.tensor.name for part in unfolded(expr, self.builder.virtual) if isinstance(part, Element)]
        return [name for name in dict.fromkeys(names) if name in self.defined]

    def reductions(self, expr: Node) -> Iterable[Reduction]:
        """The outermost reductions over the columns of this row alone."""
        seen: list[Reduction] = []
        inside: set[Node] = set()
        for part in unfolded(expr, self.builder.virtual):
            if isinstance(part, Reduction) and self.is_mine(part) and part not in inside:
                seen.append(part)
                inside |= {p for p in unfolded(part.body, self.builder.virtual) if isinstance(p, Reduction)}
        return list(dict.fromkeys(seen))

    def is_mine(self, node: Reduction) -> bool:
        free = set(free_indices(node))
        one = len(node.indices) == 1 and node.indices[0].extent == self.column.extent
        return one and free <= {self.row} and node.op in ("sum", "max", "min", "logsumexp")

    # ---- what is emitted -----------------------------------------------------------------------------------------------------

    def ops(self) -> tuple[Op, ...]:
        """The operations for one row."""
        scope = self.builder.scope
        body = Body([], {self.row.name, LOCAL_ROW.tensor.name}, self.row)
        scope.shared = body
        with scope.within(body):
            self.read_own()
            self.store_rows(-1)
            for level in range(self.last + 1):
                self.loop(level)
                self.store_rows(level)
        allocations = [op for ops in scope.allocations.values() for op in ops]
        return (*allocations, *scope.root.ops, Loop(self.row, body.ops))

    def read_own(self) -> None:
        """What the row reads of its strips at itself: before weights may stand there."""
        exprs = [*(cast(Expr, view.value) for view in self.row_values), *self.final_exprs]
        for expr, entry in own_entries(exprs, self.builder, self.row, self.column):
            self.builder.scope.learn(expr, self.builder.keep(entry))

    def store_rows(self, level: int) -> None:
        """The row quantities that are ready after a loop."""
        builder, scope = self.builder, self.builder.scope
        for view in self.row_values:
            value = cast(Expr, view.value)
            if max((reduced.level for reduced in self.needed(value)), default=-1) != level:
                continue
            made = builder.atom(builder.value(value))
            scope.emit(Store(view.statement.element, made))
            scope.learn(view.statement.element, made)

    def loop(self, level: int) -> None:
        """One loop over the columns."""
        scope = self.builder.scope
        mine = [reduced.expr for reduced in self.found.values() if reduced.level == level]
        held = {expr: self.opened(expr) for expr in mine}
        inner = Body([], {self.column.name}, self.column)
        with scope.within(inner):
            last: list[Op] = [self.collected(expr, held[expr]) for expr in mine]
            if level == self.last:
                last += self.final_ops()
            for op in last:
                scope.emit(op)
        if inner.ops:
            scope.emit(Loop(self.column, inner.ops))
        for expr, tensor in held.items():
            scope.learn(expr, self.closed(expr, tensor))

    def opened(self, expr: Reduction) -> Tensor:
        """What collects a reduction: an accumulator for a sum, else a row of all values."""
        scope = self.builder.scope
        if expr.op == "sum":
            name = scope.name("s")
            scope.emit(Init(name, ZERO))
            return Tensor(name)
        buffer = Tensor(scope.name("row"), (self.column.extent,))
        scope.allocate(Alloc(buffer.name, buffer.extents))
        return buffer

    def collected(self, expr: Reduction, into: Tensor) -> Op:
        """What one column adds to it."""
        value = self.builder.value(self.summand(expr))
        return Store(Element(into, (self.column,)), value) if into.extents else Update(into.name, "+", value)

    def closed(self, expr: Reduction, held: Tensor) -> Expr:
        """The finished reduction."""
        if not held.extents:
            return Element(held)
        scope = self.builder.scope
        name = scope.name("t" if expr.op == "logsumexp" else expr.op)
        scope.emit(ReduceRow(name, cast(Literal["max", "min", "logsumexp"], expr.op), held))
        return Element(Tensor(name))

    def final_ops(self) -> list[Op]:
        """Weights come last: they stand where strips were that the others read."""
        builder, finals = self.builder, self.finals
        weights = [(tensor, self.taken_out(builder.value(expr))) for tensor, expr in finals.weights]
        made: list[Op] = [Accumulate(element, builder.value(expr)) for element, expr in finals.columns]
        made += [Store(element, builder.value(expr)) for element, expr in finals.tables]
        return [*made, *(Store(Element(tensor, (LOCAL_ROW, self.column)), value) for tensor, value in weights)]

    def taken_out(self, value: Expr) -> Expr:
        """The value of a weight as a local, also where it is an entry of a strip: another weight may be stored there."""
        return self.builder.keep(value) if isinstance(value, Element) and value.subscripts else self.builder.atom(value)

    def summand(self, expr: Reduction) -> Expr:
        """The body at the column at hand; where its condition does not hold, what changes nothing."""
        body = expr.body
        if expr.op == "sum":
            body = mul(*(Bracket(part) for part in condition_parts(expr.condition)), body)
        elif expr.condition is not None:
            body = Select(expr.condition, body, INFINITY if expr.op == "min" else neg(INFINITY))
        return substitute_expr(body, {expr.indices[0]: self.column})


def reads_around(ops: Iterable[Op], column: Index) -> bool:
    """Whether some loop stands inside a loop over the columns."""
    for op in walk_ops(list(ops)):
        if isinstance(op, Loop) and op.index == column and any(isinstance(inner, Loop) for inner in walk_ops(op.body)):
            return True
    return False
