"""f'(u) of declared and of defined functions."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from tensorderiv.algebra.expression import Derivative, Element, Tensor
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.traverse import free_indices, walk
from tensorderiv.checker import tree as t
from tensorderiv.checker.meaning import references, unspecified
from tensorderiv.checker.meaning.array import Array
from tensorderiv.checker.meaning.names import Unspecified
from tensorderiv.checker.meaning.problems import IllTyped, Inexpressible
from tensorderiv.checker.meaning.scope import Scope

if TYPE_CHECKING:
    from tensorderiv.checker.meaning.elaborator import Elaborator


def derivative_of(e: Elaborator, node: t.Call, scope: Scope) -> Array:
    """f'(u), f''(u): the derivative of f(q) by q, where q is a quantity with the value u.

    Of an array u it is taken entry by entry where f is, and is the gradient where f of an array is a number.
    """
    times = int(node.name.removeprefix("prime") or 1)
    if not isinstance(node.base, t.Name) or len(node.args) != 1:
        raise Inexpressible("a prime on something that is no function of one argument")
    u = e.array(node.args[0], scope)
    loose = tuple(index for index in free_indices(u.expr) if index not in u.axes)
    places = loose + u.axes
    q = Tensor(e.declared.name("q"), tuple(index.extent for index in places))
    e.statements.append(Statement(q, places, u.expr))
    at = Element(q, places)
    value = _value_at(e, node.base.name, Array(at, u.axes))
    is_gradient = value.order < u.order
    if is_gradient and times > 1:
        raise Inexpressible(f"the second derivative of {node.base.name}, which is a function of an array")
    expr = value.expr
    for _ in range(times):
        expr = Derivative(expr, at)
    layout = (e.options.layout or e.case.layout) if is_gradient else None
    lies = u.order == 1 and layout in ("numerator", "row")
    return Array(expr, u.axes[::-1] if layout == "numerator" else u.axes, u.row or lies)


def _value_at(e: Elaborator, name: str, at: Array) -> Array:
    """f at a quantity, of a declared or a defined function of one argument: a number, or the array entry by entry."""
    function = e.declared.entities.get(name)
    if isinstance(function, Unspecified) and function.arity == 1:
        return Array(unspecified.polynomial(function, at.expr), at.axes)
    defined = e.defined.get((name, 0))
    if defined is None or len(defined.definition.parameters) != 1:
        raise Inexpressible(f"{name}' where {name} is no function of one argument")
    parameter = defined.definition.parameters[0]
    whole: Array | None = None
    if at.order:  # what has no meaning for an array is a function of numbers
        count = len(e.statements)
        with suppress(IllTyped, Inexpressible):
            whole = references.again(e, defined, Scope().calling({parameter: at}))
        if whole is not None and not whole.order:
            return whole
        if whole is not None and (len(e.statements) > count or not _is_by_entries(whole, at)):
            raise Inexpressible(f"{name}' where {name} is neither a number nor taken entry by entry")
    value = references.again(e, defined, Scope().calling({parameter: Array(at.expr)}))
    if value.order:
        raise Inexpressible(f"{name}' where {name} is no number")
    return Array(value.expr, at.axes)


def _is_by_entries(value: Array, at: Array) -> bool:
    """Whether each entry of the value depends on the entry at the same place alone."""
    assert isinstance(at.expr, Element)
    loose = at.expr.subscripts[: len(at.expr.subscripts) - at.order]
    own = (*loose, *value.axes)
    found = [part for part in walk(value.expr) if isinstance(part, Element) and part.tensor == at.expr.tensor]
    return value.extents == at.extents and all(part.subscripts == own for part in found)
