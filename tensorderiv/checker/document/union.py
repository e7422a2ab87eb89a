"""Axes that have the same extent: a union of variables, each class with the size it was given."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from tensorderiv.algebra.index import Extent

Axis: TypeAlias = tuple[str, str, int]
"""An axis of a name ("axis", "X", 0), an index ("index", "i", 0), or one that was made on the way ("fresh", "", 7)."""


class Misfit(Exception):
    """Two sizes that must be one are not, or pieces do not fit. Internal: a reading that is given up."""


@dataclass
class Union:
    """Classes of axes. `merges`: pairs of sizes that had to be taken for one; without `lenient` that is a Misfit."""

    lenient: bool = False
    parent: dict[Axis, Axis] = field(default_factory=dict)
    sizes: dict[Axis, Extent] = field(default_factory=dict)
    merges: list[tuple[Extent, Extent]] = field(default_factory=list)

    def root(self, axis: Axis) -> Axis:
        path = []
        while (above := self.parent.get(axis, axis)) != axis:
            path.append(axis)
            axis = above
        for passed in path:
            self.parent[passed] = axis
        return axis

    def size(self, axis: Axis) -> Extent | None:
        return self.sizes.get(self.root(axis))

    def give(self, axis: Axis, size: Extent) -> None:
        root = self.root(axis)
        known = self.sizes.get(root)
        if known is None:
            self.sizes[root] = size
        elif known != size:
            self._merge(root, known, size)

    def join(self, one: Axis, other: Axis) -> None:
        a, b = self.root(one), self.root(other)
        if a == b:
            return
        size, second = self.sizes.get(a), self.sizes.get(b)
        if size is not None and second is not None and size != second:
            self._merge(a, size, second)
        self.parent[b] = a
        known = self.sizes.get(a)
        if known is None and second is not None:
            self.sizes[a] = second

    def _merge(self, root: Axis, known: Extent, size: Extent) -> None:
        if not self.lenient or (isinstance(known, int) and isinstance(size, int)):
            raise Misfit(f"{known} and {size}")
        self.merges.append((known, size))
        if isinstance(size, int):
            self.sizes[root] = size
