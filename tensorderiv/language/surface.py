"""The surface syntax tree: what was written, with the place of every piece. No meaning is decided here."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from tensorderiv.errors import Place


@dataclass(frozen=True)
class Node:
    """Base of all surface nodes."""

    place: Place


@dataclass(frozen=True)
class Num(Node):
    """A number, exact: 2, 0.5, 1e-3."""

    value: Fraction


@dataclass(frozen=True)
class Ref(Node):
    """A name with or without subscripts: X_ip, t, c[a]. `bold` is a LaTeX vector in bold type."""

    name: str
    subscripts: tuple[Node, ...] | None = None
    bold: bool = False


@dataclass(frozen=True)
class Slice(Node):
    r"""A subscript that stands for the whole axis: the dot in X_{\cdot i}, the colon in X_{:i}."""


@dataclass(frozen=True)
class Ones(Node):
    """1_i, or an indicator 1_{c_i = c_j}."""

    subscripts: tuple[Node, ...]


@dataclass(frozen=True)
class Sum(Node):
    """Signed terms in the order written."""

    terms: tuple[tuple[int, Node], ...]


@dataclass(frozen=True)
class Product(Node):
    """Factors in the order written; each carries the operator before it: `*`, `/`, `juxtaposed`, `cdot`, `.`, `odot`."""

    factors: tuple[tuple[str, Node], ...]


@dataclass(frozen=True)
class Power(Node):
    """base ^ exponent."""

    base: Node
    exponent: Node


@dataclass(frozen=True)
class Transposed(Node):
    """body^T."""

    body: Node


@dataclass(frozen=True)
class Indexed(Node):
    """Elements of a computed array: (A B)_ij, inv(A)_ij."""

    body: Node
    subscripts: tuple[Node, ...]


@dataclass(frozen=True)
class Call(Node):
    """A function with its arguments; `subscripts` as in softmax_j(...), `exponent` as in sin^2(x)."""

    name: str
    args: tuple[Node, ...]
    subscripts: tuple[Node, ...] = ()
    exponent: Node | None = None


@dataclass(frozen=True)
class Bounds(Node):
    """What stands under and over a reduction sign: the items before the colon, the condition after it, the upper bound."""

    items: tuple[Node, ...]
    condition: tuple[Node, ...] = ()
    colon: bool = False
    upper: Node | None = None


@dataclass(frozen=True)
class Reduce(Node):
    """sum, prod, max, min, mean, logsumexp, argmax, argmin over the bounds, of the product that follows."""

    op: str
    bounds: Bounds
    body: Node


@dataclass(frozen=True)
class Norm(Node):
    """|body| (`double` false) or ||body||, with its subscript (1, 2, F, infty, p)."""

    body: Node
    double: bool
    subscript: Node | None = None


@dataclass(frozen=True)
class Inner(Node):
    """<left, right>, or left : right of two matrices."""

    left: Node
    right: Node
    matrices: bool = False


@dataclass(frozen=True)
class Iverson(Node):
    """[condition]."""

    condition: Node


@dataclass(frozen=True)
class Cases(Node):
    """Branches (value, condition); the condition of `otherwise` is None."""

    branches: tuple[tuple[Node, Node | None], ...]


@dataclass(frozen=True)
class Comparison(Node):
    """A chain a < b <= c."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


@dataclass(frozen=True)
class Logic(Node):
    """and, or, not."""

    op: str
    parts: tuple[Node, ...]


def children(node: Node) -> tuple[Node, ...]:
    """The direct parts of a surface node, left to right."""
    match node:
        case Ref(_, _, subscripts):
            return subscripts or ()
        case Ones(_, subscripts):
            return subscripts
        case Sum(_, terms):
            return tuple(term for _, term in terms)
        case Product(_, factors):
            return tuple(factor for _, factor in factors)
        case Power(_, base, exponent):
            return (base, exponent)
        case Transposed(_, body):
            return (body,)
        case Indexed(_, body, subscripts):
            return (body, *subscripts)
        case Call(_, _, args, subscripts, power):
            return args + subscripts + (() if power is None else (power,))
        case Bounds(_, items, condition, _, upper):
            return items + condition + (() if upper is None else (upper,))
        case Reduce(_, _, bounds, body):
            return (bounds, body)
        case Norm(_, body, _, subscript):
            return (body,) if subscript is None else (body, subscript)
        case Inner(_, left, right):
            return (left, right)
        case Iverson(_, condition):
            return (condition,)
        case Cases(_, branches):
            return tuple(part for branch in branches for part in branch if part is not None)
        case Comparison(_, first, rest):
            return (first, *(part for _, part in rest))
        case Logic(_, _, parts):
            return parts
    return ()


def depth(node: Node) -> int:
    """How deep the tree is, found without recursion."""
    deepest, todo = 0, [(node, 1)]
    while todo:
        current, level = todo.pop()
        deepest = max(deepest, level)
        todo.extend((child, level + 1) for child in children(current))
    return deepest
