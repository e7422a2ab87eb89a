"""Norms and dot products of vectors, written out over fresh letters."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from tensorderiv.algebra import build
from tensorderiv.algebra.expression import Expr, Number, Reduction, Subscript
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.traverse import substitute_expr
from tensorderiv.errors import IndexProblem, Place, SyntaxProblem
from tensorderiv.language import surface as s
from tensorderiv.language.values import Array, Value, aligned
from tensorderiv.language.vectors import letters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tensorderiv.language.scope import Scope

EUCLIDEAN = Fraction(2)


def norm(scope: Scope, node: s.Norm) -> Value:
    """|v|, ||v||_p, ||A||_F; of a number its absolute value."""
    value = scope.value(node.body)
    if not isinstance(value, Array):
        if node.double:
            scope.note("|| || around a number is its absolute value")
        return build.call("abs", value)
    refuse_bars(node, value)
    kind = degree(scope, node, value)
    if kind == "max":
        body, indices = letters(scope, value)
        return Reduction("max", indices, build.call("abs", body), None)
    if isinstance(kind, Number) and kind.value == 2:
        return build.call("sqrt", power_sum(scope, value, kind))
    if isinstance(kind, Number) and kind.value == 1:
        return power_sum(scope, value, kind)
    assert isinstance(kind, Expr)
    return build.power(power_sum(scope, value, kind), build.power(kind, -1))


def refuse_bars(node: s.Norm, value: Array) -> None:
    """|S| of a matrix is the determinant in one text and a norm in another.

    Raises: IndexProblem for single bars without a subscript around a matrix.
    """
    if node.double or node.subscript is not None or len(value.axes) != 2:
        return
    name = node.body.name if isinstance(node.body, s.Ref) and node.body.subscripts is None else ".."
    raise IndexProblem(
        f"|{name}| of a matrix can be its determinant or its norm",
        place=node.place,
        hint=f"write det({name}), or ||{name}||_F for the norm",
    )


def degree(scope: Scope, node: s.Norm, value: Array) -> Expr | str:
    """The p of a norm: 2 when nothing is said, "max" for infinity."""
    sub = node.subscript
    matrix = len(value.axes) > 1
    if isinstance(sub, s.Ref) and sub.name == "F" and sub.subscripts is None:
        return build.TWO
    if matrix and sub is not None:
        raise SyntaxProblem("this norm of a matrix is not read", place=node.place, hint="write ||A||_F, or sums over its indices")
    if matrix:
        scope.note("|| || of a matrix is read as the Frobenius norm")
        return build.TWO
    if sub is None:
        return build.TWO
    if isinstance(sub, s.Ref) and sub.name in ("infty", "inf", "max", "oo") and sub.subscripts is None:
        return "max"
    found = scope.number(sub)
    if isinstance(found, Number) and found.value <= 0:
        raise SyntaxProblem(f"there is no {found.value}-norm", place=sub.place, hint="write ||x||_1, ||x||_2 or ||x||_\\infty")
    return found


def power_sum(scope: Scope, value: Array, p: Expr) -> Expr:
    """sum |v|^p; even whole powers need no bars."""
    body, indices = letters(scope, value)
    even = isinstance(p, Number) and p.value.denominator == 1 and p.value % 2 == 0
    return Reduction("sum", indices, build.power(body if even else build.call("abs", body), p), None)


def norm_power(scope: Scope, base: s.Norm, exponent: s.Node) -> Value | None:
    """||v||^p of a p-norm is the sum itself, without the root; None when nothing is gained."""
    mark = len(scope.notes)
    value = scope.value(base.body)
    if not isinstance(value, Array):
        if isinstance(exponent, s.Num) and exponent.value.denominator == 1 and exponent.value % 2 == 0:
            return build.power(value, exponent.value)
        del scope.notes[mark:]
        return None
    refuse_bars(base, value)
    kind = degree(scope, base, value)
    if isinstance(kind, str):
        return None
    above = scope.number(exponent)
    if (
        isinstance(kind, Number)
        and kind.value == 2
        and isinstance(above, Number)
        and above.value.denominator == 1
        and above.value % 2 == 0
    ):
        return build.power(power_sum(scope, value, kind), above.value / 2)
    if kind == above:
        return power_sum(scope, value, kind)
    return None


def dot(scope: Scope, left: Value, right: Value, place: Place) -> Value:
    """sum_p left_p right_p.

    Raises: IndexProblem when one side is a number; ExtentMismatch for different lengths.
    """
    if not isinstance(left, Array) or not isinstance(right, Array):
        raise IndexProblem(
            "a dot product needs two vectors", place=place, hint="write X_i . Y_j with X and Y of two indices, or * for numbers"
        )
    if len(left.axes) > 1 or len(right.axes) > 1:
        if len(left.axes) != len(right.axes):
            raise IndexProblem(
                f"a dot product of arrays with {len(left.axes)} and {len(right.axes)} axes", place=place, hint="write indices"
            )
        scope.note("a dot product of two matrices is the sum of products of their elements")
    both = Array(left.axes, build.mul(left.body, aligned(right, left, scope.extents, place)))
    body, indices = letters(scope, both)
    return Reduction("sum", indices, body, None)


def component(scope: Scope, value: Array, subscripts: Sequence[s.Node], place: Place) -> Value:
    """An array parameter with subscripts: x[i] where x is a row X_a."""
    if len(subscripts) > len(value.axes):
        raise IndexProblem(
            f"{'a vector has one index' if len(value.axes) == 1 else f'this array has {len(value.axes)} indices'}, "
            f"{len(subscripts)} are written",
            place=place,
            hint="write as many as it has",
        )
    mapping: dict[Index, Subscript] = {}
    left: list[Index] = []
    for number, axis in enumerate(value.axes):
        if number < len(subscripts) and not isinstance(subscripts[number], s.Slice):
            mapping[axis] = scope.subscript(subscripts[number], axis.extent)  # type: ignore[arg-type]
        else:
            left.append(axis)
    body = substitute_expr(value.body, mapping)
    return Array(tuple(left), body) if left else body
