"""What the body of a tile reads, as arguments and as the identifiers of one lane."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tensorderiv.algebra.expression import Element, Size
from tensorderiv.algebra.traverse import walk
from tensorderiv.emit.names import Names
from tensorderiv.emit.tiles.text import Parameter, ParameterKind
from tensorderiv.lower.tile import Pairwise

OWN = "start stop S W out".split()
"""Identifiers that stand for the same thing in every tile."""

TAKEN = frozenset("_choice _lane _lane_unfused _local _ordered _ordered_unfused _panels _place _sign _width".split())
TAKEN |= frozenset(
    "acc chunk chunks block count d end first full half high i j k l last left low m p q r rows s spare w width".split()
)
TAKEN |= {f"{stem}{k}" for stem in ("acc", "c", "i", "j", "p", "r", "s") for k in range(8)}
"""Identifiers that the text of tiles uses itself."""


@dataclass(frozen=True)
class Reads:
    """Elements at (row, feature), (column, feature), (feature), scalars, and the extents that stand as numbers."""

    body: Pairwise
    rows: tuple[Element, ...]
    columns: tuple[Element, ...]
    features: tuple[Element, ...]
    scalars: tuple[Element, ...]
    extents: tuple[str, ...]

    def arguments(self, names: Names, packed: bool) -> tuple[Parameter, ...]:
        """The arguments in order; the tables of columns are packed or as they are."""
        rows = self._named("table", self.rows, names)
        tables = {p.name for p in rows}
        if packed:
            wished = [f"{names.of('tensor', e.tensor.name)}_panels" for e in self.columns]
            columns = [
                Parameter("panels", e.tensor.name, names.fresh(wish)) for e, wish in zip(self.columns, wished, strict=True)
            ]
        else:
            columns = [p for p in self._named("table", self.columns, names) if p.name not in tables]
        extents = [Parameter("extent", extent, names.of("extent", extent)) for extent in self.extents]
        features = self._named("vector", self.features, names)
        return *rows, *columns, *features, *self._named("scalar", self.scalars, names), *extents

    @staticmethod
    def _named(kind: ParameterKind, elements: Iterable[Element], names: Names) -> list[Parameter]:
        return [Parameter(kind, e.tensor.name, names.of("tensor", e.tensor.name)) for e in elements]

    def depth(self, names: Names) -> str:
        """The number of features: a literal where the program fixes it."""
        extent = self.body.feature.extent
        if isinstance(extent, int):
            return str(extent)
        for element in (*self.rows, *self.columns):
            return f"{names.of('tensor', element.tensor.name)}.shape[1]"
        for element in self.features:
            return f"{names.of('tensor', element.tensor.name)}.size"
        return names.of("extent", extent)


def reads_of(body: Pairwise) -> Reads:
    """Everything a body reads, in order of first use."""
    rows = body.reads(body.row, body.feature)
    columns = body.reads(body.column, body.feature)
    features = body.reads(body.feature)
    sizes = [n.extent for root in body.roots for n in walk(root) if isinstance(n, Size)]
    bare = not (rows or columns or features) and isinstance(body.feature.extent, str)
    extents = dict.fromkeys([*sizes, *([str(body.feature.extent)] if bare else [])])
    return Reads(body, rows, columns, features, body.scalars, tuple(extents))
