"""What is known of names while a line is read: declarations, definitions read so far, conventions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType

from tensorderiv.algebra.index import Extent
from tensorderiv.checker.case import Case, Layout, Product, Sums, Symbol
from tensorderiv.checker.reading.spelling import Names, normal
from tensorderiv.checker.tree import Definition


@dataclass(frozen=True)
class Vocabulary:
    r"""All names by their normalised spelling.

    `arguments`: how many arguments a defined or declared function takes; `local`: parameters of the definition being read.

    >>> from tensorderiv.checker.case import Case
    >>> known = Vocabulary.of_case(
    ...     Case(lines=("x",), symbols=(Symbol(r"{\bf x}", ("n",)),), indices={"i": "n"}, wrt="{\\bf x}_i")
    ... )
    >>> list(known.symbols), known.rank(r"\mathbf{x}"), known.rank("y")
    (['\\mathbf{x}'], 1, None)
    """

    symbols: Mapping[str, Symbol] = field(default_factory=dict)
    indices: Mapping[str, Extent] = field(default_factory=dict)
    extents: frozenset[str] = frozenset()
    definitions: tuple[Definition, ...] = ()
    local: tuple[str, ...] = ()
    wrt: str | None = None
    sums: Sums = "explicit"
    product: Product = "matrix"
    layout: Layout | None = None

    @classmethod
    def of_case(cls, case: Case) -> Vocabulary:
        """What the declarations of a case say. Raises: Unreadable for a name that is none."""
        sizes = [*case.extents, *case.indices.values(), *(size for symbol in case.symbols for size in symbol.shape)]
        return cls(
            symbols=MappingProxyType({normal(symbol.name): symbol for symbol in case.symbols}),
            indices=MappingProxyType({normal(name): extent for name, extent in case.indices.items()}),
            extents=frozenset(normal(size) for size in sizes if isinstance(size, str)),
            wrt=case.wrt,
            sums=case.sums,
            product=case.product,
            layout=case.layout,
        )

    def with_definition(self, definition: Definition) -> Vocabulary:
        """The same, knowing one definition more."""
        return replace(self, definitions=(*self.definitions, definition))

    def with_local(self, names: tuple[str, ...]) -> Vocabulary:
        """The same, knowing the parameters of a definition."""
        return replace(self, local=(*self.local, *names))

    @cached_property
    def names(self) -> Names:
        """Everything that can stand as a factor by itself."""
        return Names([*self.symbols, *(definition.name for definition in self.definitions), *self.local])

    @cached_property
    def letters(self) -> Names:
        """The indices."""
        return Names(self.indices)

    @cached_property
    def sizes(self) -> Names:
        """The extents, as numbers."""
        return Names(self.extents)

    @cached_property
    def arguments(self) -> Mapping[str, int]:
        """How many arguments the functions of the case take."""
        declared = {name: max(1, symbol.arity) for name, symbol in self.symbols.items() if symbol.value == "function"}
        return declared | {d.name: len(d.parameters) for d in self.definitions if d.parameters}

    def is_known(self, name: str) -> bool:
        return name in self.names

    def is_defined(self, name: str) -> bool:
        return any(definition.name == name for definition in self.definitions)

    def is_family(self, name: str) -> bool:
        """Do its subscripts name members: a declared family, or defined for every index?"""
        symbol = self.symbols.get(name)
        return bool(symbol and symbol.indices)

    def rank(self, name: str) -> int | None:
        """The number of subscripts down to numbers; None where only the meaning of a definition could tell."""
        symbol = self.symbols.get(name)
        if symbol is None or (self.is_defined(name) and not symbol.indices):
            return None
        return len(symbol.shape) + len(symbol.indices)
