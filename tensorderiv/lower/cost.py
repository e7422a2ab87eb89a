"""What a nest costs, as formulas in the extents: operations, bytes moved, arrays allocated.

A `Formula` is a sum of monomials: {("m", "n"): 3} is 3 m n. Guards count as if they always held, and each access of an array
counts once an iteration of the loops around it: an upper bound that tells orders of growth, not caches.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import prod
from typing import TypeAlias

from tensorderiv.algebra.build import MINUS_ONE
from tensorderiv.algebra.expression import Add, Compare, Element, Function, Mul, Node, Pow, Select
from tensorderiv.algebra.index import Extent
from tensorderiv.algebra.traverse import walk
from tensorderiv.lower.nest import (
    BLOCKS,
    Accumulate,
    Alloc,
    Blocks,
    If,
    Init,
    Let,
    Loop,
    MatrixStep,
    Op,
    ReduceRow,
    Return,
    Span,
    Store,
    Update,
    UpdateArg,
    UpdateLogSumExp,
    walk_ops,
)

Monomial: TypeAlias = tuple[str, ...]
DOUBLE = 8
SEARCH = 32
"""The steps of a bisection, about."""


@dataclass
class Formula:
    """A polynomial in the extents with whole coefficients."""

    terms: dict[Monomial, int] = field(default_factory=dict)

    def add(self, factor: int, extents: Iterable[Extent]) -> None:
        """Add factor * product of the extents."""
        if factor:
            key = tuple(sorted(str(e) for e in extents if not isinstance(e, int)))
            self.terms[key] = self.terms.get(key, 0) + factor * prod(e for e in extents if isinstance(e, int))

    def __str__(self) -> str:
        """Largest degree first: `3 m n + 2 n`.

        >>> formula = Formula()
        >>> formula.add(2, ["n"])
        >>> formula.add(3, ["n", "m"])
        >>> str(formula)
        '3 m n + 2 n'
        """
        ordered = sorted(self.terms.items(), key=lambda item: (-len(item[0]), item[0]))
        return " + ".join(" ".join([str(c), *key]) if c != 1 or not key else " ".join(key) for key, c in ordered) or "0"

    def at(self, sizes: Mapping[str, int]) -> int:
        """The value for given extents."""
        return sum(c * prod(sizes[name] for name in key) for key, c in self.terms.items())


@dataclass(frozen=True)
class Cost:
    """Operations (a function call counts as one), bytes read and written, and the entries of the largest scratch array."""

    operations: Formula
    bytes: Formula


def cost_of(ops: list[Op]) -> Cost:
    """The cost of a nest."""
    cost = Cost(Formula(), Formula())
    _count(ops, (), cost)
    return cost


def scratch(ops: list[Op]) -> list[tuple[Extent, ...]]:
    """The shapes of the arrays a nest allocates; what is allocated in a block counts once."""
    shapes: list[tuple[Extent, ...]] = []
    for op in walk_ops(ops):
        match op:
            case Alloc(_, extents):
                shapes.append(tuple(BLOCKS if e == "blocks" else e for e in extents))
            case MatrixStep(_, function, matrix):
                shapes += [matrix.extents] * (2 if function == "inv" else 1)
    return shapes


def _count(ops: list[Op], around: tuple[Extent, ...], cost: Cost) -> None:
    for op in ops:
        match op:
            case Loop(index, body, blocked=blocked):
                inner: tuple[Extent, ...] = (BLOCKS,) if index.extent == "blocks" else (index.extent,)
                outer = tuple(e for e in around if e != "blocks") if blocked else around
                _count(body, outer + inner, cost)
            case Blocks(_, body):
                _count(body, (*around, "blocks"), cost)
            case If(condition, then, otherwise):
                _tally([condition], around, cost)
                _count(then, around, cost)
                _count(otherwise, around, cost)
            case MatrixStep(_, function, matrix):
                size = matrix.extents[0]
                cost.operations.add(3 if function == "inv" else 1, (*around, size, size, size))
                cost.bytes.add((2 if function == "inv" else 1) * DOUBLE, (*around, size, size))
            case Alloc():
                pass
            case Span(group):
                _tally([group.value], around, cost, SEARCH)
            case Let(_, value) | Init(_, value):
                if not isinstance(value, str):
                    _tally([value], around, cost)
            case Return(values):
                _tally(values, around, cost)
            case Update(_, _, value):
                _tally([value], around, cost, 1)
            case UpdateLogSumExp(_, _, value):
                _tally([value], around, cost, 4)
            case UpdateArg(_, _, _, value, _):
                _tally([value], around, cost, 1)
            case ReduceRow(_, reduction, row):
                cost.operations.add(4 if reduction == "logsumexp" else 1, (*_plain(around), *row.extents))
                cost.bytes.add(DOUBLE, (*_plain(around), *row.extents))
            case Store(element, value):
                _tally([element, value], around, cost)
            case Accumulate(element, value):
                _tally([element, element, value], around, cost, 1)


def _plain(around: tuple[Extent, ...]) -> tuple[Extent, ...]:
    """The extents with the number of blocks as a number."""
    return tuple(BLOCKS if e == "blocks" else e for e in around)


def _tally(nodes: Iterable[Node], around: tuple[Extent, ...], cost: Cost, extra: int = 0) -> None:
    extents = _plain(around)
    operations, accesses = extra, 0
    for root in nodes:
        for node in walk(root):
            match node:
                case Add(parts) | Mul(parts):
                    operations += sum(part != MINUS_ONE for part in parts) - 1
                case Pow() | Function() | Select() | Compare():
                    operations += 1
                case Element(_, subscripts) if subscripts:
                    accesses += 1
    cost.operations.add(operations, extents)
    cost.bytes.add(accesses * DOUBLE, extents)
