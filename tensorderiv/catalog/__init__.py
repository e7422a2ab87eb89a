"""The catalogue: definitions people use, read from small text files. The engine knows none of their names.

>>> import tensorderiv as td
>>> "sqeuclidean" in td.catalog
True
>>> td.catalog.entry("l2").title
'Euclidean distance'
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from types import ModuleType
from typing import TYPE_CHECKING, cast

from tensorderiv.catalog import searching
from tensorderiv.catalog.reading import KINDS, Entry, read_folder
from tensorderiv.errors import NameProblem

if TYPE_CHECKING:
    from tensorderiv.definition import Definition

__all__ = ["KINDS", "Catalog", "Entry", "catalog"]


@cache
def _entries() -> dict[str, Entry]:
    return read_folder(files(__name__))


@cache
def _names() -> dict[str, str]:
    """Every name and alias -> the name of its entry."""
    return {name: entry.name for entry in _entries().values() for name in (entry.name, *entry.aliases)}


@cache
def _definition(name: str) -> Definition:
    from tensorderiv.definition import define  # reading a definition needs the engine; listing entries does not

    return define(_entries()[name].definition, name=name)


class Catalog(ModuleType, Mapping[str, "Definition"]):
    """Name or alias -> Definition, read when asked for. Iterating gives the names of the entries, not their aliases.

    This module is itself the catalogue (its class is set below): `tensorderiv.catalog` is the package's verb and the name of this
    folder, and whichever is imported first, `tensorderiv.catalog["cosine"]` must mean the same.
    """

    __hash__ = ModuleType.__hash__  # a Mapping has none, but tools keep modules in sets

    def __getitem__(self, name: str) -> Definition:
        return _definition(self.entry(name).name)

    def __iter__(self) -> Iterator[str]:
        return iter(_entries())

    def __len__(self) -> int:
        return len(_entries())

    def __contains__(self, name: object) -> bool:
        return name in _names()

    def entry(self, name: str) -> Entry:
        """What the catalogue knows of a name or alias, as data. Raises UnknownEntry with the nearest names."""
        if name not in _names():
            raise UnknownEntry(name)
        return _entries()[_names()[name]]

    def entries(self) -> tuple[Entry, ...]:
        """All entries, in the order of kinds, then of names."""
        return tuple(_entries().values())

    def search(self, text: str) -> dict[Entry, tuple[str, ...]]:
        """The entries whose name, alias, title or name in a package contains the text -> which of them do.

        >>> [entry.name for entry in catalog.search("taxicab")]
        ['cityblock']
        """
        return searching.search(self.entries(), text)

    def nearest(self, text: str) -> list[str]:
        """A few names that may have been meant by an unknown one."""
        return searching.nearest(self.entries(), text)


class UnknownEntry(NameProblem, KeyError):
    """No entry has that name: a NameProblem for people, a KeyError for `Mapping.get`."""

    def __init__(self, name: str) -> None:
        near = catalog.nearest(name)
        hint = f"did you mean {' or '.join(near)}?" if near else "`tensorderiv list` shows all names"
        NameProblem.__init__(self, f"the catalogue has no {name!r}", hint=hint)


sys.modules[__name__].__class__ = Catalog
catalog = cast(Catalog, sys.modules[__name__])
