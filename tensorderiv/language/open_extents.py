"""Names for the extents that a text leaves open: from the letters that range over them, and from the same letter elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tensorderiv.algebra.expression import Expr
from tensorderiv.algebra.index import Extent, Index
from tensorderiv.algebra.traverse import bound_indices, subscripts_of, walk
from tensorderiv.language.elaborate import Elaborator, Symbol
from tensorderiv.language.naming import Axis, Naming, averages, factors_alone


def name_extents(scope: Elaborator, bodies: Sequence[Expr], declared: frozenset[str]) -> None:
    """Names for the extents that the text leaves open."""
    inputs = ordered_inputs(scope)
    axes = [
        Axis(item.name, number, len(item.extents), variable) for item in inputs for number, variable in enumerate(item.extents)
    ]
    letters: dict[int, list[str]] = {}
    indices: set[str] = set()
    for body in bodies:
        for letter, extent in index_uses(body):
            indices.add(letter)
            if isinstance(extent, str) and extent.startswith("?"):
                letters.setdefault(scope.extents.find(extent), []).append(letter)
    bare = frozenset(item.name for item in inputs if not item.extents and item.name not in declared)
    taken = {symbol.name for symbol in (*scope.symbols.values(), *scope.rows.values())} - bare | indices
    for name, variable in averages(bodies, bare - indices):
        if scope.extents.get(variable) is None and name not in scope.extents.names():
            scope.extents.fix(variable, name, f"the count {name} of an average", None)
    decided = [name for name in bare if scope.found.of(name).decided == 0]
    naming = Naming(scope.extents, axes, letters, bare - indices - factors_alone(bodies, bare, decided), taken)
    naming.run()
    for note in naming.notes:
        scope.note(note)
    same_letters(scope, letters)


def index_uses(body: Expr) -> Iterator[tuple[str, Extent]]:
    """Every index that occurs, bound or free, with its extent."""
    for node in walk(body):
        for index in bound_indices(node):
            yield index.name, index.extent
        for sub in subscripts_of(node):
            if isinstance(sub, Index):
                yield sub.name, sub.extent


def same_letters(scope: Elaborator, letters: dict[int, list[str]]) -> None:
    """An index that stands in no tensor (sum_i 1) ranges like the same letter elsewhere, when that is one extent."""
    by_letter: dict[str, dict[Extent, None]] = {}
    for root, found in letters.items():
        value = scope.extents.get(f"?{root}")
        if value is not None:
            for letter in found:
                by_letter.setdefault(letter, {})[value] = None
    for root, found in letters.items():
        if scope.extents.get(f"?{root}") is not None:
            continue
        for letter in found:
            known = list(by_letter.get(letter, {}))
            if len(known) == 1:
                scope.extents.fix(f"?{root}", known[0], f"the index {letter}", None)
                scope.note(f"the index {letter}, which stands in no tensor there, has the extent {known[0]} as elsewhere")
                break


def ordered_inputs(scope: Elaborator) -> list[Symbol]:
    """Rows of pair functions first, then as declared or first used."""
    rows = list(dict.fromkeys(symbol.name for symbol in scope.rows.values()))
    by_name = {symbol.name: symbol for symbol in scope.rows.values()}
    return [by_name[name] for name in rows] + [symbol for symbol in scope.symbols.values() if symbol.role == "input"]
