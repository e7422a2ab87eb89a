"""Expressions with other extents and other tensors of the same names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from tensorderiv.algebra.build import number
from tensorderiv.algebra.expression import (
    ArgReduction,
    Condition,
    CopyTensor,
    Element,
    Expr,
    KroneckerDelta,
    MatrixFunction,
    Node,
    Position,
    Reduction,
    Size,
    Subscript,
    Tensor,
)
from tensorderiv.algebra.index import Extent, Index
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.traverse import rebuild


@dataclass(frozen=True)
class Relabelling:
    """Extent -> extent, and which tensors hold labels."""

    extents: Mapping[str, Extent]
    labels: frozenset[str] = frozenset()

    def extent(self, extent: Extent) -> Extent:
        return self.extents.get(extent, extent) if isinstance(extent, str) else extent

    def index(self, index: Index) -> Index:
        return Index(index.name, self.extent(index.extent))

    def tensor(self, tensor: Tensor) -> Tensor:
        extents = tuple(self.extent(extent) for extent in tensor.extents)
        return Tensor(tensor.name, extents, tensor.integer or tensor.name in self.labels)

    def expr(self, expr: Expr) -> Expr:
        return cast(Expr, self.node(expr))

    def statement(self, statement: Statement) -> Statement:
        indices = tuple(self.index(index) for index in statement.indices)
        return Statement(self.tensor(statement.tensor), indices, self.expr(statement.body))

    def node(self, node: Node) -> Node:
        match node:
            case Size(extent):
                found = self.extent(extent)
                return number(found) if isinstance(found, int) else Size(found)
            case Element(tensor, subscripts):
                return Element(self.tensor(tensor), self._subscripts(subscripts))
            case MatrixFunction(name, matrix, subscripts):
                return MatrixFunction(name, self.tensor(matrix), self._subscripts(subscripts))
            case KroneckerDelta(left, right):
                return KroneckerDelta(*self._subscripts((left, right)))
            case CopyTensor(subscripts):
                return CopyTensor(self._subscripts(subscripts))
            case Position(index):
                return Position(*self._subscripts((index,)))
            case Reduction(op, indices, body, condition):
                return Reduction(op, tuple(self.index(i) for i in indices), self.expr(body), self._condition(condition))
            case ArgReduction(arg, index, body, condition):
                return ArgReduction(arg, self.index(index), self.expr(body), self._condition(condition))
        return rebuild(node, self.node)

    def _condition(self, condition: Condition | None) -> Condition | None:
        return None if condition is None else cast(Condition, self.node(condition))

    def _subscripts(self, subscripts: tuple[Subscript, ...]) -> tuple[Subscript, ...]:
        return tuple(
            self.index(sub) if isinstance(sub, Index) else cast(Subscript, self.node(sub)) if isinstance(sub, Expr) else sub
            for sub in subscripts
        )
