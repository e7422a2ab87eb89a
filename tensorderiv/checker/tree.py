r"""What a line of a derivation says, as a tree: what was written, with the place of every piece. No meaning is decided here.

Names are the spellings of the case (`Case.symbols`, left-hand sides of its definitions), normalised by `reading.spelling`. Which
product `A B` is, what `|x|` measures and which indices are summed is decided by `meaning`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from fractions import Fraction
from typing import Any, Literal, TypeAlias

Joint: TypeAlias = Literal["juxtaposed", "cdot", "times", "star", "over"]
r"""How a factor is joined to what stands before it; `over` divides by it (a / b, a \div b)."""


@dataclass(frozen=True)
class Span:
    """From `start` up to but without `end`, as offsets in the text of the line."""

    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Node:
    """Base of all nodes. `span` is None for a node that a repair made; it takes no part in comparison."""

    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Number(Node):
    """A number as written, exact: 2, 0.5."""

    value: Fraction


@dataclass(frozen=True)
class Name(Node):
    r"""A name of the case, of a letter that is an index or an extent, or one of the constants \pi, e, \infty (if nothing else is
    called so). `args` are the arguments that a defined or declared function is called with: f(x, y) is Name("f", (x, y)).
    """

    name: str
    args: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Component(Node):
    r"""Elements of what the body denotes, or the member of a family: X_{il}, (AB)_{mn}, x^j, (A^{-1})_{kl}, E_{kl}, \bar{e}_i.

    A_{kl}^{-1} is read as the component kl of A^{-1}. `upper`: written above, as in x^j. A subscript is a Name (of an index), a
    Number, or an expression of them.
    """

    body: Node
    subscripts: tuple[Node, ...]
    upper: bool = False


@dataclass(frozen=True)
class Delta(Node):
    r"""\delta_{ij}, \delta^i_j."""

    left: Node
    right: Node


@dataclass(frozen=True)
class Negative(Node):
    """-body, as the sign of a term or of a factor."""

    body: Node


@dataclass(frozen=True)
class Sum(Node):
    """Terms in the order written; those with a minus are `Negative`."""

    terms: tuple[Node, ...]


@dataclass(frozen=True)
class Product(Node):
    """Factors in the order written, each with how it is joined to what stands before it (the first: juxtaposed)."""

    factors: tuple[tuple[Joint, Node], ...]


@dataclass(frozen=True)
class Hadamard(Node):
    r"""left \odot right, left \circ right: by entries; looser than a product, tighter than a colon."""

    left: Node
    right: Node


@dataclass(frozen=True)
class Frobenius(Node):
    """left : right = tr(left^T right); looser than every product."""

    left: Node
    right: Node


@dataclass(frozen=True)
class Outer(Node):
    r"""left \otimes right of two vectors."""

    left: Node
    right: Node


@dataclass(frozen=True)
class Ratio(Node):
    r"""\frac{above}{below}."""

    above: Node
    below: Node


@dataclass(frozen=True)
class Power(Node):
    """base^exponent; of a square matrix too (A^{-1}, A^2, A^{1/2})."""

    base: Node
    exponent: Node


@dataclass(frozen=True)
class Transpose(Node):
    r"""body^T, body^\top, body' where the prime is a transpose."""

    body: Node


@dataclass(frozen=True)
class Group(Node):
    """( body ), [ body ] or { body }: kept, so that a line can be written again as it was."""

    body: Node


@dataclass(frozen=True)
class Call(Node):
    """A function of the table applied to its arguments: exp, log, sqrt, sin, tr, det, diag, max, log_2 (base given), ...

    `name` is the plain name of the function (`lexicon`); `base` the base of a logarithm, or the degree of a root. The derivative
    f'(x) of a declared function is prime, f''(x) is prime2, with the Name of f as `base`.
    """

    name: str
    args: tuple[Node, ...]
    base: Node | None = None


@dataclass(frozen=True)
class Norm(Node):
    r"""\|body\|_kind (double) or |body| (single: an absolute value, a determinant or a Euclidean norm, by what the body is).

    `kind` is the subscript: None, Number(2), Name("F"), ...
    """

    body: Node
    double: bool
    kind: Node | None = None


@dataclass(frozen=True)
class Inner(Node):
    r"""\langle left, right \rangle."""

    left: Node
    right: Node


