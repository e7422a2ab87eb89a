"""After elaboration: extents get their names, and every index and tensor is written with them.

Names that the text gives (declarations, sum bounds) stay. The others are conventional: rows n, m, ...; features d, ...
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import cast

from tensorderiv.algebra import build
from tensorderiv.algebra.expression import (
    ArgReduction,
    Condition,
    Element,
    Expr,
    MatrixFunction,
    Mul,
    Node,
    Number,
    Pow,
    Reduction,
    Size,
    Subscript,
    Tensor,
)
from tensorderiv.algebra.index import Extent, Index
from tensorderiv.algebra.traverse import rebuild, subscripts_of, walk
from tensorderiv.errors import IndexProblem
from tensorderiv.language.extents import Extents

ROWS = ("n", "m", "N", "M")
FEATURES = ("d", "D")
COUNTS = ("N", "B")
"""Capitals that count rows when they stand alone and undeclared, as in 1/N."""
FEATURE_LETTERS = "pqrstuvl"


@dataclass
class Axis:
    """One axis of one input, as evidence for the kind of its extent."""

    tensor: str
    position: int
    order: int
    variable: str


@dataclass
class Naming:
    """Chooses names for the classes of extents."""

    extents: Extents
    axes: list[Axis]
    letters: dict[int, list[str]] = field(default_factory=dict)  # index letters by class
    bare: frozenset[str] = frozenset()  # undeclared names that stand alone
    taken: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)

    def run(self) -> None:
        """Give every class with an axis a name."""
        self.taken |= set(self.extents.names())
        for axis in self.axes:
            if self.extents.get(axis.variable) is None:
                name = self.choose(self.extents.find(axis.variable))
                self.extents.fix(axis.variable, name, f"axis {axis.position + 1} of {axis.tensor}", None)
                self.taken.add(name)

    def choose(self, root: int) -> str:
        members = [axis for axis in self.axes if self.extents.find(axis.variable) == root]
        kind = self.kind(root, members)
        for name in self.pool(kind):
            if name not in self.taken:
                if name in COUNTS and name in self.bare:
                    self.notes.append(f"{name} is read as the extent of axis {members[0].position + 1} of {members[0].tensor}")
                return name
        raise AssertionError("the pool of names is endless")

    def kind(self, root: int, members: Sequence[Axis]) -> str:
        """rows, features or plain; square tensors say nothing about their own axes."""
        rows = features = False
        for axis in members:
            if axis.order < 2:
                continue
            same = [other for other in members if other.tensor == axis.tensor]
            if len(same) > 1:
                continue
            rows = rows or axis.position < axis.order - 1
            features = features or axis.position == axis.order - 1
        if rows and features:
            letters = self.letters.get(root, [])
            return "features" if letters and all(letter[0] in FEATURE_LETTERS for letter in letters) else "rows"
        if rows or features:
            return "rows" if rows else "features"
        return "plain"

    def pool(self, kind: str) -> Iterator[str]:
        if kind == "features":
            yield from FEATURES
            yield from (f"d{number}" for number in count(1))
        if kind == "plain" and "d" in self.bare and "n" not in self.bare:
            yield "d"
        if "n" not in self.bare:
            yield from (name for name in COUNTS if name in self.bare)
        yield from ROWS
        yield from (f"n{number}" for number in count(1))


def averages(bodies: Sequence[Expr], bare: frozenset[str]) -> Iterator[tuple[str, str]]:
    """The counts that averages name: in 1/n sum_i f_i the n is the extent of i, in 1/(n m) sum_{i,j} n of i and m of j.

    Pairs of a bare name that extents conventionally have and the extent variable it stands for, in the order of the text.
    """
    usual = bare & {*ROWS, *FEATURES, *COUNTS}
    for body in bodies:
        for node in walk(body):
            if not isinstance(node, Mul):
                continue
            divisors = [factor.base for factor in node.factors if isinstance(factor, Pow) and is_count(factor, usual)]
            sums = [factor for factor in node.factors if isinstance(factor, Reduction) and factor.op == "sum"]
            if len(sums) != 1:
                continue
            open_ones = dict.fromkeys(str(i.extent) for i in summed(sums[0]) if str(i.extent).startswith("?"))
            for divisor, variable in zip(divisors, open_ones, strict=False):
                if isinstance(divisor, Element):
                    yield divisor.tensor.name, variable


def factors_alone(bodies: Sequence[Expr], bare: frozenset[str], decided: Collection[str]) -> frozenset[str]:
    """Names that matrix algebra found to be numbers and that divide nothing: C ||w||^2, where C counts no rows."""
    dividing = {
        node.base.tensor.name
        for body in bodies
        for node in walk(body)
        if isinstance(node, Pow) and isinstance(node.base, Element) and is_negative(node.exponent)
    }
    return frozenset(name for name in bare if name in decided and name not in dividing)


def is_negative(exponent: Expr) -> bool:
    return isinstance(exponent, Number) and exponent.value < 0


def is_count(factor: Pow, usual: frozenset[str]) -> bool:
    """Whether the factor is 1/n or 1/n^2 with a bare n that may be an extent."""
    base, exponent = factor.base, factor.exponent
    below = isinstance(exponent, Number) and exponent.value in (-1, -2)
    return below and isinstance(base, Element) and not base.subscripts and base.tensor.name in usual


def summed(node: Reduction) -> Iterator[Index]:
    """The indices of a sum, and of the sum that is its whole body."""
    yield from node.indices
    if isinstance(node.body, Reduction) and node.body.op == "sum":
        yield from summed(node.body)


@dataclass
class Relabel:
    """Rewrites expressions with the final extents. A bare undeclared name that is an extent becomes its size."""

    extents: Extents
    sizes: frozenset[str]

    def extent(self, variable: Extent) -> Extent:
        if not (isinstance(variable, str) and variable.startswith("?")):
            return variable
        found = self.extents.get(variable)
        if found is None:
            what = self.extents.what[self.extents.find(variable)]
            raise IndexProblem(
                f"the extent of {what} is not known",
                hint="use it in a tensor, or write its bounds: sum_{i=1}^{n}, I_n",
            )
        return found

    def index(self, index: Index) -> Index:
        return Index(index.name, self.extent(index.extent))

    def tensor(self, tensor: Tensor) -> Tensor:
        return Tensor(tensor.name, tuple(self.extent(item) for item in tensor.extents), tensor.integer)

    def subscript(self, sub: Subscript) -> Subscript:
        if isinstance(sub, Index):
            return self.index(sub)
        return cast(Subscript, self.node(sub)) if isinstance(sub, Expr) else sub

    def node(self, node: Node) -> Node:
        match node:
            case Size(extent):
                found = self.extent(extent)
                return build.number(found) if isinstance(found, int) else Size(found)
            case Element(tensor, ()) if tensor.name in self.sizes:
                return Size(tensor.name)
            case Element(tensor, subscripts):
                return Element(self.tensor(tensor), tuple(self.subscript(sub) for sub in subscripts))
            case MatrixFunction(name, matrix, subscripts):
                return MatrixFunction(name, self.tensor(matrix), tuple(self.subscript(sub) for sub in subscripts))
            case Reduction(op, indices, body, condition):
                where = None if condition is None else cast(Condition, self.node(condition))
                return Reduction(op, tuple(self.index(index) for index in indices), self.expr(body), where)
            case ArgReduction(arg, index, body, condition):
                where = None if condition is None else cast(Condition, self.node(condition))
                return ArgReduction(arg, self.index(index), self.expr(body), where)
        subs = subscripts_of(node)
        if subs:
            make: Callable[..., Node] = type(node)
            relabelled = tuple(self.subscript(sub) for sub in subs)
            return make(relabelled) if type(node).__name__ == "CopyTensor" else make(*relabelled)
        return rebuild(node, self.node)

    def expr(self, expr: Expr) -> Expr:
        return cast(Expr, self.node(expr))
