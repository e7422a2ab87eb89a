"""Which inputs of a program are arguments of which kind, and what must hold for them."""

from __future__ import annotations

from collections.abc import Iterable

from tensorderiv.algebra.expression import ArgReduction, Element, MatrixFunction, Subscript, Tensor
from tensorderiv.algebra.index import Extent
from tensorderiv.algebra.program import Input, Program
from tensorderiv.algebra.traverse import walk
from tensorderiv.emit.names import identifier


def array_inputs(program: Program) -> list[Input]:
    """Arrays and labels, in the order of the declarations."""
    return [item for item in program.inputs if item.tensor.order or item.tensor.integer]


def scalar_inputs(program: Program) -> list[Input]:
    """Real parameters."""
    return [item for item in program.inputs if not item.tensor.order and not item.tensor.integer]


def real_arrays(program: Program) -> list[str]:
    """The names of the real arrays: what a gradient is taken by when nothing is said."""
    return [item.tensor.name for item in program.inputs if item.tensor.order and not item.tensor.integer]


def real_inputs(program: Program) -> list[str]:
    """Everything a gradient can be taken by."""
    return [item.tensor.name for item in program.inputs if not item.tensor.integer]


def extents_of(program: Program) -> tuple[str, ...]:
    """The symbolic extents of the inputs, in order of first occurrence."""
    found: dict[str, None] = {}
    for item in program.inputs:
        for extent in item.tensor.extents:
            if isinstance(extent, str):
                found[extent] = None
    return tuple(found)


def fresh_name(wishes: Iterable[str], taken: Iterable[str]) -> str:
    """The first wish nobody has."""
    used = {identifier(name) for name in taken} | set(taken)
    candidates = list(wishes)
    candidates += [f"{candidates[0]}{number}" for number in range(2, 1000)]
    return next(name for name in candidates if name not in used)


def _subscripted(program: Program) -> Iterable[tuple[Tensor, int, Subscript]]:
    for statement in program.statements:
        for node in walk(statement.body):
            if isinstance(node, Element):
                for axis, subscript in enumerate(node.subscripts):
                    yield node.tensor, axis, subscript
            elif isinstance(node, MatrixFunction):
                for axis, subscript in enumerate(node.subscripts):
                    yield node.matrix, axis, subscript


def label_extents(program: Program) -> dict[str, tuple[Extent, ...]]:
    """For each label array that stands as an index, the extents it must lie in."""
    found: dict[str, dict[Extent, None]] = {}
    for item in program.inputs:
        if item.tensor.integer and item.label_extent is not None:
            found.setdefault(item.tensor.name, {})[item.label_extent] = None
    for tensor, axis, subscript in _subscripted(program):
        if isinstance(subscript, Element):
            found.setdefault(subscript.tensor.name, {})[tensor.extents[axis]] = None
    return {identifier(name): tuple(extents) for name, extents in found.items()}


def least_extents(program: Program) -> dict[str, int]:
    """The sizes that literal subscripts need: x[3] needs 4. The place of a maximum needs one candidate."""
    found: dict[str, int] = {}
    for tensor, axis, subscript in _subscripted(program):
        extent = tensor.extents[axis]
        if isinstance(extent, str):
            if isinstance(subscript, int):
                found[extent] = max(found.get(extent, 0), subscript + 1)
            elif isinstance(subscript, ArgReduction):
                found[extent] = max(found.get(extent, 0), 1)
    return found
