"""Coincidence patterns: which of the indices of one extent agree, and which differ."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from tensorderiv.algebra.build import both
from tensorderiv.algebra.expression import Compare, Condition, Position
from tensorderiv.algebra.index import Index

Family: TypeAlias = tuple[Index, ...]
"""Indices of one extent that are compared with one another."""


@dataclass(frozen=True)
class Pattern:
    """Indices in one block agree, indices in different blocks differ. The first of a block stands for it.

    >>> i, j, k = (Index(name, "n") for name in "ijk")
    >>> print(Pattern(((i, k), (j,))))
    i = k, j
    """

    blocks: tuple[Family, ...]

    def alike(self, left: Index, right: Index) -> bool:
        """Whether both stand in one block."""
        return any(left in block and right in block for block in self.blocks)

    @property
    def naming(self) -> dict[Index, Index]:
        """Each index by the one that stands for its block."""
        return {index: block[0] for block in self.blocks for index in block}

    def __str__(self) -> str:
        return ", ".join(" = ".join(map(str, block)) for block in self.blocks)


@dataclass(frozen=True)
class Atom:
    """Two indices agree, or differ. `left` is the one a reader looks at: an index of the variable before one of the output."""

    left: Index
    right: Index
    same: bool

    def holds(self, pattern: Pattern) -> bool:
        return pattern.alike(self.left, self.right) is self.same

    @property
    def condition(self) -> Condition:
        return Compare("=" if self.same else "!=", Position(self.left), Position(self.right))


def partitions(items: Sequence[Index]) -> Iterator[tuple[Family, ...]]:
    """All set partitions, blocks in the order of their first elements; of nothing there is one, the empty one.

    >>> len(list(partitions([Index(name, "n") for name in "abcde"])))
    52
    """
    if not items:
        yield ()
        return
    for smaller in partitions(items[:-1]):
        last = items[-1]
        for place in range(len(smaller)):
            yield (*smaller[:place], (*smaller[place], last), *smaller[place + 1 :])
        yield (*smaller, (last,))


def all_patterns(families: Sequence[Family]) -> tuple[Pattern, ...]:
    """Every choice of one partition a family. An index of fixed extent cannot take more different values than there are."""
    choices = [[blocks for blocks in partitions(family) if _fits(blocks)] for family in families]
    return tuple(Pattern(tuple(itertools.chain(*chosen))) for chosen in itertools.product(*choices))


def _fits(blocks: Sequence[Family]) -> bool:
    extent = blocks[0][0].extent
    return not isinstance(extent, int) or len(blocks) <= extent


def condition_of(atoms: Sequence[Atom]) -> Condition | None:
    """The conjunction; None for no atom at all."""
    return both(*(atom.condition for atom in atoms))
