"""The index of the gallery: by kind, and found by name, alias, title, or by what a package calls an entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tensorderiv.catalog import KINDS, Entry
from tensorderiv.catalog.searching import plain
from tensorderiv.derivation.section import Shown
from tensorderiv.gallery.blocks import Formula
from tensorderiv.gallery.layout import lay_out
from tensorderiv.gallery.markdown import prose
from tensorderiv.gallery.page import Page

BRIEF = 8000
"""Letters of MathML of the formulas that the index shows; longer ones stand on the page alone."""


@dataclass(frozen=True)
class Line:
    """An entry in the index: its definition, and the derivative by its first variable, where they are short."""

    entry: Entry
    formulas: tuple[Shown, ...]

    @property
    def packages(self) -> tuple[str, ...]:
        """What packages call it."""
        return tuple(f"{package}: {called}" for package, called in self.entry.packages)

    @property
    def sought(self) -> str:
        """All it is called, in the spelling in which the index is searched."""
        return " ".join(plain(name) for name in (self.entry.name, *self.entry.aliases, self.entry.title, *self.packages))

    @property
    def row(self) -> tuple[str, ...]:
        """Title, aliases and names in packages as Markdown."""
        names = (", ".join(f"`{alias}`" for alias in self.entry.aliases), "; ".join(map(prose, self.packages)))
        return (prose(self.entry.title), *names)


def line_of(page: Page) -> Line:
    """The definition's formulas and the first of the first derivative."""
    first = next(part for part in page.parts if part.key == "derivative")
    made = [block.shown for part in page.parts if part.key == "definition" for block in part.blocks if isinstance(block, Formula)]
    result = [block.shown for block in first.blocks if isinstance(block, Formula)][:1]
    chosen = [made, result] if sum(len(one.mathml) for one in made + result) <= BRIEF else [made]
    return Line(page.entry, tuple(one for group in chosen for one in group))


def index_files(lines: Sequence[Line]) -> dict[str, str]:
    """File name -> text: README.md, which GitHub shows, and index.html, which searches without a network."""
    kinds = [(folder, [line for line in lines if line.entry.kind == kind]) for folder, kind in KINDS.items()]
    return {name: lay_out(name, kinds=kinds, count=len(lines)) for name in ("README.md", "index.html")}
