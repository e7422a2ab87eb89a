"""Finding entries by a piece of a name, alias, title, or of what a package calls them; and the names that were perhaps meant."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable

from tensorderiv.catalog.reading import Entry

MOST = 3
"""Names that are suggested for one that is unknown."""


def plain(text: str) -> str:
    """The text blind to case, and to blanks, hyphens and underscores.

    >>> plain("NT-Xent"), plain("great circle")
    ('ntxent', 'greatcircle')
    """
    return re.sub(r"[\s_-]+", "", text.casefold())


def mentions(entry: Entry, text: str, spelling: Callable[[str], str] = str.casefold) -> tuple[str, ...]:
    """What the entry is called that contains the text: its name, aliases, title, and its names in packages, in this order."""
    called = (entry.name, *entry.aliases, entry.title, *(f"{package}: {name}" for package, name in entry.packages))
    return tuple(name for name in called if spelling(text) in spelling(name))


def search(entries: Iterable[Entry], text: str) -> dict[Entry, tuple[str, ...]]:
    """The entries that mention the text, and how; where none does, those that mention it in another spelling."""
    known = list(entries)
    for spelling in (str.casefold, plain):
        found = {entry: mentions(entry, text, spelling) for entry in known if spelling(text) or not text}
        if any(found.values()):
            return {entry: called for entry, called in found.items() if called}
    return {}


def nearest(entries: Iterable[Entry], text: str) -> list[str]:
    """The names and aliases spelt like the text; where there are none, the entries that a package calls so."""
    known = list(entries)
    spelt = difflib.get_close_matches(text, [name for entry in known for name in (entry.name, *entry.aliases)], n=MOST)
    if spelt or len(plain(text)) < MOST:
        return spelt
    return [entry.name for entry in search(known, text)][:MOST]
