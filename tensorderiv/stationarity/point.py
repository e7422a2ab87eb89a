"""A point of a configuration: sizes, random values of what is free, and the arrays that follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorderiv.algebra.index import Extent
from tensorderiv.algebra.program import Input
from tensorderiv.errors import DomainProblem, NameProblem
from tensorderiv.relations.sampled import values
from tensorderiv.stationarity.configuration import Configuration
from tensorderiv.verify.draw import ASSUMPTIONS, Drawer, draw
from tensorderiv.verify.oracles import Oracle

Array = npt.NDArray[Any]

WIDTH = 3
"""The usual size of the last extent of what is given: the coordinates."""

COUNT = 5
"""The usual size of any other extent."""


@dataclass(frozen=True)
class Point:
    """Arrays for all inputs of the definition, the values of what is free, and the sizes."""

    arrays: Mapping[str, Array]
    free: Mapping[str, Array]
    sizes: Mapping[str, int]


def point_of(found: Configuration, wanted: Mapping[str, int]) -> Point:
    """A point at which the loss is finite. Raises NameProblem for an unknown size, DomainProblem where there is no such point."""
    sizes = sizes_of(found, wanted)
    for drawer in ASSUMPTIONS.values():
        rng = np.random.default_rng(0)
        free = {item.tensor.name: _drawn(item, sizes, rng, drawer) for item in found.free}
        arrays = dict(free)
        for place, statement in enumerate(found.given, start=1):
            made = values(found.given[:place], statement.element, statement.indices, free, sizes)
            arrays[statement.tensor.name] = made
        arrays = {item.tensor.name: arrays[item.tensor.name] for item in found.program.inputs}
        if np.isfinite(Oracle(found.program).value({**arrays, **_loose(found, sizes)})).all():
            return Point(arrays, free, sizes)
    raise DomainProblem(f"{found.program.output.element} is not finite at this configuration", hint="choose another one")


def sizes_of(found: Configuration, wanted: Mapping[str, int]) -> dict[str, int]:
    """The size of each extent, the usual one where none is wanted."""
    inputs = [*found.program.inputs, *found.free]
    extents = [extent for item in inputs for extent in (*item.tensor.extents, item.label_extent)]
    extents += [index.extent for statement in found.statements for index in statement.indices]
    known: list[str] = list(dict.fromkeys(extent for extent in extents if isinstance(extent, str)))
    for name, size in wanted.items():
        if name not in known:
            raise NameProblem(f"{found.program.name} has no extent {name}", hint=f"its extents are {', '.join(known) or 'none'}")
        if size < 1:
            raise DomainProblem(f"the size {name} = {size} is not positive")
    given = [item.tensor.extents for item in found.program.inputs if item.tensor.name in found.names and item.tensor.order > 1]
    coordinates: set[Extent] = {extents[-1] for extents in given}
    return {name: wanted.get(name, WIDTH if name in coordinates else COUNT) for name in known}


def _drawn(item: Input, sizes: Mapping[str, int], rng: np.random.Generator, drawer: Drawer) -> Array:
    if item.default is not None and not item.tensor.order:
        return np.asarray(float(item.default))
    shape = tuple(extent if isinstance(extent, int) else sizes[extent] for extent in item.tensor.extents)
    return np.asarray(draw(item, shape, sizes, rng, drawer))


def _loose(found: Configuration, sizes: Mapping[str, int]) -> dict[str, int]:
    """Sizes that no array shows."""
    shown = {extent for item in found.program.inputs for extent in item.tensor.extents}
    indices = {index.extent for statement in found.program.statements for index in statement.indices}
    return {name: size for name, size in sizes.items() if name not in shown and name in indices}
