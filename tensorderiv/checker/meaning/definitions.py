"""Definitions in order: each gives a quantity of the program, or a text that is read again at each use."""

from __future__ import annotations

from tensorderiv.algebra.expression import Tensor
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Statement
from tensorderiv.checker import tree as t
from tensorderiv.checker.meaning import sums
from tensorderiv.checker.meaning.array import Array
from tensorderiv.checker.meaning.elaborator import Elaborator
from tensorderiv.checker.meaning.names import Defined
from tensorderiv.checker.meaning.problems import IllTyped, Inexpressible
from tensorderiv.checker.meaning.scope import Scope


def define(e: Elaborator, definition: t.Definition) -> None:
    """Adds what the definition says to the names. Raises what reading the body raises, for a name without parameters.

    H(p) and H(p, q) are two functions.
    """
    _define(e, definition)
    if definition.parameters:
        e.called[definition.name, len(definition.parameters)] = e.defined[definition.name, len(definition.indices)]


def _define(e: Elaborator, definition: t.Definition) -> None:
    places = tuple(_index(e, letter, definition) for letter in definition.indices)
    key = (definition.name, len(places))
    inside = e.with_free(frozenset(definition.indices), closed=True)
    try:
        array = inside.open_array(definition.body, Scope())
    except (IllTyped, Inexpressible):
        if not definition.parameters:
            raise
        e.defined[key] = Defined(definition)
        return
    e.statements[:] = inside.statements
    if array.unsized or set(sums.loose_letters(array)) - set(places):
        e.defined[key] = Defined(definition)
        return
    e.defined[key] = quantity(e, definition, places, array)


def quantity(e: Elaborator, definition: t.Definition, places: tuple[Index, ...], array: Array) -> Defined:
    axes = places + array.axes
    tensor = Tensor(e.declared.name(definition.name), tuple(axis.extent for axis in axes))
    e.statements.append(Statement(tensor, axes, array.expr))
    return Defined(definition, tensor, len(axes), array.row and not places)


def _index(e: Elaborator, letter: str, definition: t.Definition) -> Index:
    found = e.index(letter, Scope())
    if found is None:
        raise Inexpressible(
            f"{letter} in the definition of {definition.name} is no declared index", hint=f"declare the index {letter}"
        )
    return found
