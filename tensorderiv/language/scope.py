"""What is known while the statements of a text are elaborated: symbols, indices in scope, notes, and small helpers."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeAlias

from tensorderiv.algebra.expression import (
    Condition,
    Expr,
    Subscript,
    Tensor,
)
from tensorderiv.algebra.index import Index
from tensorderiv.errors import IndexProblem, Place, SyntaxProblem
from tensorderiv.language import surface as s
from tensorderiv.language.extents import Extents
from tensorderiv.language.guess import Survey
from tensorderiv.language.statements import Definition
from tensorderiv.language.values import Array, Value, elementwise


@dataclass
class Symbol:
    """A known tensor while elaborating: its extents are variables. `prefix`: row indices put before its subscripts."""

    name: str
    extents: tuple[str, ...]
    integer: bool = False
    role: str = "input"  # input, statement
    prefix: tuple[Index, ...] = ()
    labels: str | None = None  # the extent its values lie in, for labels
    indexes: bool = False  # whether it stands as an index somewhere
    place: Place | None = None

    @property
    def order(self) -> int:
        """The number of subscripts it is written with."""
        return len(self.extents) - len(self.prefix)

    @property
    def tensor(self) -> Tensor:
        return Tensor(self.name, self.extents, self.integer)


Elaborated: TypeAlias = tuple[Symbol, tuple[Index, ...], tuple[Expr, ...], tuple[s.Node, ...]]
"""A statement: its symbol, the indices of its left-hand side, its sides, and where those were written."""


@dataclass
class Scope:
    """Everything known while the statements of one text are elaborated in order."""

    extents: Extents
    found: Survey
    taken: frozenset[str] = frozenset()
    symbols: dict[str, Symbol] = field(default_factory=dict)
    rows: dict[str, Symbol] = field(default_factory=dict)  # vectors of pair functions, by parameter name
    functions: dict[str, Definition] = field(default_factory=dict)
    scope: dict[str, Index] = field(default_factory=dict)
    parameters: dict[str, Value] = field(default_factory=dict)
    summed: set[str] = field(default_factory=set)  # the letters bound by the reductions around this place
    shadowed: dict[Index, Place] = field(default_factory=dict)  # bound indices whose letter a reduction inside takes again
    used: set[str] = field(default_factory=set)
    later: frozenset[str] = frozenset()  # names defined by later statements
    own: str = ""  # the name being defined
    left: frozenset[str] = frozenset()  # the indices of its left-hand side
    free: bool = False  # unknown indices are free ones of the expression
    zero_based: bool = False
    notes: list[str] = field(default_factory=list)
    fresh_axes: int = 0
    calling: tuple[str, ...] = ()
    pending: list[Elaborated] = field(default_factory=list)  # statements that the one being read needs before it
    computed: list[tuple[Symbol, Expr]] = field(default_factory=list)  # matrices that were given a name, with their bodies
    avoid: set[str] = field(default_factory=set)  # letters that the arguments of a call use

    @property
    def names(self) -> frozenset[str]:
        """Names of tensors and left-hand sides anywhere in the text: fresh letters keep away from them."""
        return self.taken

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def number(self, node: s.Node) -> Expr:
        """The value of a node where a number is needed.

        Raises: IndexProblem for a vector.
        """
        value = self.value(node)
        if isinstance(value, Array):
            raise self.vector_problem(value, node.place)
        return value

    def vector_problem(self, value: Array, place: Place) -> IndexProblem:
        what = {1: "a vector", 2: "a matrix"}.get(len(value.axes), f"an array with {len(value.axes)} axes")
        hint = "write its indices (X_ip), a norm |..| or a dot product <x, y>"
        if len(value.axes) == 2:
            hint = "take its elements, (A B)_ij, or leave the indices on the left-hand side out"
        return IndexProblem(f"{what} stands where a number is needed", place=value.place or place, hint=hint)

    def axis(self, variable: str) -> Index:
        """A nameless axis of an array."""
        self.fresh_axes += 1
        return Index(f"·{self.fresh_axes}", variable)

    @contextmanager
    def binding(self, indices: Sequence[Index]) -> Iterator[None]:
        for index in indices:
            self.scope[index.name] = index
        try:
            yield
        finally:
            for index in indices:
                del self.scope[index.name]

    def close(self, names: Sequence[str], wanted: str) -> str | None:
        near = difflib.get_close_matches(wanted, sorted(set(names)), 1)
        return f"did you mean {near[0]}?" if near else None

    def unknown(self, name: str) -> bool:
        return (
            name not in self.symbols
            and name not in self.extents.names()
            and name not in ("pi", "e")
            and name not in self.parameters
        )

    def elementwise(self, values: Sequence[Value], make: Callable[..., Expr], place: Place) -> Value:
        return elementwise(values, make, self.extents, place)

    def arity(self, node: s.Call, count: int) -> None:
        if len(node.args) != count:
            given = len(node.args)
            raise SyntaxProblem(
                f"{node.name} takes {count} argument{'s' * (count != 1)}, {given} given",
                place=node.place,
                hint="check the commas",
            )

    # -- what the layers above say ----------------------------------------------------------------------------------

    def value(self, node: s.Node) -> Value:
        """The meaning of a surface node."""
        raise NotImplementedError

    def condition(self, node: s.Node) -> Condition:
        """A truth value."""
        raise NotImplementedError

    def side(self, node: s.Node) -> Expr:
        """One side of a comparison."""
        raise NotImplementedError

    def subscript(self, node: s.Node, variable: str) -> Subscript:
        """What stands in an index place."""
        raise NotImplementedError
