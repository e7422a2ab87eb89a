"""A page as data: everything that is told of an entry, in the order in which it is read."""

from __future__ import annotations

from dataclasses import dataclass

from tensorderiv.catalog import Entry
from tensorderiv.definition import Definition
from tensorderiv.errors import NameProblem
from tensorderiv.gallery.blocks import Code, Items, Part, Words
from tensorderiv.gallery.defining import defining
from tensorderiv.gallery.deriving import derivative_parts
from tensorderiv.gallery.facts import Facts
from tensorderiv.gallery.using import accuracy, importing, packages, speed

REQUIRED = ("definition", "domain", "kinks", "derivative", "import", "accuracy", "packages", "source")
"""The parts that every page has. Speed is told where it was measured, traps where there are any, aliases where it has some."""


@dataclass(frozen=True)
class Page:
    """What is told of an entry. Raises NameProblem where a required part is missing or says nothing."""

    entry: Entry
    parts: tuple[Part, ...]

    def __post_init__(self) -> None:
        there = {part.key for part in self.parts if part.blocks}
        missing = [key for key in REQUIRED if key not in there]
        if missing:
            raise NameProblem(f"the page of {self.entry.name} has no {', '.join(missing)}")


def page_of(entry: Entry, definition: Definition, facts: Facts) -> Page:
    """The page of an entry, from its file, its derivations, and what was measured of its kernel."""
    return Page(
        entry,
        (
            Part("definition", "Definition", defining(definition)),
            *_told("domain", "Domain", entry.domain),
            *_told("kinks", "Where it has no derivative", entry.kinks),
            *_told("note", "What to look out for", entry.note),
            *derivative_parts(definition),
            Part("import", "How to use it", (Code("python", importing(definition, facts)),)),
            Part("accuracy", "Accuracy", accuracy(entry.name, facts)),
            *([Part("speed", "Speed", speed(facts))] if facts.timed else []),
            Part("packages", "In other packages", packages(entry)),
            *(
                [Part("aliases", "Also called", (Items(tuple(f"`{alias}`" for alias in entry.aliases)),))]
                if entry.aliases
                else []
            ),
            *_told("source", "Source", entry.source),
            Part("reference", "Independent implementation", (Words(f"`{entry.reference}`"),)),
        ),
    )


def _told(key: str, title: str, text: str) -> tuple[Part, ...]:
    """A part of one paragraph; none where there is nothing to tell."""
    return (Part(key, title, (Words(_sentence(text)),)),) if text else ()


def _sentence(text: str) -> str:
    """With a capital and a full stop, except where a formula begins it."""
    begun = text[0].upper() + text[1:] if len(text) > 1 and text[1].islower() else text
    return begun if begun.endswith((".", "!", "?")) else f"{begun}."