@dataclass(frozen=True)
class Comparison(Node):
    """left op right: = != < <= > >=."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Iverson(Node):
    r"""[condition], \mathbb{1}_{condition}, \mathbf 1[condition]: 1 where all the conditions hold, else 0."""

    conditions: tuple[Comparison, ...]


@dataclass(frozen=True)
class Cases(Node):
    r"""\begin{cases} value & condition \\ ... \end{cases}; no condition: otherwise."""

    branches: tuple[tuple[Node, tuple[Comparison, ...]], ...]


@dataclass(frozen=True)
class Big(Node):
    r"""\sum, \prod, \max, \min over the indices `bound`, where the conditions hold, of the body.

    \sum_{j \neq k}: bound ("j",), condition j != k. \sum_{i<j}: bound ("i", "j"), unless `meaning` finds that one of them is
    free outside. \sum x without a subscript has bound (): over the entries of the body. `lower` and `upper` are the limits of
    the last bound index, counted as written (from 1 where nothing else is said).
    """

    op: Literal["sum", "prod", "max", "min"]
    bound: tuple[str, ...]
    body: Node
    conditions: tuple[Comparison, ...] = ()
    lower: Node | None = None
    upper: Node | None = None


@dataclass(frozen=True)
class Partial(Node):
    r"""The derivative of the body by the variables, in order: \frac{\partial^2 f}{\partial x \partial y} has two.

    A variable is a Name or a Component; \partial_i alone has the variable Component of the case's `wrt`. `sign` is "partial"
    (also {\rm d}/{\rm d}x), "nabla" for \nabla_X f, "laplacian" for \nabla^2 f that is the trace of the second derivatives.
    """

    body: Node
    variables: tuple[Node, ...]
    sign: Literal["partial", "nabla", "laplacian"] = "partial"


@dataclass(frozen=True)
class Differential(Node):
    r"""d body, \mathrm{d} body, \partial body where no variable follows: dX, d(XX^T), d|X|, d\operatorname{tr}(AXB)."""

    body: Node


@dataclass(frozen=True)
class Evaluated(Node):
    r"""\left. body \right|_{name = value}."""

    body: Node
    name: Node
    value: Node


@dataclass(frozen=True)
class Matrix(Node):
    r"""\begin{bmatrix} a & b \\ c & d \end{bmatrix}: its rows."""

    rows: tuple[tuple[Node, ...], ...]


@dataclass(frozen=True)
class Definition:
    r"""One definition of a case: D_{ij} = ..., f(x, y) = ..., W_2^2 = ..., (AB)_{ij} = ...

    `name` is the spelling of what is defined; `indices` its subscripts that are indices of the case, which then range over all
    values; `parameters` the names that stand for the arguments of a function.
    """

    name: str
    indices: tuple[str, ...]
    parameters: tuple[str, ...]
    body: Node


@dataclass(frozen=True)
class Equation:
    """A line that is an equation of its own."""

    left: Node
    right: Node


def children(node: Node) -> Iterator[Node]:
    """The direct parts of a node, left to right."""
    for name in _parts(node):
        yield from _nodes(getattr(node, name))


_PARTS: dict[type, tuple[str, ...]] = {}


def _parts(node: Node) -> tuple[str, ...]:
    """The fields that may hold parts of a node; looked up once for each kind, as trees are walked all the time."""
    kind = type(node)
    if kind not in _PARTS:
        _PARTS[kind] = tuple(field.name for field in fields(kind) if field.name != "span")
    return _PARTS[kind]


def _nodes(value: object) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _nodes(item)


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, from the left."""
    todo = [node]
    while todo:
        current = todo.pop()
        yield current
        todo.extend(reversed(list(children(current))))


def with_children(node: Node, new: Iterator[Node]) -> Node:
    """The node with its direct parts replaced, in the order of `children`; its span stays."""
    changed: dict[str, Any] = {name: _renewed(getattr(node, name), new) for name in _parts(node)}
    return replace(node, **changed)


def _renewed(value: object, new: Iterator[Node]) -> object:
    if isinstance(value, Node):
        return next(new)
    if isinstance(value, tuple):
        return tuple(_renewed(item, new) for item in value)
    return value


def substitute(node: Node, old: Node, new: Node) -> Node:
    """The tree with the very node `old` (the same object) replaced by `new`; nodes above it lose their span."""
    if node is old:
        return new
    parts = list(children(node))
    renewed = [substitute(part, old, new) for part in parts]
    if all(a is b for a, b in zip(parts, renewed, strict=True)):
        return node
    return replace(with_children(node, iter(renewed)), span=None)
