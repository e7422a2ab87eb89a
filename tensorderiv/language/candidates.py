"""The bare names of matrix algebra that nobody declared, and what each may be: a matrix, a vector, a number, J, I, E_kl, e_k."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from tensorderiv.language import signs
from tensorderiv.language import surface as s
from tensorderiv.language.guess import Survey
from tensorderiv.language.reductions import CONVENTIONAL
from tensorderiv.language.statements import Definition

Reading: TypeAlias = int | str
"""A number of indices, or the constant that a name is: ones, identity, entry, basis."""

CONSTANTS = {"J": "ones", "I": "identity"}
SINGLES = {"E": ("entry", 2), "e": ("basis", 1)}
VECTOR, GREEK, NUMBER, UNUSUAL = 1, 7, 12, 30
"""What it costs to read a small letter as a vector, a Greek one as a vector, a capital as a number, or a name as what it
does not look like at all: that is never taken without a declaration."""


@dataclass(frozen=True)
class Text:
    """What infer needs to know of a text."""

    definitions: Sequence[Definition]
    found: Survey
    fixed: dict[str, int]  # declared names and their numbers of indices
    sizes: frozenset[str]
    closed: bool = True
    bound: tuple[str, ...] = ()


def open_names(text: Text) -> frozenset[str]:
    """Names that stand bare wherever they stand, and that nobody declares, defines or binds."""
    defined = {item.name for item in text.definitions}
    parameters = {name for item in text.definitions for name, _ in item.parameters or ()}
    closed = set(text.fixed) | defined | parameters | text.found.subscript_names | text.sizes | set(text.bound)
    closed |= {"pi", "infty", "inf"}
    if not any(node.name == "T" for item in text.definitions for node in references(item)):
        closed.add("T")
    return frozenset(
        name
        for name, uses in text.found.uses.items()
        if uses.total
        and uses.decided is None
        and name not in closed
        and not uses.gathers
        and not (uses.plain | uses.vector | uses.bars) - {0}
    )


def options(name: str, text: Text) -> list[tuple[int, Reading]]:
    """The readings of a name, each with its cost."""
    uses = text.found.of(name)
    if name in CONSTANTS:
        return [(0, CONSTANTS[name]), (NUMBER, 0)]
    if name in SINGLES:
        counts = uses.plain | uses.vector | uses.bars
        if counts != {0}:
            return [(0, SINGLES[name][0]), (1, uses.order(name))]
    if signs.is_capital(name):
        return [(0, 2), (NUMBER, 0), (UNUSUAL, 1)]
    if uses.bold:
        return [(0, 1), (NUMBER, 0), (UNUSUAL, 2)]
    return [(0, 0), (GREEK if signs.is_greek(name) else VECTOR, 1), (UNUSUAL, 2)]


def singles(text: Text) -> frozenset[str]:
    """E and e when every use has the subscripts of E_kl and e_k, and nobody declares or defines them."""
    taken = set(text.fixed) | {item.name for item in text.definitions} | text.found.subscript_names | set(text.bound)
    return frozenset(
        name
        for name, (_, count) in SINGLES.items()
        if name in text.found.uses
        and name not in taken
        and text.found.uses[name].total
        and text.found.uses[name].plain | text.found.uses[name].vector | text.found.uses[name].bars == {count}
    )


def sized(text: Text) -> dict[str, str]:
    """I_n, J_n, J_nd: constants whose subscripts are all sizes, wherever they stand."""
    sizes: dict[str, bool] = {}
    for item in text.definitions:
        bound = {*text.bound, *(sub.name for sub in item.subscripts if isinstance(sub, s.Ref))}
        for side in item.sides:
            for node in signs.nodes(side):
                if isinstance(node, s.Reduce):
                    bound |= {part.name for part in signs.nodes(node.bounds) if isinstance(part, s.Ref)}
        known = text.sizes | (frozenset(CONVENTIONAL) if text.closed else frozenset())
        for node in references(item):
            if node.name in CONSTANTS:
                subscripts = node.subscripts or ()
                fits = 0 < len(subscripts) <= (1 if CONSTANTS[node.name] == "identity" else 2)
                fits = fits and all(isinstance(sub, s.Ref) and sub.name in known - bound for sub in subscripts)
                sizes[node.name] = sizes.get(node.name, True) and fits
    taken = set(text.fixed) | {item.name for item in text.definitions} | text.found.subscript_names
    return {name: CONSTANTS[name] for name, fits in sizes.items() if fits and name not in taken}


def constants(text: Text) -> dict[str, str]:
    """J and I where they stand bare, E and e where they have their subscripts, unless the text or the program knows them."""
    taken = set(text.fixed) | {item.name for item in text.definitions} | text.found.subscript_names | set(text.bound)
    uses = {name: found for name, found in text.found.uses.items() if found.total and name not in taken}
    bare = {name: CONSTANTS[name] for name in CONSTANTS if name in uses and not (uses[name].plain | uses[name].vector) - {0}}
    return bare | {name: SINGLES[name][0] for name in sorted(singles(text))}


def references(item: Definition) -> Iterator[s.Ref]:
    """All names in a statement, but for the T of A^-T."""
    for side in item.sides:
        skipped: set[int] = set()
        for node in signs.nodes(side):
            match node:
                case s.Power(_, _, s.Sum(_, ((-1, s.Ref(_, "T", None) as sign),))):
                    skipped.add(id(sign))
                case s.Ref() if id(node) not in skipped:
                    yield node
