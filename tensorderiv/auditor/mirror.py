"""Slips made on both sides: people who mistake the formula for x make the same mistake for y.

>>> from tensorderiv.language import read
>>> from tensorderiv.auditor.specialise import slots, specialised
>>> program = read("D(x, y) = cos(x[0]) cos(y[0])")
>>> program = specialised(program, ["x", "y"])
>>> for words, statements in slipped(program.statements, {}):
...     print(words(), "->", statements[-1].body)
in D = cos(x[0]) cos(y[0]) the factor cos(x[0]) is missing -> cos(y[0])
in D = cos(x[0]) cos(y[0]) the factor cos(y[0]) is missing -> cos(x[0])
in D = cos(x[0]) cos(y[0]) sin(x[0]) stands in place of cos(x[0]) -> sin(x[0]) cos(y[0])
in D = cos(x[0]) cos(y[0]) sin(x[0]) stands in place of cos(x[0]), and likewise for y -> sin(x[0]) sin(y[0])
in D = cos(x[0]) cos(y[0]) sin(y[0]) stands in place of cos(y[0]) -> cos(x[0]) sin(y[0])
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice

from tensorderiv.algebra.expression import Element, Expr, MatrixFunction, Node, Tensor
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.traverse import bottom_up
from tensorderiv.auditor.mutations import Mutation, mutations
from tensorderiv.auditor.places import places, replaced

MOST = 600
"""Slips tried in one statement."""

LONGEST = 120
"""Letters of a statement that is told."""

Slipped = tuple[Callable[[], str], tuple[Statement, ...]]


def slipped(statements: Sequence[Statement], exchanged: Mapping[str, Sequence[Tensor]]) -> Iterator[Slipped]:
    """The definition with one slip in it, and with the same slip on both sides, each with the slip in words."""
    mirror = Mirror.of(statements)
    for number, statement in enumerate(statements):
        for mutation in islice(mutations(statement.body, exchanged), MOST):
            made = [*statements]
            made[number] = replace(statement, body=mutation.applied(statement.body))
            yield partial(_words, statement, mutation, ""), tuple(made)
            if mirror is not None and (both := mirror.repeated(made, number, statement, mutation)) is not None:
                yield partial(_words, statement, mutation, f", and likewise for {mirror.second}"), both


class Mirror:
    """Two vectors that a definition treats alike, and the quantities made of them."""

    def __init__(self, first: Tensor, second: Tensor, statements: Sequence[Statement]) -> None:
        self.second = second.name
        self.turned: dict[str, Tensor] = {first.name: second}
        self.twin: dict[int, int] = {}
        for number, statement in enumerate(statements):
            turned = self.turn(statement.body)
            for other in range(number + 1, len(statements)):
                if _alike(replace(statement, body=turned), statements[other]):
                    self.turned[statement.tensor.name] = statements[other].tensor
                    self.twin[number] = other

    @classmethod
    def of(cls, statements: Sequence[Statement]) -> Mirror | None:
        """That of the first two vectors of one shape that occur; None where there are none."""
        defined = {statement.tensor.name for statement in statements}
        found: dict[str, Tensor] = {}
        for statement in statements:
            for _, part in places(statement.body):
                if isinstance(part, Element) and part.tensor.order and part.tensor.name not in defined:
                    found.setdefault(part.tensor.name, part.tensor)
        for first in found.values():
            for second in found.values():
                if first.name < second.name and first.extents == second.extents:
                    return cls(first, second, statements)
        return None

    def turn(self, expr: Expr) -> Expr:
        """The expression of the first as one of the second."""

        def change(node: Node) -> Node:
            if isinstance(node, Element) and node.tensor.name in self.turned:
                return replace(node, tensor=self.turned[node.tensor.name])
            if isinstance(node, MatrixFunction) and node.matrix.name in self.turned:
                return replace(node, matrix=self.turned[node.matrix.name])
            return node

        made = bottom_up(expr, change)
        assert isinstance(made, Expr)
        return made

    def repeated(
        self, made: Sequence[Statement], number: int, statement: Statement, mutation: Mutation
    ) -> tuple[Statement, ...] | None:
        """The slip made once more, on the other side; None where that has no such place."""
        old, new = self.turn(mutation.old), self.turn(mutation.new)
        if old == mutation.old:
            return None
        target = self.twin.get(number, number)
        if target != number:
            indices = dict(zip(statement.indices, made[target].indices, strict=True))
            if any(index != other for index, other in indices.items()):
                return None
        body = made[target].body
        path = next((path for path, part in places(body) if part == old), None)
        if path is None:
            return None
        return tuple(replace(s, body=replaced(body, path, new)) if n == target else s for n, s in enumerate(made))


def _alike(one: Statement, other: Statement) -> bool:
    return one.indices == other.indices and one.body == other.body


def _words(statement: Statement, mutation: Mutation, more: str) -> str:
    text = f"{statement.element} = {statement.body}"
    return f"in {text if len(text) <= LONGEST else statement.element} {mutation.words}{more}"
