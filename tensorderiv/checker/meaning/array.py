r"""Arrays without indices: matrices and vectors as expressions over anonymous axes.

A vector is a column unless it was transposed. A B contracts the last axis of A with the first of B:

    x^T y -> sum_a x_a y_a       x y^T -> x_a y_b       A x -> sum_b A_ab x_b       A B -> sum_b A_ab B_bc
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import count

from tensorderiv.algebra import build
from tensorderiv.algebra.expression import Expr, KroneckerDelta, Position, Subscript
from tensorderiv.algebra.index import Extent, Index
from tensorderiv.algebra.traverse import substitute_expr
from tensorderiv.checker.meaning.problems import IllTyped, Inexpressible

NO_SIZE = "an identity whose size nothing tells at its place"


@dataclass(frozen=True)
class Array:
    """The expression of an entry over the axes; letters of the line may be free in it as well. `row`: a transposed vector.

    `unsized`: the identity times the expression, of the size that its place needs; it has no axes yet.
    """

    expr: Expr
    axes: tuple[Index, ...] = ()
    row: bool = False
    unsized: bool = False

    @property
    def order(self) -> int:
        return 2 if self.unsized else len(self.axes)

    @property
    def extents(self) -> tuple[Extent, ...]:
        return tuple(axis.extent for axis in self.axes)

    def at(self, *subscripts: Subscript) -> Expr:
        """The entry at these subscripts, as many as there are axes."""
        return substitute_expr(self.expr, dict(zip(self.axes, subscripts, strict=True)))

    def __str__(self) -> str:
        return f"{self.expr} over ({', '.join(f'{axis}: {axis.extent}' for axis in self.axes)})"


def shape_text(array: Array) -> str:
    """How a shape is spoken of: n x d, a column of n, a number."""
    if array.unsized:
        return "an identity"
    extents = [str(extent) for extent in array.extents]
    if not extents:
        return "a number"
    return f"a {'row' if array.row else 'column'} of {extents[0]}" if len(extents) == 1 else f"an array of {' x '.join(extents)}"


@dataclass
class Axes:
    """Fresh anonymous axes, and the operations that need them."""

    scalar_products: bool = False
    lenient: bool = False
    _numbers: count[int] = field(default_factory=lambda: count(1))

    def fresh(self, extent: Extent) -> Index:
        return Index(f"a{next(self._numbers)}", extent)

    def copy(self, array: Array) -> Array:
        """The same over axes of its own."""
        if array.unsized:
            return array
        axes = tuple(self.fresh(axis.extent) for axis in array.axes)
        return Array(array.at(*axes), axes, array.row)

    def transpose(self, array: Array) -> Array:
        if array.unsized:
            return array
        if array.order == 2:
            return Array(array.expr, array.axes[::-1])
        if array.order > 2:
            raise IllTyped(f"the transpose of {shape_text(array)}")
        return Array(array.expr, array.axes, array.order == 1 and not array.row)

    def entrywise(self, change: Callable[..., Expr], *arrays: Array, what: str = "sum") -> Array:
        """change(entries) for arrays of one shape; numbers are spread."""
        if any(array.unsized for array in arrays):
            arrays = self.sized(arrays, what)
        shaped = [array for array in arrays if array.order]
        if not shaped:
            return Array(change(*(array.expr for array in arrays)))
        first = max(shaped, key=lambda array: array.order)
        for array in shaped:
            if array.extents != first.extents or (array.row != first.row and not self.lenient):
                raise IllTyped(f"{what} of {shape_text(first)} and {shape_text(array)}")
        axes = tuple(self.fresh(axis.extent) for axis in first.axes)
        entries = [array.at(*axes) if array.order else array.expr for array in arrays]
        return Array(change(*entries), axes, first.row)

    def check_sum(self, arrays: Sequence[Array]) -> None:
        """IllTyped for a number plus a matrix; a number is spread over a vector, and over anything by entrywise conventions."""
        order = max(array.order for array in arrays)
        if order > 1 and not self.scalar_products and any(not array.order for array in arrays):
            matrix = next(array for array in arrays if array.order == order)
            raise IllTyped(f"sum of {shape_text(matrix)} and a number")

    def product(self, left: Array, right: Array, dotted: bool = False) -> Array:
        r"""left right, juxtaposed; `dotted`: left \cdot right, the inner product of two vectors."""
        if left.unsized or right.unsized:
            return self._times_identity(left, right)
        if not left.order or not right.order:
            return self.entrywise(build.mul, left, right)
        if left.order == right.order == 1:
            inner = (left.row and not right.row) or dotted
            if inner or (self.lenient and left.row == right.row and left.extents == right.extents and not self.scalar_products):
                return self.contracted(left, right)
            if not left.row and right.row:
                return self.outer(left, right)
        if self.scalar_products:
            return self.entrywise(build.mul, left, right, what="product")
        fits = (left.order > 1 or left.row) and (right.order > 1 or not right.row)
        if not fits:
            raise IllTyped(f"product of {shape_text(left)} and {shape_text(right)}")
        return self.contracted(left, right)

    def contracted(self, left: Array, right: Array) -> Array:
        """The last axis of the left with the first of the right."""
        a, b = self.copy(left), self.copy(right)
        if a.extents[-1] != b.extents[0]:
            raise IllTyped(f"product of {shape_text(left)} and {shape_text(right)}")
        shared = a.axes[-1]
        entry = build.mul(a.expr, b.at(shared, *b.axes[1:]))
        rest = a.axes[:-1] + b.axes[1:]
        return Array(build.total([shared], entry), rest, row=len(rest) == 1 and left.row)

    def cross(self, left: Array, right: Array) -> Array:
        """sum_bc e_abc left_b right_c in three dimensions, where e_abc = (a - b)(b - c)(c - a)/2 is the Levi-Civita symbol."""
        if left.extents != (3,) or right.extents != (3,) or left.row != right.row:
            raise Inexpressible(f"the cross product of {shape_text(left)} and {shape_text(right)}")
        a, b, c = (self.fresh(3) for _ in range(3))
        differences = [build.sub(Position(one), Position(other)) for one, other in ((a, b), (b, c), (c, a))]
        sign = build.div(build.mul(*differences), build.TWO)
        return Array(build.total([b, c], build.mul(sign, left.at(b), right.at(c))), (a,), left.row)

    def outer(self, left: Array, right: Array) -> Array:
        a, b = self.copy(left), self.copy(right)
        return Array(build.mul(a.expr, b.expr), a.axes + b.axes)

    def frobenius(self, left: Array, right: Array) -> Array:
        """sum over all entries of left times right."""
        both = self.entrywise(build.mul, left, right, what="the Frobenius product")
        if not both.order and (left.order or right.order):
            raise IllTyped(f"the Frobenius product of {shape_text(left)} and {shape_text(right)}")
        return self.entries_sum(both)

    def entries_sum(self, array: Array) -> Array:
        return Array(build.total(array.axes, array.expr))

    def identity(self, extent: Extent) -> Array:
        row, column = self.fresh(extent), self.fresh(extent)
        return Array(KroneckerDelta(row, column), (row, column))

    def sized(self, arrays: Sequence[Array], what: str = "sum") -> tuple[Array, ...]:
        """The arrays, identities of any size as large as the matrix that stands with them."""
        like = max((array for array in arrays if not array.unsized), key=lambda array: array.order, default=None)
        if like is None or not like.order:
            raise Inexpressible(NO_SIZE)
        if like.order != 2 or like.extents[0] != like.extents[1]:
            raise IllTyped(f"{what} of {shape_text(like)} and an identity")
        return tuple(self._of_size(array, like.extents[0]) if array.unsized else array for array in arrays)

    def _of_size(self, array: Array, extent: Extent) -> Array:
        one = self.identity(extent)
        return Array(build.mul(array.expr, one.expr), one.axes)

    def _times_identity(self, left: Array, right: Array) -> Array:
        """I A = A and A I = A, and numbers before an identity."""
        other = right if left.unsized else left
        scaled = build.mul(left.expr, right.expr)
        if other.unsized or not other.order:
            return Array(scaled, unsized=True)
        if other.order == 1 and other.row == left.unsized and not self.lenient:
            raise IllTyped(f"product of {shape_text(left)} and {shape_text(right)}")
        if self.scalar_products:
            return self.entrywise(build.mul, left, right, what="product")
        return self.copy(Array(scaled, other.axes, other.row))

    def trace(self, array: Array) -> Array:
        if not array.order:
            return array
        self.check_square(array, "the trace")
        row = self.fresh(array.axes[0].extent)
        return Array(build.total([row], array.at(row, row)))

    def diagonal(self, array: Array) -> Array:
        """The diagonal of a matrix as a column; of a vector the diagonal matrix."""
        if array.order == 1:
            row, column = self.fresh(array.extents[0]), self.fresh(array.extents[0])
            return Array(build.mul(array.at(row), KroneckerDelta(row, column)), (row, column))
        self.check_square(array, "the diagonal")
        row = self.fresh(array.extents[0])
        return Array(array.at(row, row), (row,))

    def check_square(self, array: Array, what: str) -> None:
        if array.order != 2 or array.extents[0] != array.extents[1]:
            raise IllTyped(f"{what} of {shape_text(array)}")

    def matrix_root(self, array: Array, exponent: Fraction) -> Array | None:
        """The diagonal to that power, for a diagonal matrix; None for any other matrix."""
        c = self._diagonal_of(array)
        if c is None:
            return None
        a, b = array.axes
        return self.copy(Array(build.mul(build.power(c, exponent), KroneckerDelta(a, b)), array.axes))

    def _diagonal_of(self, array: Array) -> Expr | None:
        """The entry c_a, where every term is of the form c_a delta_ab."""
        factors: list[Expr] = []
        for term in build.terms_of(array.expr):
            rest = list(build.factors_of(term))
            deltas = [f for f in rest if isinstance(f, KroneckerDelta) and {f.left, f.right} == set(array.axes)]
            if len(deltas) != 1:
                return None
            rest.remove(deltas[0])
            factors.append(substitute_expr(build.mul(*rest), {array.axes[1]: array.axes[0]}))
        return build.add(*factors)
