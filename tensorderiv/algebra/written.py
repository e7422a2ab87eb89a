"""What stands on the page: an expression after every decision about signs, denominators, order and parentheses.

`layout` makes these nodes, the alphabets (text, LaTeX, MathML) spell them one by one. A node here is complete: where a `Group`
stands, parentheses stand, and nowhere else, so no alphabet knows a precedence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from tensorderiv.algebra.expression import CompareOp, MatrixFunctionName, ReductionOp
from tensorderiv.algebra.index import Extent, Index


class Written:
    """Base of everything that is written."""


@dataclass(frozen=True)
class Whole(Written):
    """A whole number, not negative: signs stand in `Terms`, fractions are `Ratio`."""

    value: int


@dataclass(frozen=True)
class Symbol(Written):
    """A bare name: pi, an extent, an index that stands as a number."""

    kind: Literal["constant", "size", "index"]
    name: str


@dataclass(frozen=True)
class Subscripted(Written):
    """A tensor, a delta or a copy tensor with its subscripts (a scalar has none)."""

    kind: Literal["tensor", "delta", "copy"]
    name: str
    subscripts: tuple[WrittenSubscript, ...] = ()


@dataclass(frozen=True)
class WholeMatrix(Written):
    """A function of a whole matrix: an entry of its inverse, or with no subscripts its determinant and the logarithm of that."""

    function: MatrixFunctionName
    matrix: str
    subscripts: tuple[WrittenSubscript, ...] = ()


@dataclass(frozen=True)
class Group(Written):
    """Parentheses."""

    inner: Written


@dataclass(frozen=True)
class Power(Written):
    """base to the exponent."""

    base: Written
    exponent: Written


@dataclass(frozen=True)
class Product(Written):
    """Factors side by side."""

    factors: tuple[Written, ...]


@dataclass(frozen=True)
class Ratio(Written):
    """above over below."""

    above: Written
    below: Written


@dataclass(frozen=True)
class Terms(Written):
    """Signed terms: (negative, term). A lone negative quantity is one term."""

    terms: tuple[tuple[bool, Written], ...]


@dataclass(frozen=True)
class Big(Written):
    """A reduction. It is open to the right: all factors that follow are in its scope.

    `implied` says that the condition alone names the bound indices: sum_{j != i}. `upper` is the extent where nothing else tells
    it: sum_{e=1}^{n} 1.
    """

    op: ReductionOp | Literal["argmax", "argmin"]
    indices: tuple[Index, ...]
    condition: Written | None
    body: Written
    implied: bool = False
    upper: Extent | None = None


@dataclass(frozen=True)
class Call(Written):
    """An elementary function of its arguments."""

    name: str
    args: tuple[Written, ...]


@dataclass(frozen=True)
class Iverson(Written):
    """[condition]"""

    condition: Written


@dataclass(frozen=True)
class Cases(Written):
    """then where the condition holds, otherwise elsewhere."""

    condition: Written
    then: Written
    otherwise: Written


@dataclass(frozen=True)
class Differential(Written):
    """The derivative of the body by the variable, not yet carried out. The body is grouped where the notation is open."""

    body: Written
    variable: Written


@dataclass(frozen=True)
class Relation(Written):
    """left op right."""

    op: CompareOp
    left: Written
    right: Written


@dataclass(frozen=True)
class Junction(Written):
    """Conditions joined by "and" or by "or"."""

    op: Literal["and", "or"]
    parts: tuple[Written, ...]


WrittenSubscript: TypeAlias = Index | int | Written
