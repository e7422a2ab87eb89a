"""f'(u) of declared and of defined functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tensorderiv.algebra.expression import Derivative, Element, Expr, Tensor
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.traverse import free_indices
from tensorderiv.checker import tree as t
from tensorderiv.checker.meaning import references, unspecified
from tensorderiv.checker.meaning.array import Array
from tensorderiv.checker.meaning.names import Unspecified
from tensorderiv.checker.meaning.problems import Inexpressible
from tensorderiv.checker.meaning.scope import Scope

if TYPE_CHECKING:
    from tensorderiv.checker.meaning.elaborator import Elaborator


def derivative_of(e: Elaborator, node: t.Call, scope: Scope) -> Array:
    """f'(u), f''(u): the derivative of f(q) by q, where q is a quantity with the value u."""
    times = int(node.name.removeprefix("prime") or 1)
    if not isinstance(node.base, t.Name) or len(node.args) != 1:
        raise Inexpressible("a prime on something that is no function of one argument")
    u = e.array(node.args[0], scope)
    loose = tuple(index for index in free_indices(u.expr) if index not in u.axes)
    places = loose + u.axes
    q = Tensor(e.declared.name("q"), tuple(index.extent for index in places))
    e.statements.append(Statement(q, places, u.expr))
    at = Element(q, places)
    expr = _value_at(e, node.base.name, at)
    for _ in range(times):
        expr = Derivative(expr, at)
    return Array(expr, u.axes, u.row)


def _value_at(e: Elaborator, name: str, at: Expr) -> Expr:
    """f at a number, of a declared or a defined function of one argument."""
    function = e.declared.entities.get(name)
    if isinstance(function, Unspecified) and function.arity == 1:
        return unspecified.polynomial(function, at)
    defined = e.defined.get((name, 0))
    if defined is None or len(defined.definition.parameters) != 1:
        raise Inexpressible(f"{name}' where {name} is no function of one argument")
    value = references.again(e, defined, Scope().calling({defined.definition.parameters[0]: Array(at)}))
    if value.order:
        raise Inexpressible(f"{name}' where {name} is no number")
    return value.expr
