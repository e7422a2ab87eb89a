"""Names and their components: inputs, families, arrays given by a rule, definitions, calls of functions, subscripts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tensorderiv.algebra import build
from tensorderiv.algebra.expression import (
    Compare,
    Constant,
    Element,
    Expr,
    Position,
    Size,
    Subscript,
    Tensor,
)
from tensorderiv.algebra.index import Extent, Index
from tensorderiv.checker import tree as t
from tensorderiv.checker.meaning import sums, unspecified
from tensorderiv.checker.meaning.array import NO_SIZE, Array, shape_text
from tensorderiv.checker.meaning.names import Defined, Entity, Known, Rule, Unspecified, identifier
from tensorderiv.checker.meaning.problems import IllTyped, Inexpressible
from tensorderiv.checker.meaning.rules import by_rule, implied_identity, sized_identity
from tensorderiv.checker.meaning.scope import Scope

if TYPE_CHECKING:
    from tensorderiv.checker.meaning.elaborator import Elaborator

CONSTANTS = {r"\pi": "pi", "pi": "pi", "e": "e", r"\mathrm{e}": "e"}
DEEPEST = 40
"""Definitions that use one another deeper than this are refused."""


def name(e: Elaborator, node: t.Name, scope: Scope) -> Array:
    """The whole array of a name, or the value of a call."""
    spelling = node.name
    if spelling in scope.values:
        return applied(e, e.axes.copy(scope.values[spelling]), node, scope)
    if spelling in scope.moved:
        return whole(e, Known(scope.moved[spelling]), spelling)
    defined = _definition(e, spelling, len(node.args))
    if defined is not None:
        return of_definition(e, defined, node.args, scope)
    entity = e.declared.entities.get(spelling)
    if entity is not None:
        return unspecified.value(e, entity, node, scope) if isinstance(entity, Unspecified) else whole(e, entity, spelling)
    size = e.extent_as_number(spelling)
    if size is not None:
        return Array(size)
    index = e.index(spelling, scope)
    if index is not None:
        return Array(build.add(Position(index), build.ONE))
    if spelling in CONSTANTS:
        return Array(Constant(CONSTANTS[spelling]))
    if (identity := implied_identity(spelling, e.extent_as_number)) is not None:
        return whole(e, identity, spelling)
    raise Inexpressible(f"{spelling} is neither declared nor defined", hint=f"declare {spelling}, its shape or its value")


def applied(e: Elaborator, value: Array, node: t.Name, scope: Scope) -> Array:
    """A parameter that is called is multiplied by what stands in the brackets: x(1 - y)."""
    if len(node.args) == 1:
        return e.axes.product(value, e.array(node.args[0], scope))
    return value


def _definition(e: Elaborator, spelling: str, arguments: int = 0) -> Defined | None:
    """The definition of a name that stands without subscripts, called with so many arguments."""
    found = e.called.get((spelling, arguments)) or e.defined.get((spelling, 0))
    if found is None and spelling not in e.declared.entities:
        found = next((given for (known, _), given in e.defined.items() if known == spelling), None)
    return found


def of_definition(e: Elaborator, defined: Defined, args: Sequence[t.Node], scope: Scope) -> Array:
    """The array of a defined name; a function of parameters is read again with its arguments in their places."""
    definition = defined.definition
    if any(depends(e, defined, name) for name in (*scope.moved, *scope.values)):
        defined = replace(defined, tensor=None)
    if e.options.products and defined.tensor is not None and len(args) == 1 and not _are_parameters(args, definition):
        return e.axes.product(of_definition(e, defined, (), scope), e.array(args[0], scope))
    own = _are_parameters(args, definition) and scope.values.keys().isdisjoint(definition.parameters)
    if definition.parameters and args and not own:
        if len(args) != len(definition.parameters):
            raise Inexpressible(f"{definition.name} takes {len(definition.parameters)} arguments, and {len(args)} are given")
        values = {key: e.array(arg, scope) for key, arg in zip(definition.parameters, args, strict=True)}
        return again(e, defined, Scope().calling(values))
    if defined.tensor is None:
        return again(e, defined, scope)
    tensor = defined.tensor
    axes = tuple(e.axes.fresh(extent) for extent in tensor.extents)
    return Array(Element(tensor, axes), axes, defined.row)


def _are_parameters(args: Sequence[t.Node], definition: t.Definition) -> bool:
    """Whether the function is called with its own parameters, E(U, V), so that its value is the one defined."""
    return tuple(arg.name for arg in args if isinstance(arg, t.Name) and not arg.args) == definition.parameters


def depends(e: Elaborator, defined: Defined, name: str) -> bool:
    """Whether a name stands in the definition, or in one that it uses."""
    todo = [defined.definition]
    seen: set[str] = set()
    while todo:
        definition = todo.pop()
        names = {part.name for part in t.walk(definition.body) if isinstance(part, t.Name)} - seen
        if name in names:
            return True
        seen |= names
        todo += [other.definition for (spelling, _), other in e.defined.items() if spelling in names]
    return False


def again(e: Elaborator, defined: Defined, scope: Scope) -> Array:
    if e.depth > DEEPEST:
        raise Inexpressible(f"{defined.definition.name} is defined by itself")
    own = set(defined.definition.indices)
    inside = replace(scope, letters={letter: index for letter, index in scope.letters.items() if letter not in own})
    e.depth += 1
    try:
        found = e.open_array(defined.definition.body, inside)
    finally:
        e.depth -= 1
    indices = [e.index(letter, Scope()) for letter in defined.definition.indices]
    if not indices:
        return found
    if found.unsized:
        raise Inexpressible(NO_SIZE)
    axes = tuple(e.axes.fresh(index.extent) for index in indices if index is not None)
    before = tuple(index for index in indices if index is not None)
    return Array(Array(found.expr, before).at(*axes), axes + found.axes)


def whole(e: Elaborator, entity: Entity, spelling: str) -> Array:
    """All entries; a family as an array with its member axes first."""
    match entity:
        case Known(tensor):
            axes = tuple(e.axes.fresh(extent) for extent in tensor.extents)
            return Array(Element(tensor, axes), axes)
        case Rule(value="identity", extents=()):
            return Array(build.ONE, unsized=True)
        case Rule(extents=extents, family=family):
            axes = tuple(e.axes.fresh(extent) for extent in family + extents)
            return Array(by_rule(entity, axes[: len(family)], axes[len(family) :]), axes)
    raise Inexpressible(f"{spelling} is a function, and stands without an argument")


def component(e: Elaborator, node: t.Component, scope: Scope) -> Array:
    """Entries, rows or members: with fewer subscripts than axes an array of the rest."""
    body = node.body
    while isinstance(body, t.Group):
        body = body.body
    if isinstance(body, t.Name) and body.name not in scope.values and body.name not in scope.moved:
        found = _of_name(e, body, node.subscripts, scope)
        if found is not None:
            return sums.repeated(e, found, scope)
    return sums.repeated(e, entries(e, e.array(node.body, scope), node.subscripts, scope), scope)


def _of_name(e: Elaborator, body: t.Name, subscripts: tuple[t.Node, ...], scope: Scope) -> Array | None:
    """The component where a definition or a declaration speaks of so many subscripts; None: that of the whole array."""
    count = len(subscripts)
    entity = e.declared.entities.get(body.name)
    defined = e.defined.get((body.name, count)) if count else None
    if entity is None and defined is None and (body.name, 0) not in e.defined and e.index(body.name, scope) is None:
        entity = implied_identity(body.name, e.extent_as_number)
    if defined is not None and _fits(e, defined, entity, subscripts, scope):
        array = of_definition(e, defined, body.args, scope)
        return entries(e, array, subscripts, scope)
    if isinstance(entity, Rule):
        return _of_rule(e, entity, subscripts, scope)
    if entity is not None and not isinstance(entity, Unspecified):
        return entries(
            e, whole(e, entity, body.name), subscripts, scope, family=(isinstance(entity, Known) and entity.family) or 0
        )
    return None


def _fits(e: Elaborator, defined: Defined, entity: Entity | None, subscripts: tuple[t.Node, ...], scope: Scope) -> bool:
    """Whether the definition speaks of this component, and not the declaration: E_{lk} = E_{kl}^T beside E_{kl}."""
    if not isinstance(entity, Rule) or len(entity.family) != len(subscripts):
        return True
    letters = tuple(sub.name if isinstance(sub, t.Name) else None for sub in subscripts)
    return letters == defined.definition.indices


def _of_rule(e: Elaborator, rule: Rule, subscripts: tuple[t.Node, ...], scope: Scope) -> Array:
    named = rule.family
    if rule.value == "identity" and not rule.extents:
        rule = sized_identity([_extent_of(e, sub, scope) for sub in subscripts])
    if not named and rule.value in ("single_entry", "basis") and len(subscripts) == len(rule.extents):
        named = rule.extents
    allowed = (*named, *rule.extents)
    if len(subscripts) > len(allowed):
        raise Inexpressible(f"{len(subscripts)} subscripts where there are {len(allowed)} axes")
    places = [subscript(e, sub, extent, scope, check=False)[0] for sub, extent in zip(subscripts, allowed, strict=False)]
    extents = list(allowed)
    member = rule.value in ("single_entry", "basis")
    for number, place in enumerate(places):
        if isinstance(place, Index) and place.extent != allowed[number]:
            if not member or number >= len(named):
                raise IllTyped(f"the index {place} ranges over {place.extent}, the axis over {allowed[number]}")
            extents[len(named) + number] = place.extent  # E_{lk} is as long as k and l are
    rest = tuple(e.axes.fresh(extent) for extent in extents[len(places) :])
    every = (*places, *rest)
    return Array(by_rule(rule, every[: len(named)], every[len(named) :]), rest)


def _range_over(e: Elaborator, subscripts: Sequence[t.Node], extents: Sequence[Extent], scope: Scope) -> bool:
    """Whether the letters among the subscripts range over these extents."""
    found = [e.index(sub.name, scope) if isinstance(sub, t.Name) else None for sub in subscripts]
    return all(index is None or index.extent == extent for index, extent in zip(found, extents, strict=True))


def entries(e: Elaborator, array: Array, subscripts: Sequence[t.Node], scope: Scope, family: int = 0) -> Array:
    """The entries of an array at subscripts; one subscript of a matrix takes a row, or the column where only that fits."""
    if len(subscripts) > array.order:
        raise Inexpressible(f"{len(subscripts)} subscripts on {shape_text(array)}")
    chosen = list(range(len(subscripts)))
    if len(subscripts) == 1 and array.order == 2 and not family:
        index = e.index(subscripts[0].name, scope) if isinstance(subscripts[0], t.Name) else None
        if index is not None and index.extent == array.extents[1] != array.extents[0]:
            chosen = [1]
    if family and len(subscripts) == array.order and not _range_over(e, subscripts, array.extents, scope):
        turned = [*range(family, array.order), *range(family)]  # x_k^{(i)}: the member is named last
        if _range_over(e, subscripts, [array.extents[place] for place in turned], scope):
            chosen = turned
    values: dict[Index, Subscript] = {}
    conditions = []
    for place, sub in zip(chosen, subscripts, strict=True):
        axis = array.axes[place]
        value, condition = subscript(e, sub, axis.extent, scope)
        values[axis] = value
        if condition is not None:
            conditions.append((value, condition))
    rest = tuple(axis for axis in array.axes if axis not in values)
    expr = array.at(*(values.get(axis, axis) for axis in array.axes))
    for value, condition in conditions:
        assert isinstance(value, Index)
        expr = build.total([value], expr, condition)
    return Array(expr, rest, row=len(rest) == 1 and array.order > 1 and e.options.rows)


def subscript(e: Elaborator, node: t.Node, extent: Extent, scope: Scope, check: bool = True) -> tuple[Subscript, Compare | None]:
    """What stands at an axis of that extent; an expression such as i + 1 is a fresh index with the condition that says which."""
    while isinstance(node, t.Group):
        node = node.body
    match node:
        case t.Number(value=value):
            if value.denominator != 1 or value < 1:
                raise Inexpressible(f"the subscript {value}; places are counted from 1")
            if isinstance(extent, int) and value > extent:
                raise IllTyped(f"the subscript {value} on an axis of {extent}")
            return int(value) - 1, None
        case t.Name(name=letter, args=()) if e.index(letter, scope) is None and e.extent_as_number(letter) == _size(extent):
            pass  # x_n, the last of n
        case t.Name(name=letter, args=()) if letter not in e.declared.entities or letter in scope.letters:
            index = e.index(letter, scope) or Index(identifier(letter), extent)
            if check and index.extent != extent:
                raise IllTyped(f"the index {letter} ranges over {index.extent}, the axis over {extent}")
            return index, None
        case t.Name() | t.Component():
            label = e.array(node, scope)
            if isinstance(label.expr, Element) and label.expr.tensor.integer and not label.order:
                e.declared.ranges_over(label.expr.tensor, extent)
                return label.expr, None
    fresh = e.axes.fresh(extent)
    place = build.add(Position(fresh), build.ONE)
    return fresh, Compare("=", place, e.written_value(node, scope))


def _size(extent: Extent) -> Expr:
    return Size(extent) if isinstance(extent, str) else build.number(extent)


def delta(e: Elaborator, left: t.Node, right: t.Node, scope: Scope) -> Expr:
    """The Kronecker delta; an undeclared letter has the extent of the other."""
    known = [_extent_of(e, side, scope) for side in (left, right)]
    extent = next((found for found in known if found is not None), None)
    if extent is None:
        if isinstance(left, t.Number) and isinstance(right, t.Number):
            return build.ONE if left.value == right.value else build.ZERO
        raise Inexpressible("a Kronecker delta of letters that nothing else declares")
    sides, conditions = [], []
    for node, own in zip((left, right), known, strict=True):
        value, condition = subscript(e, node, extent if own is None else own, scope, check=False)
        sides.append(value)
        conditions += [(value, condition)] if condition is not None else []
    found = build.delta(*sides)
    for value, condition in conditions:
        assert isinstance(value, Index)
        found = build.total([value], found, condition)
    return found


def _extent_of(e: Elaborator, node: t.Node, scope: Scope) -> Extent | None:
    if isinstance(node, t.Name):
        index = e.index(node.name, scope)
        return index.extent if index is not None else None
    return None


def tensor_of(e: Elaborator, spelling: str, scope: Scope) -> Tensor | None:
    """The tensor that a name stands for as a whole, if it is one; an alias x of y is y."""
    if spelling in scope.moved:
        return scope.moved[spelling]
    if spelling in scope.values:
        value = scope.values[spelling]
        return value.expr.tensor if isinstance(value.expr, Element) and value.expr.subscripts == value.axes else None
    defined = _definition(e, spelling)
    if defined is not None:
        if defined.tensor is None:
            return None
        statement = next(s for s in e.every_statement if s.tensor == defined.tensor)
        body = statement.body
        if isinstance(body, Element) and body.subscripts == statement.indices:
            return body.tensor
        return defined.tensor
    entity = e.declared.entities.get(spelling)
    return entity.tensor if isinstance(entity, Known) else None
