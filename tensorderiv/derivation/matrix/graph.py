"""A term as a graph on its indices: matrices are edges, vectors loops; summed indices are eliminated one by one.

    a loop v on i                         a vector v_i
    an edge A from i to j                 a matrix A_ij; parallel edges are multiplied entry by entry
    eliminate j with one edge i -> j      a loop A v on i            (v the loops on j, or 1)
    eliminate j between i and k           an edge A diag(v) B from i to k
    eliminate j without edges             the number 1^T v, or x^T y

An index that joins three edges is no matrix product; it waits until another elimination has merged two of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tensorderiv.algebra.build import number
from tensorderiv.algebra.expression import Expr, Size
from tensorderiv.algebra.index import Index
from tensorderiv.derivation.matrix.build import diag, hadamard, product, scaled, split, transpose, transposes, turned
from tensorderiv.derivation.matrix.collect import total
from tensorderiv.derivation.matrix.expression import (
    AllOnes,
    Hadamard,
    Identity,
    Matrix,
    Ones,
    Power,
    Product,
    Scalar,
    Sum,
    Trace,
)
from tensorderiv.derivation.matrix.refusal import NoMatrixForm


@dataclass
class Graph:
    """`scalars` are the numbers that eliminated parts left, `bound` the indices that have still to be summed over."""

    loops: dict[Index, list[Matrix]] = field(default_factory=dict)
    edges: dict[tuple[Index, Index], Matrix] = field(default_factory=dict)
    scalars: list[Matrix] = field(default_factory=list)
    bound: list[Index] = field(default_factory=list)

    def loop(self, node: Index, vector: Matrix) -> None:
        """Multiply by a vector."""
        self.loops.setdefault(node, []).append(vector)

    def edge(self, start: Index, end: Index, matrix: Matrix) -> None:
        """Multiply by a matrix with rows `start` and columns `end`."""
        if (end, start) in self.edges:
            start, end, matrix = end, start, transpose(matrix)
        known = self.edges.get((start, end))
        self.edges[start, end] = matrix if known is None else _meet(known, matrix)

    def neighbours(self, node: Index) -> list[Index]:
        """The other ends of the edges at a node."""
        return [b if a == node else a for a, b in self.edges if node in (a, b)]

    def take(self, start: Index, end: Index) -> Matrix:
        """Remove the edge and return its matrix with rows `start`."""
        if (start, end) in self.edges:
            return self.edges.pop((start, end))
        return transpose(self.edges.pop((end, start)))

    def pop(self, one: Index, other: Index) -> Matrix:
        """Remove the edge between two indices and return its matrix, whichever way it goes."""
        return self.edges.pop((one, other) if (one, other) in self.edges else (other, one))

    def vector(self, node: Index) -> Matrix | None:
        """All loops on a node as one vector."""
        loops = self.loops.pop(node, [])
        return hadamard(loops) if loops else None

    def eliminate(self, bound: Sequence[Index]) -> None:
        """Sum over all bound indices. Raises NoMatrixForm where one joins three others."""
        self.bound = list(bound)
        while self.bound:
            node = min(reversed(self.bound), key=lambda index: len(self.neighbours(index)))
            self.bound.remove(node)
            self._eliminate(node)

    def _eliminate(self, node: Index) -> None:
        match self.neighbours(node):
            case []:
                self._number(node)
            case [other] if self._is_trace(node, other):
                self.bound.remove(other)
                self.scalars.append(_trace(self.pop(node, other)))
            case [other]:
                matrix = self.take(other, node)
                self.loop(other, product(matrix, self.vector(node) or Ones(node.extent)))
            case [first, last]:
                before, after = self.take(first, node), self.take(node, last)
                vector = self.vector(node)
                middle = () if vector is None else (diag(vector),)
                self.edge(first, last, product(before, *middle, after))
            case several:
                raise NoMatrixForm(f"a sum over {node.name.split('~')[0]} joins {len(several)} matrices")

    def _number(self, node: Index) -> None:
        """A node without edges: the sum of its loops."""
        loops = self.loops.pop(node, [])
        if not loops:
            self.scalars.append(Scalar(_size(node)))
            return
        if len(loops) == 1:
            diagonal = _diagonal_of(loops[0])
            if diagonal is not None:
                self.scalars.append(Trace(diagonal))
                return
            loops = _halves(loops[0])
        plain = [loop for loop in loops if not isinstance(split(loop)[2], Product)] or loops
        rest = list(loops)
        rest.remove(plain[0])
        if not rest:
            rest, plain = plain, [Ones(node.extent)]
        made = product(transpose(plain[0]), hadamard(rest))
        self.scalars.append(min((made, turned(made)), key=transposes))

    def _is_trace(self, node: Index, other: Index) -> bool:
        """Whether nothing stands on the two indices, both summed, but A_ij B_ij, where A or B is itself a product."""
        if self.loops.get(node) or self.loops.get(other) or self.neighbours(other) != [node] or other not in self.bound:
            return False
        matrix = self.edges.get((node, other)) or self.edges[other, node]
        of = split(matrix)[2]
        return isinstance(of, Hadamard) and len(of.factors) == 2 and any(isinstance(f, Product) for f in of.factors)

    def result(self, row: Index | None, column: Index | None) -> Matrix:
        """diag(u) M diag(v), u v^T, or a vector or number, times the scalars."""
        u = None if row is None else self.vector(row)
        v = None if column is None else self.vector(column)
        if row is not None and column is not None:
            if self.neighbours(row):
                return _bordered(u, self.take(row, column), v)
            return product(u or Ones(row.extent), transpose(v or Ones(column.extent)))
        if row is not None:
            return u or Ones(row.extent)
        return transpose(v or Ones(column.extent)) if column is not None else Scalar(number(1))


def _meet(first: Matrix, second: Matrix) -> Matrix:
    r"""Two edges between the same indices: A \odot B; (u 1^T + 1 v^T) \odot B = diag(u) B + B diag(v)."""
    for matrix, other in ((first, second), (second, first)):
        coefficient, scalars, of = split(matrix)
        if isinstance(of, Sum) and all(_is_outer(split(term)[2]) for term in of.terms):
            spread = total([hadamard([term, other]) for term in of.terms], of.shape)
            return scaled(coefficient, spread, scalars)
    return hadamard([first, second])


def _is_outer(matrix: Matrix) -> bool:
    """u v^T."""
    return isinstance(matrix, Product) and len(matrix.factors) == 2 and matrix.factors[0].shape[1] is None


def _trace(matrix: Matrix) -> Matrix:
    """sum_ij A_ij B_ij = tr(A B^T)."""
    coefficient, scalars, of = split(matrix)
    assert isinstance(of, Hadamard)
    first, second = of.factors if isinstance(of.factors[0], Product) else of.factors[::-1]
    return scaled(coefficient, Trace(product(first, transpose(second))), scalars)


def _diagonal_of(vector: Matrix) -> Matrix | None:
    r"""A where the vector is (I \odot A) 1."""
    match vector:
        case Product((Hadamard((Identity(), matrix)), Ones())) | Product((Hadamard((matrix, Identity())), Ones())):
            return matrix
    return None


def _size(node: Index) -> Expr:
    return Size(node.extent) if isinstance(node.extent, str) else number(node.extent)


def _halves(vector: Matrix) -> list[Matrix]:
    r"""v \odot v as v, v, so that its sum is v^T v."""
    match vector:
        case Power(base, exponent) if exponent == 2:
            return [base, base]
        case Hadamard(factors):
            return list(factors)
    return [vector]


def _bordered(u: Matrix | None, matrix: Matrix, v: Matrix | None) -> Matrix:
    """diag(u) M diag(v)."""
    before = () if u is None else (diag(u),)
    after = () if v is None else (diag(v),)
    if isinstance(matrix, AllOnes):
        return product(u or Ones(matrix.rows), transpose(v or Ones(matrix.columns)))
    return product(*before, matrix, *after)
