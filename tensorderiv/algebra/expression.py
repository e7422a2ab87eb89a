"""The expressions every stage speaks: small frozen nodes that stay as they were built.

Nodes carry no behaviour and do not simplify themselves; passes rewrite them and record what they did. The node types are
closed, operations grow: one module an operation (`traverse`, `evaluate`, `canonical`, the printers, the laws).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, TypeAlias, TypeVar, dataclass_transform

from tensorderiv.algebra.index import Extent, Index

T = TypeVar("T")


@dataclass_transform(frozen_default=True)
def node(cls: type[T]) -> type[T]:
    """A frozen dataclass whose hash is computed once: expressions are keys of many tables."""
    made = dataclass(frozen=True)(cls)
    plain: Callable[[Any], int] = made.__hash__

    def cached(self: Any) -> int:
        try:
            value: int = self.__dict__["_hash"]
        except KeyError:
            value = plain(self)
            self.__dict__["_hash"] = value
        return value

    made.__hash__ = cached  # type: ignore[method-assign]
    return made


@dataclass(frozen=True)
class Tensor:
    """A named quantity: an array with one extent per axis. Order 0 is a scalar.

    `integer` marks labels: they may stand as an index, and no derivative is taken by them.
    """

    name: str
    extents: tuple[Extent, ...] = ()
    integer: bool = False

    @property
    def order(self) -> int:
        return len(self.extents)


class Expr:
    """Base of all real-valued expressions."""

    def __str__(self) -> str:
        from tensorderiv.algebra.text import to_text  # printing is a stage of its own

        return to_text(self)


@node
class Number(Expr):
    """A rational number, exact."""

    value: Fraction


@node
class Constant(Expr):
    """A named irrational number: pi or e."""

    name: str


@node
class Size(Expr):
    """An extent used as a number: the n in 1/n."""

    extent: str


@node
class Element(Expr):
    """An element of a tensor: X_ip. A scalar has no subscripts."""

    tensor: Tensor
    subscripts: tuple[Subscript, ...] = ()


@node
class Position(Expr):
    """The value of an index as a number (0-based)."""

    index: Subscript


@node
class KroneckerDelta(Expr):
    """1 where both subscripts agree, else 0."""

    left: Subscript
    right: Subscript


@node
class CopyTensor(Expr):
    """H_ijk...: 1 where all subscripts agree, else 0 (three or more)."""

    subscripts: tuple[Subscript, ...]


@node
class Add(Expr):
    """A sum of two or more written terms."""

    terms: tuple[Expr, ...]


@node
class Mul(Expr):
    """A product of two or more written factors, in the order written. Division is a factor `Pow(x, -1)`, minus a factor -1."""

    factors: tuple[Expr, ...]


@node
class Pow(Expr):
    """base ** exponent."""

    base: Expr
    exponent: Expr


@node
class Function(Expr):
    """An elementary function of the table `algebra.functions`: exp, sqrt, max of two, ..."""

    name: str
    args: tuple[Expr, ...]


MatrixFunctionName: TypeAlias = Literal["inv", "det", "logdet"]


@node
class MatrixFunction(Expr):
    """A function of a whole named matrix: an entry of its inverse, inv(A)_ij, or a number, det(A) and logdet(A).

    The matrix is square. logdet(A) = log(det(A)): -inf where A is singular, nan where the determinant is negative.
    """

    name: MatrixFunctionName
    matrix: Tensor
    subscripts: tuple[Subscript, ...] = ()


ReductionOp: TypeAlias = Literal["sum", "prod", "max", "min", "logsumexp"]


@node
class Reduction(Expr):
    """op over the bound indices, where the condition holds, of the body: sum_{i, j: i != j} body."""

    op: ReductionOp
    indices: tuple[Index, ...]
    body: Expr
    condition: Condition | None = None


@node
class ArgReduction(Expr):
    """The first value of the index at which the body is largest ("argmax") or smallest ("argmin"): an integer."""

    op: Literal["argmax", "argmin"]
    index: Index
    body: Expr
    condition: Condition | None = None


@node
class Bracket(Expr):
    """Iverson bracket: 1 where the condition holds, else 0."""

    condition: Condition


@node
class Select(Expr):
    """if(condition, then, otherwise)."""

    condition: Condition
    then: Expr
    otherwise: Expr


@node
class Derivative(Expr):
    """The derivative of the body by an element with fresh indices, not yet carried out: diff(body, X_kl)."""

    body: Expr
    variable: Element


class Condition:
    """Base of all truth values."""

    def __str__(self) -> str:
        from tensorderiv.algebra.text import condition_text

        return condition_text(self)


CompareOp: TypeAlias = Literal["=", "!=", "<", "<=", ">", ">="]


@node
class Compare(Condition):
    """left op right; an index is compared as `Position(index)`, a label as its `Element`."""

    op: CompareOp
    left: Expr
    right: Expr


@node
class And(Condition):
    """All of them hold."""

    parts: tuple[Condition, ...]


@node
class Or(Condition):
    """At least one of them holds."""

    parts: tuple[Condition, ...]


Subscript: TypeAlias = Index | int | Element | ArgReduction
"""What may stand in an index place: an index, a number, an element of an integer tensor (gather), the place of a maximum."""

Node: TypeAlias = Expr | Condition
