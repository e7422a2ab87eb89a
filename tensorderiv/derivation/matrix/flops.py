"""What a form costs: additions, multiplications and function calls, as a polynomial in the extents.

An index form is charged as its loops run: each operation once for every value of the indices around it. A matrix form is charged
with its equal parts computed once and its products associated as is cheapest; products with J, 1, I, E_kl and diagonal matrices
are charged for the entries they touch. Named quantities count as given in both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod

from tensorderiv.algebra.build import MINUS_ONE, ONE, ZERO
from tensorderiv.algebra.expression import Add, Expr, Function, MatrixFunction, Mul, Number, Pow, Reduction, Select
from tensorderiv.algebra.index import Extent, Index
from tensorderiv.algebra.program import Program
from tensorderiv.algebra.traverse import parts
from tensorderiv.derivation.matrix.expression import (
    SCALAR,
    AllOnes,
    Axis,
    Basis,
    Diag,
    Elementwise,
    Hadamard,
    Identity,
    Inverse,
    Matrix,
    Ones,
    Power,
    Product,
    Quotient,
    Scaled,
    Shape,
    SingleEntry,
    Sum,
    Trace,
    Transpose,
)

MANY, FEW = 1000, 100
"""Sizes by which costs are compared: of extents that number the first axis of an input, and of all others."""


@dataclass(frozen=True)
class Count:
    """A polynomial in the extents: {("d", "n", "n"): 2} is 2 n^2 d."""

    terms: tuple[tuple[tuple[str, ...], int], ...] = ()

    @classmethod
    def of(cls, factor: int, extents: Iterable[Axis]) -> Count:
        """factor times the product of the extents; an axis that is not there counts 1."""
        present = [extent for extent in extents if extent is not None]
        whole = factor * prod(extent for extent in present if isinstance(extent, int))
        key = tuple(sorted(extent for extent in present if isinstance(extent, str)))
        return cls(((key, whole),)) if whole else cls()

    def __add__(self, other: Count) -> Count:
        made = dict(self.terms)
        for key, factor in other.terms:
            made[key] = made.get(key, 0) + factor
        return Count(tuple(sorted(made.items())))

    def at(self, sizes: Mapping[str, int]) -> int:
        """The value for given extents."""
        return sum(factor * prod(sizes[name] for name in key) for key, factor in self.terms)


@dataclass(frozen=True)
class Scale:
    """The extents of a program in the order of its inputs, and the sizes by which costs are compared."""

    program: Program

    @cached_property
    def order(self) -> tuple[str, ...]:
        tensors = [item.tensor for item in self.program.inputs] + [item.tensor for item in self.program.statements]
        return tuple(dict.fromkeys(e for tensor in tensors for e in tensor.extents if isinstance(e, str)))

    @cached_property
    def sizes(self) -> dict[str, int]:
        first = {item.tensor.extents[0] for item in self.program.inputs if item.tensor.extents}
        return {extent: MANY if extent in first else FEW for extent in self.order}

    def value(self, count: Count) -> int:
        return count.at(self.sizes)

    def text(self, count: Count) -> str:
        """Highest degree first, extents in the order of the inputs: `2 n^2 d + 3 n^2`."""
        ordered = sorted(count.terms, key=lambda term: (-len(term[0]), [-self._power(term[0], e) for e in self.order]))
        return " + ".join(self._monomial(key, factor) for key, factor in ordered) or "0"

    def _power(self, key: tuple[str, ...], extent: str) -> int:
        return key.count(extent)

    def _monomial(self, key: tuple[str, ...], factor: int) -> str:
        powers = [(extent, key.count(extent)) for extent in self.order if extent in key]
        letters = [extent if power == 1 else f"{extent}^{power}" for extent, power in powers]
        return " ".join(([str(factor)] if factor != 1 or not letters else []) + letters)


def index_count(expr: Expr, axes: Sequence[Index]) -> Count:
    """The operations of an index form, computed entry by entry over its axes."""
    return _loops(expr, tuple(axis.extent for axis in axes))


def _loops(node: Expr, around: tuple[Extent, ...]) -> Count:
    inner, own = around, 0
    match node:
        case Add(items):
            own = len(items) - 1
        case Mul(items):
            own = sum(item != MINUS_ONE for item in items) - 1
        case Pow(_, Number(value)) if value == -1:
            own = 0  # the division is counted by the product it stands in
        case Pow() | Function() | Select():
            own = 1
        case Reduction(_, indices, _, _):
            inner, own = around + tuple(index.extent for index in indices), 0
        case MatrixFunction(_, tensor, _):
            return Count.of(2, tensor.extents + tensor.extents[:1])
    count = Count.of(own, around) + (Count.of(1, inner) if isinstance(node, Reduction) else Count())
    for part in parts(node):
        if isinstance(part, Expr):
            count += _loops(part, inner)
    return count


def matrix_count(matrix: Matrix, scale: Scale) -> Count:
    """The operations of a matrix form; parts that occur again are computed once."""
    return _Counter(scale).count(matrix)


class _Counter:
    def __init__(self, scale: Scale) -> None:
        self.scale = scale
        self.done: set[Matrix] = set()

    def count(self, matrix: Matrix) -> Count:
        """The operations for what has not been computed yet."""
        if matrix in self.done:
            return Count()
        self.done.add(matrix)
        if isinstance(matrix, Trace) and isinstance(matrix.of, Product) and len(matrix.of.factors) > 1:
            first = Product(matrix.of.factors[:-1]) if len(matrix.of.factors) > 2 else matrix.of.factors[0]
            return self.count(first) + self.count(matrix.of.factors[-1]) + Count.of(2, first.shape)
        own = self.chain(matrix.factors) if isinstance(matrix, Product) else self.own(matrix)
        for part in matrix.parts:
            own += self.count(part)
        return own

    def own(self, matrix: Matrix) -> Count:
        match matrix:
            case Sum(terms):
                costs = sorted((_entries(term) for term in terms), key=self.scale.value)
                return sum(costs[:-1], Count())
            case Scaled(coefficient, scalars, of):
                whole = len(scalars) + (coefficient not in (ZERO, ONE, MINUS_ONE))
                return Count.of(max(0, whole - 1), ()) + (_entries(of) if whole else Count())
            case Hadamard(factors):
                if any(isinstance(factor, SingleEntry | Basis) for factor in factors):
                    return Count()
                return Count.of(len(factors) - 1, matrix.shape)
            case Quotient():
                return Count.of(1, matrix.shape)
            case Power(_, exponent):
                return Count.of(max(1, int(exponent) - 1) if exponent in (2, 3) else 1, matrix.shape)
            case Elementwise():
                return Count.of(1, matrix.shape)
            case Trace(of):
                return Count.of(1, of.shape[:1])
            case Inverse():
                return Count.of(2, matrix.shape + matrix.shape[:1])
        return Count()

    def chain(self, factors: tuple[Matrix, ...]) -> Count:
        """The cheapest way to multiply the factors, by dynamic programming over where to cut last."""
        best: dict[tuple[int, int], Count] = {(i, i): Count() for i in range(len(factors))}
        for length in range(2, len(factors) + 1):
            for start in range(len(factors) - length + 1):
                end = start + length - 1
                options = [
                    best[start, cut] + best[cut + 1, end] + self.times(factors[start : cut + 1], factors[cut + 1 : end + 1])
                    for cut in range(start, end)
                ]
                best[start, end] = min(options, key=self.scale.value)
        return best[0, len(factors) - 1]

    def times(self, left: tuple[Matrix, ...], right: tuple[Matrix, ...]) -> Count:
        """One product of two results; single factors may be special."""
        rows, inner = left[0].shape[0], left[-1].shape[1]
        columns = right[-1].shape[1]
        first = left[0] if len(left) == 1 else None
        last = right[0] if len(right) == 1 else None
        if _picks(first) or _picks(last):
            return Count()
        if any(isinstance(factor, SingleEntry) for factor in left + right):
            return Count.of(1, (rows, columns))  # a column times a row
        if isinstance(last, AllOnes) or _is_ones(last):
            return Count.of(1, (rows, inner)) if inner is not None else Count()
        if isinstance(first, AllOnes) or _is_ones(first):
            return Count.of(1, (inner, columns)) if inner is not None else Count()
        if isinstance(first, Diag) or isinstance(last, Diag) or inner is None:
            return Count.of(1, (rows, columns))
        return Count.of(2, (rows, inner, columns))


def _picks(matrix: Matrix | None) -> bool:
    """Whether multiplying by it picks entries."""
    return isinstance(matrix, SingleEntry | Basis | Identity) or (isinstance(matrix, Transpose) and isinstance(matrix.of, Basis))


def _is_ones(matrix: Matrix | None) -> bool:
    return isinstance(matrix, Ones) or (isinstance(matrix, Transpose) and isinstance(matrix.of, Ones))


def _entries(matrix: Matrix) -> Count:
    """How many entries may differ from 0."""
    of = matrix.of if isinstance(matrix, Scaled) else matrix
    if isinstance(of, Diag | Identity):
        return Count.of(1, of.shape[:1])
    if isinstance(of, SingleEntry | Basis):
        return Count.of(1, ())
    shape: Shape = of.shape
    return Count.of(1, () if shape == SCALAR else shape)
