"""Two definitions in one set of names, so that their gradients may stand in one expression.

A definition over rows, D_ij of X_i and X_j, is taken as a function of two vectors x and y, where it is one: what is compared then
is the gradient by a point. Names that mean something else in the second definition get a prime.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from tensorderiv.algebra.expression import Element, Expr, MatrixFunction, Tensor
from tensorderiv.algebra.index import Extent, Index, fresh
from tensorderiv.algebra.program import Domain, Program, Statement
from tensorderiv.algebra.traverse import index_names, rewrite
from tensorderiv.auditor.specialise import Slot, slots, specialised
from tensorderiv.definition import Definition
from tensorderiv.errors import DomainProblem, ExtentMismatch, IndexProblem, NameProblem

POINTS = ("x", "y")


@dataclass(frozen=True)
class Together:
    """Both programs, and the variable that each is differentiated by. `points` are the vectors of a function of points."""

    programs: tuple[Program, Program]
    variables: tuple[Element, Element]
    points: tuple[str, ...] = ()


def together(left: Definition, right: Definition, wrt: str | None, sphere: bool) -> Together:
    """Both definitions in one set of names. On the sphere what is differentiated by, and all of its kind, are unit rows.

    Raises NameProblem where they share no input to differentiate by, ExtentMismatch where that has another order in each,
    DomainProblem where it has a domain of its own and is put on the sphere.
    """
    name = left.variable(wrt).tensor.name
    first, second = left.program, right.program
    points: tuple[str, ...] = ()
    if (found := _as_points(left.program, right.program, name)) is not None:
        first, second, points, name = found
    for side, program in (("first", first), ("second", second)):
        item = program.input(name)
        if item is None or item.tensor.integer:
            known = ", ".join(item.tensor.name for item in program.inputs) or "none"
            raise NameProblem(f"the {side} definition has no real input {name}", hint=f"its inputs are {known}")
    orders = [_tensor(program, name).order for program in (first, second)]
    if orders[0] != orders[1]:
        raise ExtentMismatch(f"{name} has order {orders[0]} in the first definition and {orders[1]} in the second")
    if sphere:
        first, second = (_on_sphere(program, name) for program in (first, second))
    first, second = _apart(first, second)
    letters = "l" if points else ""
    taken = {letter for program in (first, second) for letter in _letters(program)}
    chosen = left.variable(wrt).subscripts if wrt is not None and not points else ()
    variables = tuple(_variable(_tensor(program, name), letters, taken, chosen) for program in (first, second))
    return Together((first, second), (variables[0], variables[1]), points)


def _as_points(left: Program, right: Program, wrt: str) -> tuple[Program, Program, tuple[str, ...], str] | None:
    """Both as functions of the same one or two vectors; None where one of them is something else."""
    first, second = _vectors(left), _vectors(right)
    if first is None or second is None or len(first) != len(second):
        return None
    place = next((place for place, slot in enumerate(first) if slot.name == wrt), None)
    if place is None:
        return None
    named, others = (tuple(slot.name for slot in found) for found in (first, second))
    if not left.output.indices and not right.output.indices and set(named) == set(others):
        return _named(left, first, named), _named(right, second, others), named, wrt
    names = POINTS[: len(first)]
    return _named(left, first, names), _named(right, second, names), names, names[place]


def _vectors(program: Program) -> tuple[Slot, ...] | None:
    """The one or two real vectors of one length that a definition is a function of, besides parameters of other shapes."""
    with suppress(IndexProblem):
        over_rows = bool(program.output.indices)
        real = [slot for slot in slots(program) if not slot.item.tensor.integer and len(slot.extents) == 1]
        found = [slot for slot in real if bool(slot.rows) == over_rows]
        if 1 <= len(found) <= 2 and len({slot.extents for slot in found}) == 1 and all(len(slot.rows) < 2 for slot in found):
            return tuple(found)
    return None


def _named(program: Program, points: tuple[Slot, ...], names: tuple[str, ...]) -> Program:
    called = dict(zip(points, names, strict=True))
    clash = {slot.name for slot in slots(program) if slot not in called} & set(names)
    if clash:
        raise NameProblem(f"{program.name} has a parameter {', '.join(sorted(clash))}, which names a point", hint="rename it")
    own = [statement.tensor.name for statement in program.statements]
    aside = {name: _primed(name, set(own) | set(names) | program.names) for name in own if name in names}
    moved = renamed(program, aside)
    return specialised(moved, [called.get(slot, slot.name) for slot in slots(moved)])


def _on_sphere(program: Program, name: str) -> Program:
    """The variable, and every undeclared tensor with rows of that length, as unit rows."""
    tensor = _tensor(program, name)
    if not tensor.order:
        raise DomainProblem(f"{name} is a number: only rows lie on a sphere", hint="differentiate by a tensor")
    inputs = []
    for item in program.inputs:
        alike = item.tensor.order and item.tensor.extents[-1] == tensor.extents[-1] and not item.tensor.integer
        if item.tensor.name == name and item.domain not in (Domain(), Domain("sphere")):
            raise DomainProblem(f"{name} is declared {item.domain.kind}", hint="drop the declaration, or --in sphere")
        inputs.append(replace(item, domain=Domain("sphere")) if alike and item.domain == Domain() else item)
    return replace(program, inputs=tuple(inputs))


def _apart(first: Program, second: Program) -> tuple[Program, Program]:
    """No name is a quantity here and an input there, and names of both mean the same in both."""
    taken = first.names | second.names
    given = {item.tensor.name for item in second.inputs}
    first = renamed(first, {s.tensor.name: _primed(s.tensor.name, taken) for s in first.statements if s.tensor.name in given})
    for statement in second.statements:
        name = statement.tensor.name
        now = next(s for s in second.statements if s.tensor.name == name)
        if name in first.names and now != first.statement(name):
            second = renamed(second, {name: _primed(name, first.names | second.names)})
    return first, second


def _primed(name: str, taken: set[str] | frozenset[str]) -> str:
    while name in taken:
        name += "'"
    return name


def renamed(program: Program, names: Mapping[str, str]) -> Program:
    """The program with some of its named quantities called otherwise."""
    if not names:
        return program

    def tensor(old: Tensor) -> Tensor:
        return replace(old, name=names.get(old.name, old.name))

    def change(node: Expr) -> Expr:
        match node:
            case Element(old, subscripts) if old.name in names:
                return Element(tensor(old), subscripts)
            case MatrixFunction(function, old, subscripts) if old.name in names:
                return MatrixFunction(function, tensor(old), subscripts)
        return node

    moved = tuple(Statement(tensor(s.tensor), s.indices, rewrite(s.body, change)) for s in program.statements)
    return replace(program, statements=moved)


def _tensor(program: Program, name: str) -> Tensor:
    found = program.input(name)
    assert found is not None
    return found.tensor


def _letters(program: Program) -> set[str]:
    found = {name for s in program.statements for name in index_names(s.body) | index_names(s.element)}
    return found | set(program.names)


def _variable(tensor: Tensor, letters: str, taken: set[str], chosen: tuple[object, ...]) -> Element:
    """The input with letters that neither definition uses; those chosen, where they are free."""
    wanted = [index.name for index in chosen if isinstance(index, Index)] or list((letters or "klmopq") * tensor.order)
    found: list[Index] = []
    for letter, extent in zip(wanted, tensor.extents, strict=False):
        found.append(_free(letter, extent, taken | {index.name for index in found}))
    return Element(tensor, tuple(found))


def _free(letter: str, extent: Extent, taken: set[str]) -> Index:
    index = Index(letter, extent)
    return fresh(index, taken) if letter in taken else index
