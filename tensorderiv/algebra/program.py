"""A definition as a program: named tensors, each given by one expression of the earlier ones.

People derive through named quantities (norms, similarities, normalisers) and fast kernels compute through them; so the
program is the backbone of every stage, and derivation and kernel are two readings of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Literal, TypeAlias

from tensorderiv.algebra.expression import Element, Expr, Tensor
from tensorderiv.algebra.index import Extent, Index

DomainKind: TypeAlias = Literal["real", "positive", "nonnegative", "interval", "simplex", "sphere", "labels", "symmetric", "spd"]


@dataclass(frozen=True)
class Domain:
    """What values an input may take. `lower` and `upper` bound an interval; `open_ends` says which ends are excluded."""

    kind: DomainKind = "real"
    lower: Fraction | None = None
    upper: Fraction | None = None
    open_ends: tuple[bool, bool] = (True, True)


@dataclass(frozen=True)
class Input:
    """A tensor the user supplies, with its domain; scalars may have a default. `label_extent` bounds integer labels that
    stand as an index: labels c[n] used in W[c[a], p] lie in 0 .. C - 1 when W is C x d.
    """

    tensor: Tensor
    domain: Domain = Domain()
    default: Fraction | None = None
    label_extent: Extent | None = None


@dataclass(frozen=True)
class Statement:
    """tensor_indices = body. The free indices of the body are among `indices`."""

    tensor: Tensor
    indices: tuple[Index, ...]
    body: Expr

    @property
    def element(self) -> Element:
        """The left-hand side."""
        return Element(self.tensor, self.indices)


@dataclass(frozen=True)
class Program:
    """Inputs and statements in order; the last statement is the output.

    `notes` are the readings chosen where the text left a choice; they are printed.
    """

    name: str
    inputs: tuple[Input, ...]
    statements: tuple[Statement, ...]
    source: str = ""
    notes: tuple[str, ...] = field(default=())

    @property
    def output(self) -> Statement:
        return self.statements[-1]

    def input(self, name: str) -> Input | None:
        """The input of that name, or None."""
        return next((item for item in self.inputs if item.tensor.name == name), None)

    def statement(self, name: str) -> Statement | None:
        """The statement that defines that name, or None."""
        return next((item for item in self.statements if item.tensor.name == name), None)

    def with_statements(self, *statements: Statement) -> Program:
        return replace(self, statements=statements)

    @property
    def names(self) -> frozenset[str]:
        """All tensor names in use."""
        return frozenset({i.tensor.name for i in self.inputs} | {s.tensor.name for s in self.statements})
