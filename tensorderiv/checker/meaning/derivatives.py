"""Derivatives and differentials. They are not carried out: a `Derivative` node denotes them, and the reference meaning
computes it.

d F = sum over the variables V and their entries of dF/dV_ab dV_ab
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tensorderiv.algebra import build
from tensorderiv.algebra.expression import Derivative, Element, Expr, Tensor
from tensorderiv.algebra.index import Index
from tensorderiv.checker import tree as t
from tensorderiv.checker.meaning import references, sums
from tensorderiv.checker.meaning.array import Array
from tensorderiv.checker.meaning.problems import Inexpressible
from tensorderiv.checker.meaning.scope import Scope

if TYPE_CHECKING:
    from tensorderiv.checker.meaning.elaborator import Elaborator


def partial(e: Elaborator, node: t.Partial, scope: Scope) -> Array:
    """The derivative of the body by the variables, the last one first."""
    body = e.array(node.body, scope)
    for variable in reversed(node.variables):
        body = _by(e, body, variable, node.sign, scope)
    if node.sign == "nabla" and len(node.variables) > 1 and not body.order:
        raise Inexpressible("the second derivatives by a number, which may be one of several")
    if node.sign == "laplacian":
        if body.order != 2:
            raise Inexpressible("a Laplacian of what is no function of one vector")
        return e.axes.trace(body)
    return body


def _by(e: Elaborator, body: Array, variable: t.Node, sign: str, scope: Scope) -> Array:
    turned = isinstance(variable, t.Transpose)
    element, axes = variable_of(e, variable.body if isinstance(variable, t.Transpose) else variable, scope)
    expr = Derivative(body.expr, element)
    by = Array(element, axes)
    if turned and len(axes) != 1:
        raise Inexpressible("a derivative by the transpose of a matrix")
    if not axes:
        return sums.contracted(e, (body, by), Array(expr, body.axes, body.row), scope)
    layout = e.options.layout or e.case.layout
    if layout == "row" and sign != "partial":
        layout = "denominator"  # where df/dx is a row, the gradient is the column that it is the transpose of
    first = body.axes + axes
    if body.order == 1 and not turned and (layout in ("denominator", "variable") or body.row):
        first = axes + body.axes
    elif not body.order and layout == "numerator":
        first = axes[::-1]
    row = not body.order and len(axes) == 1 and (turned or layout in ("numerator", "row"))
    return sums.contracted(e, (body, by), Array(expr, first, row), scope)


def variable_of(e: Elaborator, node: t.Node, scope: Scope) -> tuple[Element, tuple[Index, ...]]:
    """The entry that a derivative is taken by, and the axes of a variable that is an array."""
    while isinstance(node, t.Group):
        node = node.body
    match node:
        case t.Name(name=name):
            subscripts: tuple[t.Node, ...] = ()
        case t.Component(body=t.Name(name=name), subscripts=subscripts):
            pass
        case _:
            raise Inexpressible("a derivative by something that is no name", hint="take it by a name or by one of its entries")
    tensor = _variable_tensor(e, name, len(subscripts), scope)
    if tensor is None:
        raise Inexpressible(f"a derivative by {name}, which is no array of the derivation")
    places = []
    for sub, extent in zip(subscripts, tensor.extents, strict=False):
        value, condition = references.subscript(e, sub, extent, scope)
        if condition is not None:
            raise Inexpressible("a derivative by an entry at a computed place")
        places.append(value)
    if len(subscripts) > tensor.order:
        raise Inexpressible(f"{len(subscripts)} subscripts on {name}, which has {tensor.order}")
    axes = tuple(e.axes.fresh(extent) for extent in tensor.extents[len(subscripts) :])
    return Element(tensor, (*places, *axes)), axes


def _variable_tensor(e: Elaborator, name: str, count: int, scope: Scope) -> Tensor | None:
    defined = e.defined.get((name, count))
    if count and defined is not None and defined.tensor is not None:
        return references.tensor_of(e, name, scope) or defined.tensor
    return references.tensor_of(e, name, scope)


def differential(e: Elaborator, node: t.Differential, scope: Scope) -> Array:
    """d body. Of a variable itself it is its direction, a free array of the same shape."""
    bare = node.body
    while isinstance(bare, t.Group):
        bare = bare.body
    if isinstance(bare, t.Component) and isinstance(bare.body, t.Name):
        inner = differential(e, t.Differential(bare.body), scope)
        return sums.repeated(e, references.entries(e, inner, bare.subscripts, scope), scope)
    if isinstance(bare, t.Name) and not bare.args:
        written = e.defined.get((f"d{bare.name}", 0))
        if written is not None:
            return references.of_definition(e, written, (), scope)
    body = e.array(node.body, scope)
    if not e.varying:
        raise Inexpressible("a differential, and nothing says which names vary", hint="name the variable (wrt)")
    if isinstance(body.expr, Element) and body.expr.tensor in e.varying and body.expr.subscripts == body.axes:
        return Array(Element(direction(e, body.expr.tensor), body.axes), body.axes, body.row)
    terms: list[Expr] = []
    for tensor in e.varying:
        places = tuple(e.axes.fresh(extent) for extent in tensor.extents)
        moved = build.mul(Derivative(body.expr, Element(tensor, places)), Element(direction(e, tensor), places))
        terms.append(build.total(places, moved))
    return Array(build.add(*terms), body.axes, body.row)


def direction(e: Elaborator, tensor: Tensor) -> Tensor:
    """The free array that dX is; one for each variable."""
    found = e.directions.get(tensor.name)
    if found is None:
        spelling = f"d{tensor.name}"
        entity = e.declared.entities.get(spelling)
        known = getattr(entity, "tensor", None)
        found = known if known is not None and known.extents == tensor.extents else e.declared.input(spelling, tensor.extents)
        e.directions[tensor.name] = found
    return found


def evaluated(e: Elaborator, node: t.Evaluated, scope: Scope) -> Array:
    """The body where a name has a value: the name is a quantity with that value, by which derivatives may still be taken.

    What is defined by the name is read again, with that value in its place.
    """
    if not isinstance(node.name, t.Name):
        raise Inexpressible("an evaluation at something that is no name")
    value = e.array(node.value, scope)
    if sums.loose_letters(value):
        raise Inexpressible(f"an evaluation at a value of {node.name.name} that depends on an index")
    tensor = references.tensor_of(e, node.name.name, scope)
    if tensor is not None and tensor.extents != value.extents and not value.order:
        axes = tuple(e.axes.fresh(extent) for extent in tensor.extents)
        value = Array(value.expr, axes)
    moved = e.quantity(value, node.name.name)
    return e.array(node.body, scope.moving(node.name.name, moved))
