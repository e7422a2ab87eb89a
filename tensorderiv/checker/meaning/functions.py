"""Powers, functions of numbers and of matrices, norms."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

from tensorderiv.algebra import build
from tensorderiv.algebra.expression import (
    Constant,
    Element,
    Expr,
    MatrixFunction,
    Number,
    Reduction,
    Size,
)
from tensorderiv.algebra.functions import FUNCTIONS
from tensorderiv.checker import tree as t
from tensorderiv.checker.meaning.array import Array, shape_text
from tensorderiv.checker.meaning.problems import Inexpressible
from tensorderiv.checker.meaning.scope import Scope

if TYPE_CHECKING:
    from tensorderiv.checker.meaning.elaborator import Elaborator

MOST_FACTORS = 8
"""A^k is written out up to this k."""


def power(e: Elaborator, node: t.Power, scope: Scope) -> Array:
    """base^exponent: of a matrix its products, its inverse, or the root of a diagonal one; of anything else entry by entry."""
    squared = _norm_squared(e, node, scope)
    if squared is not None:
        return squared
    exponent = e.array(node.exponent, scope)
    if exponent.order:
        raise Inexpressible(f"a power whose exponent is {shape_text(exponent)}")
    base_node = _ungrouped(node.base)
    if isinstance(base_node, t.Name) and not base_node.args:
        base = e.open_array(base_node, scope)
        if isinstance(base.expr, Constant) and base.expr.name == "e":
            return Array(build.call("exp", exponent.expr))
    base = e.open_array(node.base, scope)
    if base.unsized:
        return Array(build.power(base.expr, exponent.expr), unsized=True)
    if base.order == 2 and not e.axes.scalar_products:
        return _matrix_power(e, base, exponent.expr)
    if e.options.squares and base.order == 1 and exponent.expr == build.TWO:
        return _squares(e, base)
    return e.axes.entrywise(lambda entry: build.power(entry, exponent.expr), base)


def _norm_squared(e: Elaborator, node: t.Power, scope: Scope) -> Array | None:
    r"""\|x\|^2 without its root, so that arithmetic stays exact."""
    base = _ungrouped(node.base)
    if isinstance(base, t.Norm) and isinstance(node.exponent, t.Number) and node.exponent.value == 2:
        body = e.array(base.body, scope)
        if body.order and _is_euclidean(base, body):
            return _squares(e, body)
    return None


def _ungrouped(node: t.Node) -> t.Node:
    while isinstance(node, t.Group):
        node = node.body
    return node


def _matrix_power(e: Elaborator, base: Array, exponent: Expr) -> Array:
    e.axes.check_square(base, "a power")
    if not isinstance(exponent, Number):
        raise Inexpressible("a power of a matrix whose exponent is not a number")
    k = exponent.value
    if k.denominator != 1:
        root = e.axes.matrix_root(_spelt_out(e, base), k)
        if root is None:
            raise Inexpressible("a root of a matrix that is not diagonal")
        return root
    if abs(k) > MOST_FACTORS:
        raise Inexpressible(f"a matrix to the power {k}")
    if k == 0:
        return e.axes.identity(base.extents[0])
    factor = inverse(e, base) if k < 0 else base
    result = factor
    for _ in range(abs(int(k)) - 1):
        result = e.axes.product(result, factor)
    return result


def _spelt_out(e: Elaborator, array: Array) -> Array:
    """The array by the definition of its name, if it is a defined name."""
    expr = array.expr
    if isinstance(expr, Element) and expr.subscripts == array.axes:
        found = next((s for s in e.every_statement if s.tensor == expr.tensor), None)
        if found is not None:
            return Array(found.body, found.indices, array.row)
    return array


def inverse(e: Elaborator, array: Array) -> Array:
    e.axes.check_square(array, "the inverse")
    root = e.axes.matrix_root(_spelt_out(e, array), Fraction(-1))
    if root is not None:
        return root
    tensor = e.named(array)
    axes = tuple(e.axes.fresh(extent) for extent in array.extents)
    return Array(MatrixFunction("inv", tensor, axes), axes)


def determinant(e: Elaborator, array: Array, logarithm: bool = False) -> Array:
    if not array.order:
        return Array(build.call("log", array.expr)) if logarithm else array
    e.axes.check_square(array, "the determinant")
    return Array(MatrixFunction("logdet" if logarithm else "det", e.named(array)))


def call(e: Elaborator, node: t.Call, scope: Scope) -> Array:
    """A function of the table: of whole matrices, of all entries of an array, or entry by entry."""
    args = [e.array(arg, scope) for arg in node.args]
    if node.name == "log" and node.base is not None:
        base = e.scalar(node.base, scope)
        return e.axes.entrywise(lambda x: build.div(build.call("log", x), build.call("log", base)), args[0])
    if node.name == "root":
        degree = build.TWO if node.base is None else e.scalar(node.base, scope)
        return e.axes.entrywise(lambda x: build.power(x, build.power(degree, -1)), args[0])
    if node.name in WHOLE:
        if len(args) != 1:
            raise Inexpressible(f"{node.name} of {len(args)} arguments")
        return WHOLE[node.name](e, args[0])
    if node.name in ENTRYWISE:
        return e.axes.entrywise(ENTRYWISE[node.name], *args)
    info = FUNCTIONS.get(node.name)
    if info is None:
        raise Inexpressible(f"the function {node.name}")
    if info.arity < 0 and len(args) == 1 and args[0].order:
        return _extreme(node.name, args[0])
    if info.arity > 0 and len(args) != info.arity:
        raise Inexpressible(f"{node.name} takes {info.arity} argument{'s' if info.arity > 1 else ''}, and {len(args)} are given")
    return e.axes.entrywise(partial(build.call, node.name), *args)


def _logsumexp(e: Elaborator, x: Array) -> Array:
    return Array(Reduction("logsumexp", x.axes, x.expr)) if x.order else x


def _softmax(e: Elaborator, x: Array) -> Array:
    copy = e.axes.copy(x)
    total = build.total(copy.axes, build.call("exp", copy.expr))
    return Array(build.div(build.call("exp", x.expr), total), x.axes, x.row)


def _extreme(name: str, x: Array) -> Array:
    return Array(Reduction("max" if name == "max" else "min", x.axes, x.expr))


def _mean(e: Elaborator, x: Array) -> Array:
    sizes = [Size(extent) if isinstance(extent, str) else build.number(extent) for extent in x.extents]
    return Array(build.div(build.total(x.axes, x.expr), build.mul(*sizes)))


def _symmetrised(e: Elaborator, x: Array, sign: int) -> Array:
    turned = e.axes.transpose(x)
    return e.axes.entrywise(lambda a, b: build.div(build.add(a, build.mul(build.number(sign), b)), build.TWO), x, turned)


WHOLE: dict[str, Callable[[Elaborator, Array], Array]] = {
    "tr": lambda e, x: e.axes.trace(x),
    "det": lambda e, x: determinant(e, x),
    "logdet": lambda e, x: determinant(e, x, logarithm=True),
    "inv": inverse,
    "adj": lambda e, x: e.axes.product(determinant(e, x), inverse(e, x)),
    "diag": lambda e, x: e.axes.diagonal(x),
    "sum": lambda e, x: e.axes.entries_sum(x),
    "mean": _mean,
    "softmax": _softmax,
    "logsumexp": _logsumexp,
    "sym": lambda e, x: _symmetrised(e, x, 1),
    "skew": lambda e, x: _symmetrised(e, x, -1),
}
"""Functions of whole arrays."""


def _over(name: str) -> Callable[[Expr], Expr]:
    return lambda x: build.power(build.call(name, x), -1)


ENTRYWISE: dict[str, Callable[..., Expr]] = {
    "log10": lambda x: build.div(build.call("log", x), build.call("log", build.number(10))),
    "sec": _over("cos"),
    "csc": _over("sin"),
    "sech": _over("cosh"),
    "csch": _over("sinh"),
    "cot": lambda x: build.div(build.call("cos", x), build.call("sin", x)),
    "coth": lambda x: build.div(build.call("cosh", x), build.call("sinh", x)),
    "pow": build.power,
}
"""Functions of numbers that the algebra writes by others."""


def _is_euclidean(node: t.Norm, body: Array) -> bool:
    kind = node.kind
    if not node.double:
        return body.order == 1 and kind is None
    if kind is None:
        return True
    if isinstance(kind, t.Name) and kind.name in ("F", r"\mathrm{F}", r"{\rm F}", r"\text{F}", "Fro", "fro"):
        return True
    return isinstance(kind, t.Number) and kind.value == 2 and body.order == 1


def _squares(e: Elaborator, body: Array) -> Array:
    return Array(build.total(body.axes, build.power(body.expr, 2)))


def norm(e: Elaborator, node: t.Norm, scope: Scope) -> Array:
    """An absolute value, a determinant, or a norm."""
    body = e.array(node.body, scope)
    if not body.order:
        return Array(build.call("abs", body.expr))
    if _is_euclidean(node, body):
        return Array(build.call("sqrt", _squares(e, body).expr))
    if not node.double and node.kind is None:
        return determinant(e, body)
    kind = node.kind
    if body.order == 1 and isinstance(kind, t.Number) and kind.value == 1:
        return Array(build.total(body.axes, build.call("abs", body.expr)))
    if body.order == 1 and isinstance(kind, t.Name) and kind.name in (r"\infty", "infty", "inf"):
        return Array(Reduction("max", body.axes, build.call("abs", body.expr)))
    if body.order == 1 and kind is not None:
        p = e.scalar(kind, scope)
        total = build.total(body.axes, build.power(build.call("abs", body.expr), p))
        return Array(build.power(total, build.power(p, -1)))
    raise Inexpressible("that norm of a matrix")
