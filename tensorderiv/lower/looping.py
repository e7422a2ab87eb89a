"""Loops and guards: opened in order, guarded as early as possible, bounds taken from conditions on positions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from tensorderiv.algebra.expression import And, Compare, Condition, Element, Expr, Node, Position, Subscript, Tensor
from tensorderiv.algebra.index import Extent, Index, fresh
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.traverse import free_indices, substitute
from tensorderiv.lower.facts import Facts
from tensorderiv.lower.grouping import same_label
from tensorderiv.lower.nest import Bound, Group, If, Loop, Span
from tensorderiv.lower.scope import Body, Scope
from tensorderiv.lower.values import condition_parts, is_costly


class Looper:
    """Emits loops. What stands in them is computed by `Builder`, which completes this class."""

    def __init__(
        self,
        virtual: Mapping[str, Statement],
        facts: Facts,
        rows: frozenset[Extent],
        taken: Iterable[str],
        expected: frozenset[Node] = frozenset(),
    ) -> None:
        self.virtual = virtual
        self.facts = facts
        self.rows = rows
        self.scope = Scope(taken)
        self.groups: dict[str, Group] = {}
        self.expected = expected  # what got a row buffer when this nest was made before
        self.buffers: set[Node] = set()
        self.filling: set[Node] = set()

    def value(self, expr: Expr) -> Expr:
        """The expression in terms of locals and stored elements, valid at this place."""
        raise NotImplementedError

    def condition(self, condition: Condition) -> Condition:
        """A condition whose sides are values."""
        raise NotImplementedError

    def side(self, expr: Expr) -> Expr:
        """A side of a comparison."""
        raise NotImplementedError

    def atom(self, flat: Expr) -> Expr:
        """A value that may be written twice without being computed twice."""
        raise NotImplementedError

    def loops(
        self,
        indices: tuple[Index, ...],
        condition: Condition | None,
        innermost: Callable[[Mapping[Index, Subscript]], None],
        *,
        first: Loop | None = None,
    ) -> None:
        """Loops over the indices, rows outside, guarded by the condition as early as possible, around `innermost`.

        `innermost` is told how the indices were renamed (an index whose name is already bound gets a fresh one). `first` is
        the loop to use for the first index (a parallel one).
        """
        ordered = [i for i in indices if i.extent in self.rows] + [i for i in indices if i.extent not in self.rows]
        renaming: dict[Index, Subscript] = {}
        live = self.scope.bound_names()
        for place, index in enumerate(ordered):
            if index.name in live:
                ordered[place] = fresh(index, live | {i.name for i in ordered})
                renaming[index] = ordered[place]
            live.add(ordered[place].name)
        pending = [substitute(part, renaming) for part in condition_parts(condition)]
        self.open_loops(ordered, [p for p in pending if isinstance(p, Condition)], lambda: innermost(renaming), first)

    def open_loops(
        self, indices: list[Index], pending: list[Condition], innermost: Callable[[], None], first: Loop | None
    ) -> None:
        later = {index.name for index in indices}
        ready = [part for part in pending if not later & {index.name for index in free_indices(part)}]
        if ready:
            rest = [part for part in pending if part not in ready]
            self.guarded(ready, lambda: self.open_loops(indices, rest, innermost, first))
            return
        if not indices:
            innermost()
            return
        index, *inner = indices
        loop = first or Loop(index, [])
        if first is None:
            pending = self.grouped(loop, index, pending, {i.name for i in inner})
        pending = self.tightened(loop, index, pending, {i.name for i in inner})
        body = Body(loop.body, {index.name}, index)
        with self.scope.within(body):
            self.open_loops(inner, pending, innermost, None)
        self.scope.emit(loop)

    def grouped(self, loop: Loop, index: Index, pending: list[Condition], inner: set[str]) -> list[Condition]:
        """A condition such as c_p = c_a on a row p inside another loop: only the rows of that label are run over."""
        if index.extent not in self.rows or self.scope.top == 0:
            return pending
        for part in pending:
            found = same_label(part, index)
            if found is None or found[0].name in self.virtual or inner & {i.name for i in free_indices(found[1])}:
                continue
            loop.group = self.span(*found)
            return [other for other in pending if other is not part]
        return pending

    def span(self, labels: Tensor, value: Expr) -> Group:
        """Where the rows of a label stand, looked up as far out as the label is known."""
        wanted = Compare("=", Element(labels, (Index("<group>", labels.extents[0]),)), value)
        with self.scope.at(self.scope.level(value)):
            low = self.scope.known(wanted)
            if low is None:
                group = Group(labels, self.side(value), self.scope.name("low"), self.scope.name("high"))
                self.scope.emit(Span(group))
                low = Element(Tensor(group.low, (), integer=True))
                self.scope.learn(wanted, low)
                self.groups[group.low] = group
        assert isinstance(low, Element)
        return self.groups[low.tensor.name]

    def tightened(self, loop: Loop, index: Index, pending: list[Condition], inner: set[str]) -> list[Condition]:
        """Conditions such as j < i become loop bounds."""
        kept = []
        for part in pending:
            bound = None if loop.blocked or loop.parallel or loop.group else _bound_of(part, index)
            if bound is None or bound[1].name in inner or bound[1].extent != index.extent:
                kept.append(part)
                continue
            op, other = bound
            if op in ("<", "<=") and loop.stop is None:
                loop.stop = Bound(other, int(op == "<="))
            elif op in (">", ">=") and loop.start is None:
                loop.start = Bound(other, int(op == ">"))
            else:
                kept.append(part)
        return kept

    def guarded(self, conditions: list[Condition], then: Callable[[], None]) -> None:
        """then(), where the conditions hold; cheap conditions are asked first."""
        cheap = [c for c in conditions if not is_costly(c, self.virtual)]
        dear = [c for c in conditions if c not in cheap]
        now, rest = (cheap, dear) if cheap else (dear, [])
        flat = [self.condition(c) for c in now]
        body = Body([], set(self.scope.body.claims))
        with self.scope.within(body):
            if rest:
                self.guarded(rest, then)
            else:
                then()
        self.scope.emit(If(flat[0] if len(flat) == 1 else And(tuple(flat)), body.ops))


def _bound_of(condition: Condition, index: Index) -> tuple[str, Index] | None:
    """(op, other) where the condition is `index op other` for another index."""
    flip = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
    match condition:
        case Compare(op, Position(Index() as left), Position(Index() as right)) if op in flip:
            if left == index and right != index:
                return op, right
            if right == index and left != index:
                return flip[op], left
    return None
