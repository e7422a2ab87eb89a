"""What stands in the flat row of a term before the scopes are known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from tensorderiv.checker.reading.pieces import Piece
from tensorderiv.checker.tree import Comparison, Node, Span

Join: TypeAlias = Literal["cdot", "times", "star", "over", "odot", "oslash", "otimes", "colon"]
PrefixKind: TypeAlias = Literal["big", "negative", "operator", "differential", "function"]


WHOLE_AXIS = "\\cdot"
"""The subscript that leaves an axis whole, in this stage only."""


@dataclass(frozen=True)
class Joint:
    """A sign between factors."""

    op: Join
    span: Span


@dataclass(frozen=True)
class Prefix:
    """Something that takes its operand from what follows; `make` builds the node, whose span the caller widens.

    `name`: of a function; `matrix`: a function of whole matrices, which reaches further without brackets.
    """

    kind: PrefixKind
    span: Span
    make: Callable[[tuple[Node, ...]], Node]
    name: str = ""
    matrix: bool = False


@dataclass(frozen=True)
class Script:
    r"""A script after an operand. `indices`: it can be read as index letters or other subscripts; `exponent`: as a number.

    `mark`: "T" a transpose, "-T" an inverse transpose, "circ" a power by entries, "+" below: the positive part.
    `label`: in brackets, x^{(i)}, which names a member and comes before the other subscripts.
    """

    kind: Literal["sub", "sup"]
    span: Span
    indices: tuple[Node, ...] = ()
    exponent: Node | None = None
    mark: str = ""
    label: bool = False


@dataclass(frozen=True)
class Brackets:
    """( ... ) and its like, before it is known whether it is a group, the arguments of a function or an Iverson bracket."""

    opening: str
    relations: tuple[Node, ...]
    span: Span
    scripts: tuple[Script, ...] = ()


@dataclass(frozen=True)
class At:
    """| with name = value below: what stands before it is evaluated there."""

    condition: Comparison
    span: Span


Item: TypeAlias = Node | Joint | Prefix | Brackets | At


@dataclass
class Choices:
    """The places where a line has several readings: the kinds met, and those to be read the other way."""

    turned: frozenset[str] = frozenset()
    met: set[str] = field(default_factory=set)

    def other(self, kind: str) -> bool:
        """Is the less usual reading wanted here?"""
        self.met.add(kind)
        return kind in self.turned


def span_of(piece: Piece) -> Span:
    """Where a piece stands."""
    return Span(piece.start, piece.end)
