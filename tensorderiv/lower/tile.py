"""The two loops over features that a pass hands to tiles: what is folded for each pair, and what is spread from each pair.

    strip_ij = sum_p f(i, j, p)                    Fold: for a block of rows i and all columns j
    target_ip += sum_j w_ij g(i, j, p)             Spread: the weights w stand in a strip
    target_jp += sum_i w_ij g(i, j, p)             Spread onto the columns

f and g are free of reductions; they read tables at (i, p), tables at (j, p), vectors at (p), scalars and sizes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from tensorderiv.algebra.expression import Element, Expr, Node
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.traverse import walk

Locals: TypeAlias = tuple[tuple[str, Expr], ...]
"""name = value, in order: what an expression uses more than once."""


@dataclass(frozen=True)
class Pairwise:
    """An expression of a pair of rows and one feature: `values` are locals that stand in front of it."""

    row: Index
    column: Index
    feature: Index
    values: Locals
    value: Expr

    @property
    def roots(self) -> tuple[Expr, ...]:
        return (*(value for _, value in self.values), self.value)

    def reads(self, *indices: Index) -> tuple[Element, ...]:
        """The elements with exactly these indices, in order of first use: tables of rows at (row, feature), ..."""
        return tuple(dict.fromkeys(e for root in self.roots for e in _elements(root) if e.subscripts == indices))

    @property
    def scalars(self) -> tuple[Element, ...]:
        """The scalar parameters it reads."""
        own = {name for name, _ in self.values}
        return tuple(e for e in self.reads() if e.tensor.name not in own)


@dataclass(frozen=True)
class Fold:
    """strip_ij = op_p of a pairwise expression."""

    op: Literal["sum", "max", "min"]
    body: Pairwise


@dataclass(frozen=True)
class Spread:
    """target_ip += sum_j w_ij g, or with `onto_columns` target_jp += sum_i w_ij g.

    `guarded`: g may be infinite or undefined, and where w is 0 the product is 0 all the same. `masked`: a condition decides where
    w is 0, and what the tables hold there, nan in rows that only fill up a batch, must not reach the sums. `sparse`: w is 0 so
    often that looking is cheaper than multiplying.
    """

    body: Pairwise
    onto_columns: bool
    guarded: bool
    masked: bool = False
    sparse: bool = False


def _elements(node: Node) -> list[Element]:
    return [part for part in walk(node) if isinstance(part, Element)]
