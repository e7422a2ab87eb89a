"""The search for a slip in one gradient: what was returned, what is due, and the formulas that are compared with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from tensorderiv.algebra.expression import Expr, Tensor
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.traverse import count_nodes
from tensorderiv.auditor.fit import Array, Fit
from tensorderiv.auditor.mutations import Mutation, mutations
from tensorderiv.auditor.through import held_name, in_one, parts_of
from tensorderiv.auditor.trials import Bench
from tensorderiv.derivation.formula import Formula

MOST = 600
"""Slips tried in one formula."""

MOST_NODES = 60_000
"""Nodes of all the formulas that slips make of one."""

LONGEST = 120
"""Letters of a formula that is told."""


@dataclass(frozen=True)
class Explanation:
    """The slip: its kind and a sentence."""

    kind: str
    words: str


@dataclass(frozen=True)
class Search:
    """A gradient that is wrong. `others`: the inputs beside its own; `formula`: the derivative that is due."""

    fit: Fit
    others: Sequence[str]
    formula: Formula

    @property
    def bench(self) -> Bench:
        return self.fit.bench

    @property
    def output(self) -> str:
        return self.bench.program.output.tensor.name

    @property
    def statements(self) -> tuple[Statement, ...]:
        return (*self.bench.program.statements, *self.formula.names)

    @property
    def shown(self) -> str:
        """The formula that is due, unless it is too long to be told."""
        text = str(self.formula.expr)
        return text if len(text) <= LONGEST else "the derivative that is due"

    def told(self, mutation: Mutation) -> str:
        return f"in {self.shown} {mutation.words}"

    def exchanged(self) -> dict[str, list[Tensor]]:
        """The inputs of one shape, each with those that may be taken for it."""
        variable = self.bench.variable.tensor
        same = [item.tensor for item in self.bench.program.inputs if item.tensor.extents == variable.extents]
        return {tensor.name: [other for other in same if other != tensor] for tensor in same}

    def variants(self) -> Iterator[tuple[Mutation, Expr]]:
        """The slips in the formula that is due, and the formulas that they make of it; of a long formula fewer."""
        most = min(MOST, MOST_NODES // count_nodes(self.formula.expr))
        for mutation in islice(mutations(self.formula.expr, self.exchanged(), self.bench.own), most):
            yield mutation, mutation.applied(self.formula.expr)

    def parts(self) -> Iterator[tuple[str, tuple[Statement, ...]]]:
        """The parts of the derivative, in words and as the definition in which nothing else moves."""
        program = self.bench.program
        for part in parts_of(program, self.bench.name):
            where = f"the part of the derivative through {part.expr}"
            if part.statement.tensor.name != self.output:
                where += f" in {part.statement.element}"
            yield where, part.statements
        if len(program.statements) > 1:
            for part in parts_of(in_one(program), self.bench.name):
                if len(str(part.expr)) <= LONGEST:
                    yield f"the part of the derivative through one {part.expr}", part.statements

    def part_of(self, bench: Bench, statements: tuple[Statement, ...]) -> Array:
        return bench.gradient_of(statements, extra={held_name(bench.name): bench.name})

    def gradient_by(self, name: str) -> Array | None:
        """The gradient by another input of the same shape."""
        item = self.bench.program.input(name)
        if item is None or item.tensor.extents != self.bench.variable.tensor.extents:
            return None
        return self.bench.gradient_of(self.bench.program.statements, by=item.tensor)
