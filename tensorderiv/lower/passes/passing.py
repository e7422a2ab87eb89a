"""A pass: everything that is computed in one run over the pairs of rows i and columns j. It prints itself.

    for a block of rows:
        the strips are filled
        for i in the block:
            loops over j: row quantities, weights, entries of tables, sums onto the columns
        the weights are spread onto the rows and the columns

A pass reads what stands before it, and of what it computes itself only the row quantities of the row at hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from tensorderiv.algebra.expression import Reduction, Tensor
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.text import to_text
from tensorderiv.lower.nest import Loop, Op, lines_of
from tensorderiv.lower.passes.strips import Filling, Folded, Product, Strip, Turned
from tensorderiv.lower.tile import Pairwise, Spread

PLACE = Tensor("<place>", (), integer=True)
"""The place of the row at hand in its block."""

Role: TypeAlias = Literal["row", "table", "onto rows", "onto columns", "column sum"]


@dataclass(frozen=True)
class Weighted:
    """target_ip += sum_j w_ij B_jp, or onto the columns target_jp += sum_i w_ij A_ip: a product of matrices."""

    table: Tensor
    onto_columns: bool


@dataclass(frozen=True)
class Spreading:
    """What happens with a strip of weights, or rows of a stored table, once the rows of a block are done.

    `finite`: no weight is infinite or undefined.
    """

    target: Tensor
    weights: Tensor
    how: Weighted | Spread
    finite: bool


@dataclass(frozen=True)
class Target:
    """A stored name that the pass computes, in its letters."""

    statement: Statement
    role: Role

    @property
    def name(self) -> str:
        return self.statement.tensor.name


@dataclass(frozen=True)
class Pass:
    """One run over the pairs (row, column)."""

    name: str
    row: Index
    column: Index
    targets: tuple[Target, ...]
    strips: tuple[Strip, ...]
    weights: tuple[Tensor, ...]
    body: tuple[Op, ...]
    spreads: tuple[Spreading, ...]
    reads: tuple[str, ...]
    looks_around: bool
    """Whether a row reads its strips at other columns than the one at hand: weights then need memory of their own."""
    gram: tuple[Reduction, ...] = ()
    """The sums of squared differences that are taken by products of matrices (`gram`)."""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(target.name for target in self.targets)

    @property
    def statements(self) -> tuple[Statement, ...]:
        return tuple(target.statement for target in self.targets)

    @property
    def summary(self) -> str:
        return ", ".join(to_text(t.statement.element) for t in self.targets)

    def __str__(self) -> str:
        lines = [f"for a block of rows {self.row.name} of {self.row.extent}:  # parallel"]
        lines += [f"    {s.tensor.name}_{self.row.name}{self.column.name} = {filling_text(s.filling)}" for s in self.strips]
        *front, loop = self.body
        assert isinstance(loop, Loop)
        lines[1:1] = lines_of(front, 1)
        lines += [f"    for {self.row.name} in the block:", *lines_of(loop.body, 2)]
        lines += [f"    {spreading_text(s)}" for s in self.spreads]
        return "\n".join(lines).replace(PLACE.name, self.row.name)


def filling_text(filling: Filling) -> str:
    """How a strip is filled, as text."""
    match filling:
        case Product(left, right):
            return f"{left.name} {right.name}^T"
        case Folded(fold):
            return f"{fold.op}_{fold.body.feature.name} {pairwise_text(fold.body)}"
        case Turned(table):
            return f"{table.name}^T"


def pairwise_text(pairwise: Pairwise) -> str:
    """The expression, with its locals in front."""
    shown = [f"{name} = {to_text(value)}" for name, value in pairwise.values]
    return "; ".join([*shown, f"({to_text(pairwise.value)})"])


def spreading_text(spreading: Spreading) -> str:
    """What is added to a target, as text."""
    target, weights = spreading.target.name, spreading.weights.name
    match spreading.how:
        case Weighted(table, onto_columns):
            return f"{target} += {weights}{'^T' if onto_columns else ''} {table.name}"
        case Spread(body, onto_columns):
            index = body.row if onto_columns else body.column
            return f"{target} += sum_{index.name} {weights} {pairwise_text(body)}"
