"""From one pair of points to all pairs: put the slot indices back.

    f(x, y) = sum_p (x_p - y_p)^2,  x -> X_i, y -> Y_j   gives   D_ij = sum_p (X_ip - Y_jp)^2

A name that depends on the first point gets the index i, on the second j, on both i and j, on none nothing. This holds for every
statement of a slot program, its adjoint statements included; so the gradient of one pair becomes the Jacobian block J_ijl.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tensorderiv.algebra.expression import Element, Expr, Tensor
from tensorderiv.algebra.index import Index, fresh
from tensorderiv.algebra.program import Program, Statement
from tensorderiv.algebra.traverse import index_names, rewrite, tensors
from tensorderiv.lower.signature import PairForm, Slot


@dataclass(frozen=True)
class Place:
    """Where a slot index goes: into a point tensor at an axis, replacing it by the batch tensor."""

    batch: Tensor
    axis: int
    index: Index


def two_tensor(form: PairForm, slot: Program | None = None, full: str | None = None) -> Program:
    """The program over all pairs of rows of two tensors; `slot` defaults to the slot program itself.

    `full` names the statement that gets both slot indices whatever it depends on (default: the value of the pair).
    Returns a program whose inputs are the two batches and the further inputs, in the order of the definition.
    """
    program = form.slot if slot is None else slot
    first, second = form.first.batch(), form.second.batch(form.second_name)
    points = {form.first.point.name: (first, form.first), form.second.point.name: (second, form.second)}
    inputs = tuple(
        replace(item, tensor=points[item.tensor.name][0]) if item.tensor.name in points else item for item in program.inputs
    )
    return lift(replace(program, inputs=inputs), points, full or form.slot.output.tensor.name)


def lift(program: Program, points: Mapping[str, tuple[Tensor, Slot]], full: str) -> Program:
    """Put the slot indices back into every statement that depends on a point."""
    taken = {name for s in program.statements for name in index_names(s.body) | {i.name for i in s.indices}}
    letters: dict[str, Index] = {}
    places: dict[str, Place] = {}
    for name, (batch, slot) in points.items():
        index = fresh(slot.index, taken)
        taken.add(index.name)
        letters[name] = index
        places[name] = Place(batch, slot.axis, index)
    depends: dict[str, tuple[Index, ...]] = {}
    statements = []
    for statement in program.statements:
        used = tensors(statement.body)
        carried = {index for name in used for index in depends.get(name, (letters[name],) if name in letters else ())}
        slots = tuple(index for index in letters.values() if index in carried)
        if statement.tensor.name == full:
            slots = tuple(letters.values())
        depends[statement.tensor.name] = slots
        tensor = _lifted(statement.tensor, slots)
        body = rewrite(statement.body, lambda node: _put_back(node, places, depends))
        statements.append(Statement(tensor, slots + statement.indices, body))
    return replace(program, statements=tuple(statements))


def _lifted(tensor: Tensor, slots: Sequence[Index]) -> Tensor:
    return Tensor(tensor.name, tuple(index.extent for index in slots) + tensor.extents, tensor.integer)


def _put_back(node: Expr, places: Mapping[str, Place], depends: Mapping[str, tuple[Index, ...]]) -> Expr:
    if not isinstance(node, Element):
        return node
    if node.tensor.name in places:
        place = places[node.tensor.name]
        subscripts = list(node.subscripts)
        subscripts.insert(place.axis, place.index)
        return Element(place.batch, tuple(subscripts))
    slots = depends.get(node.tensor.name, ())
    return Element(_lifted(node.tensor, slots), slots + node.subscripts) if slots else node
