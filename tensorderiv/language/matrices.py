"""Matrix algebra written out in indices: products, transposes, traces, diagonals, inverses, J, I, E_kl and e_k."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from tensorderiv.algebra import build
from tensorderiv.algebra.expression import Expr, Reduction, Tensor
from tensorderiv.algebra.traverse import substitute_expr
from tensorderiv.errors import ExtentMismatch, IndexProblem, Place
from tensorderiv.language import norms, shapes, signs
from tensorderiv.language import surface as s
from tensorderiv.language.reductions import CONVENTIONAL
from tensorderiv.language.values import Array, Value
from tensorderiv.language.vectors import letters

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from tensorderiv.language.scope import Scope, Symbol


def kind_of(value: Value) -> shapes.Kind:
    """The kind of a value."""
    if not isinstance(value, Array):
        return "number"
    if len(value.axes) == 1:
        return "row" if value.row else "column"
    return shapes.of_order(len(value.axes))


def describe(node: s.Node, otherwise: str) -> str:
    """A factor in a message: its name where it has one."""
    match node:
        case s.Ref(_, name, None):
            return name
        case s.Transposed(_, s.Ref(_, name, None)):
            return f"{name}^T"
    return otherwise


def is_one(node: s.Node | None) -> bool:
    return isinstance(node, s.Num) and node.value == 1


def refreshed(scope: Scope, value: Array) -> Array:
    """The same array over axes that stand nowhere else."""
    axes = tuple(scope.axis(cast(str, axis.extent)) for axis in value.axes)
    return Array(axes, substitute_expr(value.body, dict(zip(value.axes, axes, strict=True))), value.row, value.place)


def contract(scope: Scope, left: Array, right: Array, place: Place, names: tuple[str, str]) -> Value:
    """sum_p left_..p right_p..: the last axis of the left meets the first of the right; a column and a row meet nowhere.

    Raises: ExtentMismatch when the columns of the one are not the rows of the other.
    """
    right = refreshed(scope, right)
    if not left.row and len(left.axes) == 1:
        return Array((*left.axes, *right.axes), build.mul(left.body, right.body), place=left.place)
    inner, outer = left.axes[-1], right.axes[0]
    one, two = cast(str, inner.extent), cast(str, outer.extent)
    if not scope.extents.compatible(one, two):
        columns = "columns" if len(left.axes) == 2 else "elements"
        rows = "rows" if len(right.axes) == 2 else "elements"
        raise ExtentMismatch(
            f"{names[0]} {names[1]}: {names[0]} has {scope.extents.get(one)} {columns}, "
            f"{names[1]} has {scope.extents.get(two)} {rows}",
            place=place,
            hint="transpose one of them, or declare equal extents",
        )
    scope.extents.join(one, two, place)
    body = build.mul(left.body, substitute_expr(right.body, {outer: inner}))
    summed, indices = letters(scope, Array((inner,), body))
    axes = (*left.axes[:-1], *right.axes[1:])
    found = Reduction("sum", indices, summed, None)
    return Array(axes, found, row=left.row, place=left.place) if axes else found


def product(scope: Scope, left: Value, op: str, right: Value, place: Place, names: tuple[str, str]) -> Value:
    """A product of two arrays: elementwise, a dot product, or the product of matrix algebra.

    Raises: IndexProblem for kinds that have no such product; ExtentMismatch.
    """
    try:
        kind = shapes.product(op, kind_of(left), kind_of(right))
    except shapes.ShapeClash as clash:
        raise IndexProblem(clash.message, place=place, hint=clash.hint) from None
    if op == "odot":
        return scope.elementwise([left, right], _times, place)
    assert isinstance(left, Array)
    assert isinstance(right, Array)
    if kind == "number":
        return norms.dot(scope, left, right, place)
    return contract(scope, left, right, place, names)


def _times(left: Expr, right: Expr) -> Expr:
    """The elementwise product of X with itself is its square."""
    return build.power(left, 2) if left == right else build.mul(left, right)


def transposed(scope: Scope, value: Value, place: Place) -> Value:
    """The transpose; of a number the number."""
    if not isinstance(value, Array):
        return value
    try:
        shapes.transposed(kind_of(value))
    except shapes.ShapeClash as clash:
        raise IndexProblem(clash.message, place=place, hint=clash.hint) from None
    return Array(value.axes[::-1], value.body, row=len(value.axes) == 1 and not value.row, place=value.place)


# -- constants ------------------------------------------------------------------------------------------------------


def ones(scope: Scope) -> Array:
    """The vector of ones, as long as it needs to be."""
    scope.note("1 beside a matrix or a vector is read as the vector of ones")
    return Array((scope.axis(scope.extents.fresh("a vector of ones")),), build.ONE)


def is_extent(scope: Scope, node: s.Node) -> bool:
    """Whether a subscript of 1, I or J is a size (1_n) and no index."""
    if not (isinstance(node, s.Ref) and node.subscripts is None) or node.name in scope.scope:
        return False
    return node.name in scope.extents.names() or (not scope.free and node.name in CONVENTIONAL)


def sized(scope: Scope, node: s.Node, variable: str) -> None:
    """1_n, I_n: the subscript is the size."""
    assert isinstance(node, s.Ref)
    scope.extents.fix(variable, node.name, f"the size {node.name}", node.place)


def constant(scope: Scope, name: str, subscripts: Sequence[s.Node], place: Place) -> Array:
    """J (all ones), I (identity), E_kl (1 at row k, column l, else 0), e_k (1 at k, else 0)."""
    meaning = scope.found.special[name]
    what = {"ones": "the all-ones matrix", "identity": "the identity matrix"}.get(meaning, "")
    if what:
        scope.note(f"{name} is read as {what}; declare tensor {name}[n,d] for a matrix of your own")
        first = scope.axis(scope.extents.fresh(f"the rows of {name}"))
        second = scope.axis(scope.extents.fresh(f"the columns of {name}"))
        if meaning == "identity":
            scope.extents.join(cast(str, first.extent), cast(str, second.extent), place)
        for axis, sub in zip((first, second), (subscripts[0], subscripts[-1]) if subscripts else (), strict=False):
            sized(scope, sub, cast(str, axis.extent))
        return Array((first, second), build.ONE if meaning == "ones" else build.delta(first, second), place=place)
    shape = "matrix with a single 1" if meaning == "entry" else "basis vector"
    scope.note(f"{name} with {'two indices' if meaning == 'entry' else 'an index'} is read as the {shape} there")
    axes, factors = [], []
    for sub in subscripts:
        axis = scope.axis(scope.extents.fresh(f"an axis of {name}"))
        axes.append(axis)
        factors.append(build.delta(axis, scope.subscript(sub, cast(str, axis.extent))))
    return Array(tuple(axes), build.mul(*factors), place=place)


def element(scope: Scope, node: s.Indexed) -> Value:
    """(A B)_ij: elements of a computed array."""
    value = scope.value(node.body)
    if not isinstance(value, Array):
        raise IndexProblem("a number has no indices", place=node.place, hint="put the subscript on a vector or a matrix")
    return norms.component(scope, value, node.subscripts, node.place)


def note_inputs(scope: Scope, inputs: Sequence[Symbol], declared: Collection[str], final: Callable[[Tensor], Tensor]) -> None:
    """Say which names were read as matrices, and of which size."""
    for symbol in inputs:
        uses = scope.found.of(symbol.name)
        capital = signs.is_capital(symbol.name) and not symbol.extents and symbol.name not in declared
        if (uses.decided == 0 or capital) and symbol.name not in scope.extents.names():
            scope.note(f"{symbol.name} is read as a number")
        bare = uses.decided == 2 or (uses.between and 0 in uses.plain)
        if symbol.name not in declared and len(symbol.extents) == 2 and bare:
            rows, columns = final(symbol.tensor).extents
            scope.note(f"{symbol.name} is read as a matrix {rows} x {columns}")
            plain = symbol.name.rstrip("'")
            if plain != symbol.name:
                scope.note(f"{symbol.name} is a name of its own; the transpose is {plain}^T")
