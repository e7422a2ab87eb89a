"""A page on a terminal: what `tensorderiv show NAME` prints."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import fill, indent

from tensorderiv.gallery.blocks import Block, Code, Folded, Formula, Items, Table, Words
from tensorderiv.gallery.page import Page

WIDTH = 110


def as_text(page: Page, *, steps: bool = False, heading: Callable[[str], str] = str) -> str:
    """Each part under its title; what is folded on the page opens with `steps`, and `heading` styles the titles.

    The definition stands there once, as it is typed: its formulas would read the same.
    """
    entry = page.entry
    parts = [f"{heading(entry.name)}  {entry.title} ({entry.kind})"]
    for part in page.parts:
        blocks = part.blocks[:1] if part.key == "definition" else part.blocks
        told = [text for block in blocks if (text := _block(block, steps))]
        parts.append("\n".join([heading(_low(part.title)), *told]))
    return "\n\n".join(parts) + "\n"


def _low(title: str) -> str:
    return title[:1].lower() + title[1:]


def _block(block: Block, steps: bool) -> str:
    match block:
        case Words(text):
            return _paragraph(text)
        case Code(_, text):
            return indent(text, "    ")
        case Formula(formula):
            return indent(formula.text, "    ")
        case Items(items):
            return "\n".join(map(_paragraph, items))
        case Table():
            return indent(_table(block), "  ")
        case Folded(title, blocks):
            return "\n".join([f"  {_low(title)}", *(_block(one, steps) for one in blocks)]) if steps else ""


def _paragraph(text: str) -> str:
    """Wrapped between words, never inside a name."""
    return fill(text, WIDTH, initial_indent="  ", subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)


def _table(table: Table) -> str:
    rows = [table.head, *table.rows]
    widths = [max(len(row[column]) for row in rows) for column in range(len(table.head))]
    made = [
        "  ".join(
            cell.ljust(width) if column < table.words else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    return "\n".join(line.rstrip() for line in made)
