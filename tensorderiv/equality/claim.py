"""What is to be decided: left = right for all values of the free indices and all inputs of the domain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tensorderiv.algebra.expression import Element, Expr, Size
from tensorderiv.algebra.index import Extent, Index
from tensorderiv.algebra.program import Input, Program, Statement
from tensorderiv.algebra.traverse import bound_indices, subscripts_of, tensors, walk


@dataclass(frozen=True)
class Side:
    """An expression with the statements of the names it speaks of, in order."""

    expr: Expr
    statements: tuple[Statement, ...] = ()

    @property
    def used(self) -> tuple[Statement, ...]:
        """The statements that the value depends on."""
        wanted = set(tensors(self.expr))
        for statement in reversed(self.statements):
            if statement.tensor.name in wanted:
                wanted |= tensors(statement.body)
        return tuple(statement for statement in self.statements if statement.tensor.name in wanted)

    @property
    def expressions(self) -> Iterator[Expr]:
        """The expression and the bodies it depends on."""
        yield self.expr
        for statement in self.used:
            yield statement.element
            yield statement.body


@dataclass(frozen=True)
class Claim:
    """left = right over `axes`, for all values of the inputs. Both sides speak of the same extents."""

    left: Side
    right: Side
    axes: tuple[Index, ...]
    inputs: tuple[Input, ...]

    @classmethod
    def within(
        cls, program: Program, left: Expr, right: Expr, axes: Iterable[Index] = (), names: Iterable[Statement] = ()
    ) -> Claim:
        """Two expressions in the names of one program, and of further `names`."""
        statements = (*program.statements, *names)
        return cls(Side(left, statements), Side(right, statements), tuple(axes), program.inputs)

    @property
    def needed(self) -> tuple[Input, ...]:
        """The inputs that one of the sides depends on, in order."""
        wanted = {name for side in (self.left, self.right) for expr in side.expressions for name in tensors(expr)}
        return tuple(item for item in self.inputs if item.tensor.name in wanted)

    @property
    def least(self) -> dict[str, int]:
        """The symbolic extents that a value depends on, and the least size of each: literal subscripts must exist."""
        found: dict[str, int] = {}
        for extent in self._extents():
            if isinstance(extent, str):
                found.setdefault(extent, 1)
        for side in (self.left, self.right):
            for expr in side.expressions:
                for node in walk(expr):
                    if isinstance(node, Element):
                        for subscript, extent in zip(node.subscripts, node.tensor.extents, strict=True):
                            if isinstance(subscript, int) and isinstance(extent, str):
                                found[extent] = max(found[extent], subscript + 1)
        return found

    def _extents(self) -> Iterator[Extent]:
        yield from (index.extent for index in self.axes)
        for item in self.needed:
            yield from item.tensor.extents
            if item.label_extent is not None:
                yield item.label_extent
        for side in (self.left, self.right):
            for expr in side.expressions:
                for node in walk(expr):
                    yield from (index.extent for index in bound_indices(node))
                    yield from (sub.extent for sub in subscripts_of(node) if isinstance(sub, Index))
                    if isinstance(node, Element):
                        yield from node.tensor.extents
                    if isinstance(node, Size):
                        yield node.extent
