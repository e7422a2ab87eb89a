r"""Shapes put together: products contract, sums need equal shapes, a gradient has the shape of its variable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count

from tensorderiv.checker.document.union import Axis, Misfit, Union


@dataclass(frozen=True)
class Shape:
    """Axes in order; `row`: a transposed vector; `loose`: a gradient that may be a row or a column."""

    axes: tuple[Axis, ...] = ()
    row: bool = False
    loose: bool = False

    @property
    def order(self) -> int:
        return len(self.axes)


NUMBER = Shape()


@dataclass(kw_only=True)
class Joining:
    """Operations on shapes; axes that must agree are joined in `union`.

    `tolerant`: numbers are spread over arrays, rows and columns are not told apart. `numerator`: the gradient by a matrix has its
    axes turned.
    """

    union: Union
    tolerant: bool = False
    numerator: bool = False
    _fresh: count[int] = field(default_factory=count, init=False)

    def index(self, letter: str) -> Axis:
        return ("index", letter, 0)

    def fresh(self) -> Axis:
        return ("fresh", "", next(self._fresh))

    def same(self, one: Shape, other: Shape) -> Shape:
        """Both shapes in one."""
        if one.order != other.order:
            if self.tolerant and not (one.order and other.order):
                return one if one.order else other
            raise Misfit("orders")
        if one.order == 1 and one.row != other.row and not (one.loose or other.loose or self.tolerant):
            raise Misfit("a row and a column")
        for a, b in zip(one.axes, other.axes, strict=True):
            self.union.join(a, b)
        return other if one.loose and not other.loose else one

    def all_same(self, shapes: Sequence[Shape]) -> Shape:
        found = shapes[0]
        for shape in shapes[1:]:
            found = self.same(found, shape)
        return found

    def times(self, left: Shape, right: Shape, dotted: bool = False) -> Shape:
        if not left.order or not right.order:
            return left if left.order else right
        if left.order == right.order == 1:
            if dotted or ((left.row or left.loose) and not right.row):
                self.union.join(left.axes[0], right.axes[0])
                return NUMBER
            if not left.row and right.row:
                return Shape(left.axes + right.axes)
            if self.tolerant:
                self.union.join(left.axes[0], right.axes[0])
                return NUMBER
            raise Misfit("two columns")
        if not (left.order > 1 or left.row or left.loose) or not (right.order > 1 or not right.row):
            raise Misfit("a column before a matrix")
        self.union.join(left.axes[-1], right.axes[0])
        rest = left.axes[:-1] + right.axes[1:]
        return Shape(rest, row=len(rest) == 1 and left.order == 1)

    def ratio(self, above: Shape, below: Shape) -> Shape:
        if below.order and not self.tolerant:
            raise Misfit("divided by an array")
        return above if not below.order else self.same(above, below)

    def transposed(self, shape: Shape) -> Shape:
        if not shape.order and not self.tolerant:
            raise Misfit("the transpose of a number")
        if shape.order == 1:
            return Shape(shape.axes, not shape.row, shape.loose)
        return Shape(shape.axes[::-1])

    def norm(self, shape: Shape, double: bool) -> Shape:
        if double and not shape.order and not self.tolerant:
            raise Misfit("the norm of a number")
        if not double and shape.order == 2:
            self.union.join(*shape.axes)
        return NUMBER

    def partial(self, body: Shape, variables: Sequence[Shape]) -> Shape:
        found = body
        for variable in variables:
            if not variable.order:
                continue
            if not found.order:
                if self.numerator and variable.order == 2:
                    found = Shape(variable.axes[::-1])
                else:
                    found = Shape(variable.axes, loose=variable.order == 1)
            else:
                found = Shape(found.axes + variable.axes)
        return found

    def at(self, shape: Shape, letters: Sequence[str | None]) -> Shape:
        for axis, letter in zip(shape.axes, letters, strict=False):
            if letter is not None:
                self.union.join(axis, self.index(letter))
        return Shape(shape.axes[len(letters) :])
