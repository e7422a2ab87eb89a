"""Matrix expressions: frozen nodes that know their shape.

A shape is (extent of the rows, extent of the columns); an axis that is not there is None. A column vector of n numbers has the
shape ("n", None), its transpose (None, "n"), a scalar (None, None).
"""

from __future__ import annotations

from fractions import Fraction
from typing import TypeAlias

from tensorderiv.algebra.expression import Element, Expr, Tensor, node
from tensorderiv.algebra.index import Extent, Index

Axis: TypeAlias = Extent | None
Shape: TypeAlias = tuple[Axis, Axis]

SCALAR: Shape = (None, None)


class Matrix:
    """Base of all matrix expressions: matrices, vectors (columns) and scalars."""

    @property
    def shape(self) -> Shape:
        raise NotImplementedError

    @property
    def parts(self) -> tuple[Matrix, ...]:
        """The matrix expressions directly inside."""
        return ()

    def __str__(self) -> str:
        from tensorderiv.derivation.matrix.spelling import to_text  # printing is a stage of its own

        return to_text(self)


@node
class Named(Matrix):
    """A tensor of the program with at most two axes: a matrix, a column vector or a scalar."""

    tensor: Tensor
    symmetric: bool = False

    @property
    def shape(self) -> Shape:
        axes = self.tensor.extents
        return (axes[0] if axes else None, axes[1] if len(axes) > 1 else None)


@node
class Scalar(Matrix):
    """A number, or an index expression without indices of its own to sum: 2/n, lambda, X_kl for fixed k and l."""

    value: Expr

    @property
    def shape(self) -> Shape:
        return SCALAR


@node
class Ones(Matrix):
    """1: the column vector of ones."""

    extent: Extent

    @property
    def shape(self) -> Shape:
        return (self.extent, None)


@node
class AllOnes(Matrix):
    """J: the matrix of ones."""

    rows: Extent
    columns: Extent

    @property
    def shape(self) -> Shape:
        return (self.rows, self.columns)


@node
class Identity(Matrix):
    """I."""

    extent: Extent

    @property
    def shape(self) -> Shape:
        return (self.extent, self.extent)


@node
class Basis(Matrix):
    """e_k: the column vector that is 1 at k and 0 elsewhere, for a fixed index or a single label k."""

    index: Index | Element
    extent: Extent

    @property
    def shape(self) -> Shape:
        return (self.extent, None)


@node
class SingleEntry(Matrix):
    """E_kl: 1 at (k, l) and 0 elsewhere, for fixed indices."""

    row: Index
    column: Index

    @property
    def shape(self) -> Shape:
        return (self.row.extent, self.column.extent)


@node
class Transpose(Matrix):
    """A^T."""

    of: Matrix

    @property
    def shape(self) -> Shape:
        rows, columns = self.of.shape
        return (columns, rows)

    @property
    def parts(self) -> tuple[Matrix, ...]:
        return (self.of,)


@node
class Product(Matrix):
    """A B ...: neighbouring axes agree; u v^T of two vectors is their outer product."""

    factors: tuple[Matrix, ...]

    @property
    def shape(self) -> Shape:
        return (self.factors[0].shape[0], self.factors[-1].shape[1])

    @property
    def parts(self) -> tuple[Matrix, ...]:
        return self.factors


@node
class Hadamard(Matrix):
    r"""A \odot B ...: entry by entry, all of one shape."""

    factors: tuple[Matrix, ...]

    @property
    def shape(self) -> Shape:
        return self.factors[0].shape

    @property
    def parts(self) -> tuple[Matrix, ...]:
        return self.factors


@node
class Quotient(Matrix):
    r"""A \oslash B: divided entry by entry."""

    above: Matrix
    below: Matrix

    @property
    def shape(self) -> Shape:
        return self.above.shape

    @property
    def parts(self) -> tuple[Matrix, ...]:
        return (self.above, self.below)


@node
class Elementwise(Matrix):
    """A function applied to every entry. Arguments without a shape are the same for all entries."""

    name: str
    args: tuple[Matrix, ...]

    @property
    def shape(self) -> Shape:
        return next((arg.shape for arg in self.args if arg.shape != SCALAR), SCALAR)

    @property
    def parts(self) -> tuple[Matrix, ...]:
        return self.args


@node
class Power(Matrix):
    """Every entry raised to a rational power."""

    base: Matrix
    exponent: Fraction

    @property
    def shape(self) -> Shape:
        return self.base.shape

    @property
    def parts(self) -> tuple[Matrix, ...]:
        return (self.base,)


@node
class Diag(Matrix):
    """diag(v): the square matrix with the vector on its diagonal."""

    vector: Matrix

    @property
    def shape(self) -> Shape:
        return (self.vector.shape[0], self.vector.shape[0])

    @property
    def parts(self) -> tuple[Matrix, ...]:
        return (self.vector,)


@node
class Trace(Matrix):
    """tr(A)."""

    of: Matrix

    @property
    def shape(self) -> Shape:
        return SCALAR

    @property
    def parts(self) -> tuple[Matrix, ...]:
        return (self.of,)


@node
class Inverse(Matrix):
    """A^-1 of a named square matrix."""

    of: Named

    @property
    def shape(self) -> Shape:
        return self.of.shape

    @property
    def parts(self) -> tuple[Matrix, ...]:
        return (self.of,)


@node
class Scaled(Matrix):
    """c s A: a coefficient and scalar-valued expressions times a matrix."""

    coefficient: Expr
    scalars: tuple[Matrix, ...]
    of: Matrix

    @property
    def shape(self) -> Shape:
        return self.of.shape

    @property
    def parts(self) -> tuple[Matrix, ...]:
        return (*self.scalars, self.of)


@node
class Sum(Matrix):
    """A + B + ...; a term with a negative coefficient is subtracted."""

    terms: tuple[Matrix, ...]

    @property
    def shape(self) -> Shape:
        return self.terms[0].shape

    @property
    def parts(self) -> tuple[Matrix, ...]:
        return self.terms
