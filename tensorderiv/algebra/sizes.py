"""Arrays for the inputs of a program: presence, order, extents, labels, and the sizes read off them."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorderiv.algebra.expression import MatrixFunction, Tensor
from tensorderiv.algebra.index import Extent
from tensorderiv.algebra.program import Input, Program
from tensorderiv.algebra.traverse import walk
from tensorderiv.errors import DomainProblem, ExtentMismatch, NameProblem


def sizes_of(program: Program, arrays: Mapping[str, Any]) -> dict[str, int]:
    """The value of each symbolic extent, read off the arrays; an extent given by name (n=5) must agree with them.

    Raises NameProblem for a missing or unknown input and for an extent that no array shows, ExtentMismatch where an array has
    the wrong order or two axes disagree, DomainProblem for labels outside their range.
    """
    return bind(program, arrays)[1]


def bind(program: Program, arrays: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, int]]:
    """The inputs as arrays (defaults filled in) and the sizes. See `sizes_of` for the errors."""
    _check_matrices(program)
    extents = _symbolic_extents(program)
    known = [item.tensor.name for item in program.inputs]
    for name in arrays:
        if name not in known and name not in extents:
            close = difflib.get_close_matches(name, known, 1)
            hint = f"did you mean {close[0]}?" if close else f"the inputs are {', '.join(known) or 'none'}"
            raise NameProblem(f"{program.name} has no input {name}", hint=hint)
    bound = {item.tensor.name: _array_of(item, arrays, program) for item in program.inputs}
    sizes = {name: int(arrays[name]) for name in extents if name in arrays and name not in known}
    seen: dict[str, str] = {name: f"{name} = {size}" for name, size in sizes.items()}
    for item in program.inputs:
        tensor, shape = item.tensor, np.shape(bound[item.tensor.name])
        if len(shape) != tensor.order:
            raise ExtentMismatch(f"{tensor.name} has shape {shape}, but {program.name} uses it with {tensor.order} subscripts")
        for axis, (extent, size) in enumerate(zip(tensor.extents, shape, strict=True)):
            _agree(tensor.name, axis, extent, size, sizes, seen)
    for name in extents:
        if name not in sizes:
            problem = f"the extent {name} of {program.name} cannot be read off any input"
            raise NameProblem(problem, hint=f"give it by name: {name}=...")
    for item in program.inputs:
        if item.label_extent is not None:
            _check_labels(item, bound[item.tensor.name], sizes)
    return bound, sizes


def check_square(tensor: Tensor) -> None:
    """What an inverse or a determinant is taken of has two axes of one extent; else ExtentMismatch.

    >>> check_square(Tensor("A", ("n", "d")))
    Traceback (most recent call last):
    tensorderiv.errors.ExtentMismatch: an inverse or a determinant needs a square matrix, but the extents of A are n and d; ...
    """
    if tensor.order != 2:
        raise ExtentMismatch(f"an inverse or a determinant needs a matrix, but {tensor.name} has {tensor.order} axes")
    rows, columns = tensor.extents
    if rows != columns:
        problem = f"an inverse or a determinant needs a square matrix, but the extents of {tensor.name} are {rows} and {columns}"
        raise ExtentMismatch(problem, hint=f"give both axes of {tensor.name} one extent")


def _check_matrices(program: Program) -> None:
    for statement in program.statements:
        for node in walk(statement.body):
            if isinstance(node, MatrixFunction):
                check_square(node.matrix)


def _symbolic_extents(program: Program) -> tuple[str, ...]:
    """The named extents of inputs and named quantities, in order of appearance."""
    found: dict[str, None] = {}
    for item in program.inputs:
        found.update({extent: None for extent in item.tensor.extents if isinstance(extent, str)})
        if isinstance(item.label_extent, str):
            found[item.label_extent] = None
    for statement in program.statements:
        found.update({index.extent: None for index in statement.indices if isinstance(index.extent, str)})
    return tuple(found)


def _array_of(item: Input, arrays: Mapping[str, Any], program: Program) -> Any:
    name = item.tensor.name
    if name not in arrays:
        if item.default is not None:
            return item.default
        what = "scalar" if item.tensor.order == 0 else "tensor"
        raise NameProblem(f"{program.name} needs the {what} {name}, which was not given", hint=f"pass {name}=...")
    return arrays[name]


def _agree(name: str, axis: int, extent: Extent, size: int, sizes: dict[str, int], seen: dict[str, str]) -> None:
    """Record the size of a symbolic extent, or compare it with what is known."""
    if isinstance(extent, int):
        if size != extent:
            raise ExtentMismatch(f"axis {axis} of {name} has size {size}, but its extent is {extent}")
        return
    if sizes.setdefault(extent, size) != size:
        raise ExtentMismatch(f"axis {axis} of {name} has size {size}, but {seen[extent]}", hint=f"both are the extent {extent}")
    seen.setdefault(extent, f"axis {axis} of {name} has size {size}")


def _check_labels(item: Input, array: Any, sizes: Mapping[str, int]) -> None:
    extent = item.label_extent
    assert extent is not None
    count = extent if isinstance(extent, int) else sizes[extent]
    labels: npt.NDArray[Any] = np.asarray(array)
    for place in np.ndindex(labels.shape):
        label = labels[place]
        if label != int(label) or not 0 <= label < count:
            where = f"[{', '.join(map(str, place))}]" if place else ""
            bounds = f"0 .. {count - 1} ({extent} = {count})"
            raise DomainProblem(f"the label {item.tensor.name}{where} = {label} is not among {bounds}")
