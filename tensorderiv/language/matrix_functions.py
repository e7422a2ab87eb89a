"""Functions of whole matrices: traces, diagonals, inverses, determinants and powers."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, cast

from tensorderiv.algebra import build
from tensorderiv.algebra.expression import Element, MatrixFunction, MatrixFunctionName, Reduction, Tensor
from tensorderiv.algebra.index import Index, fresh_names
from tensorderiv.algebra.traverse import free_indices, index_names, substitute_expr, walk
from tensorderiv.errors import ExtentMismatch, IndexProblem, Place, SyntaxProblem
from tensorderiv.language import shapes
from tensorderiv.language import surface as s
from tensorderiv.language.matrices import contract, describe, kind_of, transposed
from tensorderiv.language.scope import Symbol
from tensorderiv.language.values import Array, Value
from tensorderiv.language.vectors import letters

if TYPE_CHECKING:
    from tensorderiv.language.scope import Scope

MOST_FACTORS = 8
"""A^9 is not written out."""


def log_of(scope: Scope, node: s.Node) -> Value | None:
    """log(det(A)) is logdet(A); None for the logarithm of anything else.

    Raises: IndexProblem for log |A|, where the bars can be the determinant or the norm.
    """
    match node:
        case s.Call(place, "det", args, (), None) if "det" not in scope.functions:
            return call(scope, s.Call(place, "logdet", args))
        case s.Norm(place, body, False, None):
            mark = len(scope.notes)
            value = scope.value(body)
            del scope.notes[mark:]
            if kind_of(value) == "matrix":
                raise IndexProblem(
                    "log |A| of a matrix can mean its determinant or its norm",
                    place=place,
                    hint="write logdet(A) or log ||A||_F",
                )
    return None


def call(scope: Scope, node: s.Call) -> Value:
    """tr, diag, inv, det, logdet.

    Raises: IndexProblem when the argument is no matrix; ExtentMismatch when it is not square.
    """
    scope.arity(node, 1)
    name, argument = node.name, node.args[0]
    if node.subscripts:
        raise SyntaxProblem(f"{name} has no subscript", place=node.place, hint=f"write ({name}(A))_ij")
    value = scope.value(argument)
    kind = kind_of(value)
    if name == "diag" and isinstance(value, Array) and kind in ("column", "row"):
        other = scope.axis(cast(str, value.axes[0].extent))
        return Array((value.axes[0], other), build.mul(value.body, build.delta(value.axes[0], other)), place=node.place)
    if name == "tr" and kind == "number":
        return value  # tr(x^T A x), as in the cyclic law
    if not isinstance(value, Array) or kind != "matrix":
        wanted = "a matrix or a vector" if name == "diag" else "a matrix"
        raise IndexProblem(f"{name} needs {wanted}, not {shapes.NAMES[kind]}", place=argument.place, hint="declare tensor A[n,n]")
    if name in ("inv", "det", "logdet"):
        return function(scope, cast(MatrixFunctionName, name), value, argument, node.place)
    square(scope, name, value, argument, node.place)
    body = substitute_expr(value.body, {value.axes[1]: value.axes[0]})
    diagonal = Array(value.axes[:1], body, place=node.place)
    if name == "diag":
        return diagonal
    summed, indices = letters(scope, diagonal)
    return Reduction("sum", indices, summed, None)


def square(scope: Scope, name: str, value: Array, node: s.Node, place: Place) -> None:
    """Join the extents of the two axes.

    Raises: ExtentMismatch when they differ.
    """
    rows, columns = (cast(str, axis.extent) for axis in value.axes)
    if not scope.extents.compatible(rows, columns):
        what = describe(node, "its matrix")
        raise ExtentMismatch(
            f"{name} needs a square matrix: {what} has {scope.extents.get(rows)} rows and {scope.extents.get(columns)} columns",
            place=place,
            hint="declare equal extents, or take A^T A",
        )
    scope.extents.join(rows, columns, place)


def function(scope: Scope, name: MatrixFunctionName, value: Array, node: s.Node, place: Place) -> Value:
    """An entry of the inverse, or the determinant, of a named matrix."""
    square(scope, name, value, node, place)
    tensor, swapped = named(scope, value, place)
    if name == "inv":
        axes = value.axes[::-1] if swapped else value.axes
        return Array(value.axes, MatrixFunction(name, tensor, axes), place=place)
    return MatrixFunction(name, tensor)


def named(scope: Scope, value: Array, place: Place) -> tuple[Tensor, bool]:
    """The tensor that a matrix is, and whether its transpose is meant; anything computed gets a statement of its own.

    Raises: IndexProblem when the matrix depends on an index; DomainProblem for labels.
    """
    if isinstance(value.body, Element) and set(value.body.subscripts) == set(value.axes) and len(value.body.subscripts) == 2:
        return value.body.tensor, value.body.subscripts != value.axes
    outside = [index.name for index in free_indices(value.body) if index not in value.axes]
    if outside:
        raise IndexProblem(
            f"an inverse or determinant is taken of a matrix that depends on the index {outside[0]}",
            place=place,
            hint="only matrices without free indices have one here",
        )
    taken = {index.name for index in scope.scope.values()} | set(scope.symbols) | scope.names | set(index_names(value.body))
    chosen = []
    for axis in value.axes:
        chosen.append(Index(next(fresh_names("i", taken)), axis.extent))
        taken.add(chosen[-1].name)
    body = substitute_expr(value.body, dict(zip(value.axes, chosen, strict=True)))
    for symbol, known in scope.computed:
        if known == body:
            return symbol.tensor, False
    number = next(k for k in range(1, 1000) if f"A{k}" not in taken)
    symbol = Symbol(f"A{number}", tuple(cast(str, axis.extent) for axis in value.axes), role="statement", place=place)
    scope.symbols[symbol.name] = symbol
    scope.computed.append((symbol, body))
    scope.pending.append((symbol, tuple(chosen), (body,), ()))
    return symbol.tensor, False


def exponent_of(node: s.Node) -> Fraction | str | None:
    """A written exponent: a number, "-T", or None for anything else."""
    match node:
        case s.Num(_, value):
            return value
        case s.Sum(_, ((-1, s.Num(_, value)),)):
            return -value
        case s.Sum(_, ((-1, s.Ref(_, "T", None)),)):
            return "-T"
    return None


def power(scope: Scope, base: Array, node: s.Power) -> Value | None:
    """A^-1, A^-T, A^k of a matrix; None where the power is elementwise.

    Raises: IndexProblem where A^k may mean either; ExtentMismatch for the inverse of a matrix that is not square.
    """
    exponent = exponent_of(node.exponent)
    name = describe(node.base, "M")
    if exponent == "-T":
        return transposed(scope, function(scope, "inv", base, node.base, node.place), node.place)
    if not isinstance(exponent, Fraction) or exponent.denominator != 1 or exponent in (0, 1):
        if exponent not in (0, 1):
            if surely_square(scope, base):
                raise IndexProblem(
                    f"this power of {name} is not read: roots of matrices are not, and elementwise powers would be written alike",
                    place=node.place,
                    hint=f"write sqrt({name}), exp or indices for elementwise powers",
                )
            scope.note("a power of a matrix that is no whole number is taken elementwise")
        return None
    if exponent > 0 and not is_square(scope, base, node.place, name):
        scope.note(f"{name}^{exponent} is taken elementwise, since the matrix is not square")
        return None
    if abs(exponent) > MOST_FACTORS:
        raise SyntaxProblem(f"the power {exponent} of a matrix is not written out", place=node.place, hint="name smaller powers")
    factor: Value = base
    if exponent < 0:
        factor = function(scope, "inv", base, node.base, node.place)
    else:
        times = " ".join([name] * int(exponent))
        scope.note(rf"{name}^{exponent} is read as the matrix product {times}; write {name} \odot {name} for the squares")
    result = factor
    for _ in range(abs(int(exponent)) - 1):
        assert isinstance(result, Array)
        assert isinstance(factor, Array)
        result = contract(scope, result, factor, node.place, (name, name))
    return result


def surely_square(scope: Scope, value: Array) -> bool:
    """Whether the matrix is square, or one of matrix algebra that may become it."""
    rows, columns = (cast(str, axis.extent) for axis in value.axes)
    if scope.extents.same(rows, columns):
        return True
    open_ones = any(isinstance(node, Element) and scope.found.of(node.tensor.name).decided == 2 for node in walk(value.body))
    return open_ones and scope.extents.compatible(rows, columns)


def is_square(scope: Scope, value: Array, place: Place, name: str) -> bool:
    """Whether the matrix is square; a matrix of matrix algebra whose extents are open becomes it.

    Raises: IndexProblem when nothing says so.
    """
    rows, columns = (cast(str, axis.extent) for axis in value.axes)
    if not scope.extents.compatible(rows, columns):
        return False
    if surely_square(scope, value):
        return True
    raise IndexProblem(
        f"the power of {name} can be the matrix product or elementwise",
        place=place,
        hint=rf"declare its extents, or write {name} {name} or {name} \odot {name}",
    )
