"""Sizes for the symbolic extents of a program: small, all different, and never below what literal subscripts need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import prod

from tensorderiv.algebra.expression import MatrixFunction, Node, Reduction
from tensorderiv.algebra.index import Extent, Index
from tensorderiv.algebra.program import Program
from tensorderiv.algebra.traverse import bound_indices, parts, subscripts_of, walk

SMALL = (5, 4, 3, 6, 2, 7)
"""Sizes in the order in which the extents appear: no two of the first few alike, so that a swapped axis shows."""

MOST_TUPLES = 20_000
"""Index tuples that the deepest nest of loops may have; above it the sizes are made smaller."""


TILES = (37, 29, 9, 5, 4)
"""Sizes past the blocks and vector lengths that kernels use, divisible by none of them."""

DENSE = 300_000
"""Entries the dense oracle may hold at those sizes; above it they are made smaller."""


def extents(program: Program) -> tuple[str, ...]:
    """The symbolic extents of the inputs, in order of appearance; those of the output first."""
    found: dict[str, None] = {}
    order: list[Extent] = [index.extent for index in program.output.indices]
    order += [extent for item in program.inputs for extent in item.tensor.extents]
    order += [item.label_extent for item in program.inputs if item.label_extent is not None]
    order += [index.extent for statement in program.statements for index in statement.indices]
    found.update({extent: None for extent in order if isinstance(extent, str)})
    return tuple(found)


def least(program: Program) -> dict[str, int]:
    """The least size of each extent: one more than the largest literal subscript, and 1."""
    need = dict.fromkeys(extents(program), 1)
    for statement in program.statements:
        for node in walk(statement.body):
            tensor = getattr(node, "tensor", getattr(node, "matrix", None))
            for sub, extent in zip(subscripts_of(node), tensor.extents if tensor else (), strict=False):
                if isinstance(sub, int) and isinstance(extent, str):
                    need[extent] = max(need[extent], sub + 1)
    return need


def row_extents(program: Program) -> frozenset[str]:
    """The extents that count points: those of the output, for a scalar that of the first axis of each tensor."""
    output = {index.extent for index in program.output.indices}
    if not output:
        output = {item.tensor.extents[0] for item in program.inputs if item.tensor.order > 1}
    return frozenset(extent for extent in output if isinstance(extent, str))


def small(program: Program) -> dict[str, int]:
    """The general sizes: 5, 4, 3, ...; smaller where a nest of loops would be long."""
    need = least(program)
    sizes = {name: max(need[name], size) for name, size in zip(need, (*SMALL, *(3,) * len(need)), strict=False)}
    while tuples(program, sizes) > MOST_TUPLES and any(sizes[name] > max(need[name], 2) for name in sizes):
        largest = max((name for name in sizes if sizes[name] > max(need[name], 2)), key=lambda name: sizes[name])
        sizes[largest] -= 1
    return sizes


def single(program: Program, names: frozenset[str]) -> dict[str, int]:
    """The small sizes with the named extents as small as they may be."""
    need = least(program)
    return {name: need[name] if name in names else size for name, size in small(program).items()}


def tuples(program: Program, sizes: Mapping[str, int]) -> int:
    """The number of index tuples in the deepest nest of loops of any statement."""
    return max(
        prod(_size(index, sizes) for index in statement.indices) * max(_nests(statement.body, sizes))
        for statement in program.statements
    )


def _nests(node: Node, sizes: Mapping[str, int]) -> Iterator[int]:
    yield 1
    own = prod(_size(index, sizes) for index in bound_indices(node)) if isinstance(node, Reduction) else 1
    if isinstance(node, MatrixFunction):
        yield _extent(node.matrix.extents[0], sizes) ** 3
    for part in parts(node):
        for nest in _nests(part, sizes):
            yield own * nest


def _size(index: Index, sizes: Mapping[str, int]) -> int:
    return _extent(index.extent, sizes)


def _extent(extent: Extent, sizes: Mapping[str, int]) -> int:
    return extent if isinstance(extent, int) else sizes[extent]


def tiles(program: Program) -> dict[str, int]:
    """Sizes for the large sample."""
    need = least(program)
    sizes = {name: max(need[name], size) for name, size in zip(need, (*TILES, *(3,) * len(need)), strict=False)}
    while tuples(program, sizes) > DENSE and max(sizes.values()) > 5:
        largest = max(sizes, key=lambda name: sizes[name])
        sizes[largest] = max(need[largest], sizes[largest] * 3 // 4)
        if sizes[largest] == need[largest]:
            break
    return sizes
