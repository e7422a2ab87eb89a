"""Values while elaborating: a number, or an array whose axes have no letters yet (a row, a column, a whole tensor)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from tensorderiv.algebra.expression import Expr
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.traverse import substitute_expr
from tensorderiv.errors import IndexProblem, Place
from tensorderiv.language.extents import Extents


@dataclass(frozen=True)
class Array:
    """A vector (one axis) or more: the body as a function of its axes. `row`: it was transposed."""

    axes: tuple[Index, ...]
    body: Expr
    row: bool = False
    place: Place | None = field(default=None, compare=False)


Value: TypeAlias = Expr | Array


def elementwise(values: Sequence[Value], build: Callable[..., Expr], extents: Extents, place: Place) -> Value:
    """build over the values component by component; numbers go with every component.

    Raises: IndexProblem for arrays with different numbers of axes; ExtentMismatch for different extents.
    """
    arrays = [value for value in values if isinstance(value, Array)]
    if not arrays:
        return build(*values)
    first = arrays[0]
    bodies = [aligned(value, first, extents, place) if isinstance(value, Array) else value for value in values]
    return Array(first.axes, build(*bodies), first.row, first.place)


def aligned(value: Array, to: Array, extents: Extents, place: Place) -> Expr:
    """The body of `value` over the axes of `to`."""
    if len(value.axes) != len(to.axes):
        raise IndexProblem(
            f"an array with {len(value.axes)} axes meets one with {len(to.axes)}",
            place=place,
            hint="write the indices, e.g. X_ip",
        )
    for one, two in zip(value.axes, to.axes, strict=True):
        extents.join(one.extent, two.extent, place)  # type: ignore[arg-type]
    return substitute_expr(value.body, dict(zip(value.axes, to.axes, strict=True)))
