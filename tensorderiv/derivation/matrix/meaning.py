"""What a matrix expression means: its entry at a row and a column, as an index expression. The judge of the search.

It shares nothing with the search but the nodes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tensorderiv.algebra import build
from tensorderiv.algebra.expression import Element, Expr, Function, KroneckerDelta, MatrixFunction, Number, Pow
from tensorderiv.algebra.index import Index
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
    Named,
    Ones,
    Power,
    Product,
    Quotient,
    Scalar,
    Scaled,
    SingleEntry,
    Sum,
    Trace,
    Transpose,
)
from tensorderiv.errors import ExtentMismatch


def entry(matrix: Matrix, row: Index | None, column: Index | None, taken: Iterable[str] = ()) -> Expr:
    """The entry of the matrix at (row, column); an axis that is not there takes None.

    Summed indices are named z1, z2, ...; names in `taken` are avoided. Raises ExtentMismatch where shapes do not fit.

    >>> from tensorderiv.algebra.expression import Tensor
    >>> A, i, j = Named(Tensor("A", ("n", "m"))), Index("i", "n"), Index("j", "n")
    >>> print(entry(Product((A, Transpose(A))), i, j))
    sum_{z1} A_{i,z1} A_{j,z1}
    """
    used = set(taken) | {index.name for index in (row, column) if index is not None}
    count = 0

    def fresh(extent: Axis) -> Index:
        nonlocal count
        assert extent is not None
        count += 1
        while f"z{count}" in used:
            count += 1
        return Index(f"z{count}", extent)

    return _entry(matrix, row, column, fresh)


def _entry(matrix: Matrix, row: Index | None, column: Index | None, fresh: Callable[[Axis], Index]) -> Expr:
    _fit(matrix, row, column)

    def same(part: Matrix) -> Expr:
        """A part at the same place; what has no shape is the same everywhere."""
        return _entry(part, None, None, fresh) if part.shape == SCALAR else _entry(part, row, column, fresh)

    match matrix:
        case Named(tensor):
            return Element(tensor, tuple(index for index in (row, column) if index is not None))
        case Scalar(value):
            return value
        case Ones() | AllOnes():
            return build.ONE
        case Identity():
            assert row is not None and column is not None
            return build.delta(row, column)
        case Basis(index, _):
            assert row is not None
            return KroneckerDelta(row, index)
        case SingleEntry(first, second):
            assert row is not None and column is not None
            return build.mul(KroneckerDelta(row, first), KroneckerDelta(column, second))
        case Transpose(of):
            return _entry(of, column, row, fresh)
        case Inverse(of):
            assert row is not None and column is not None
            return MatrixFunction("inv", of.tensor, (row, column))
        case Product(factors):
            return _product(factors, row, column, fresh)
        case Hadamard(factors):
            return build.mul(*(same(factor) for factor in factors))
        case Quotient(above, below):
            return build.div(same(above), same(below))
        case Elementwise(name, args):
            made = tuple(same(arg) for arg in args)
            return Pow(*made) if name == "pow" else Function(name, made)
        case Power(base, exponent):
            return Pow(same(base), Number(exponent))
        case Diag(vector):
            assert row is not None and column is not None
            return build.mul(build.delta(row, column), _entry(vector, row, None, fresh))
        case Trace(of):
            index = fresh(of.shape[0])
            return build.total([index], _entry(of, index, index, fresh))
        case Scaled(coefficient, scalars, of):
            return build.mul(coefficient, *(_entry(scalar, None, None, fresh) for scalar in scalars), same(of))
        case Sum(terms):
            return build.add(*(same(term) for term in terms))
    raise TypeError(f"meaning: no rule for {type(matrix).__name__}")


def _product(factors: tuple[Matrix, ...], row: Index | None, column: Index | None, fresh: Callable[[Axis], Index]) -> Expr:
    """sum over the inner axes of the product of the entries."""
    between: list[Index] = []
    made: list[Expr] = []
    left = row
    for place, factor in enumerate(factors):
        last = place == len(factors) - 1
        right = column if last else None if factor.shape[1] is None else fresh(factor.shape[1])
        if not last and right is not None:
            between.append(right)
        made.append(_entry(factor, left, right, fresh))
        left = right
    return build.total(between, build.mul(*made))


def _fit(matrix: Matrix, row: Index | None, column: Index | None) -> None:
    asked = tuple(None if index is None else index.extent for index in (row, column))
    if matrix.shape != asked:
        raise ExtentMismatch(f"{matrix} has the shape {_shape(matrix.shape)} where {_shape(asked)} is needed")


def _shape(shape: tuple[Axis, ...]) -> str:
    present = [str(extent) for extent in shape if extent is not None]
    return " x ".join(present) or "of a number"
