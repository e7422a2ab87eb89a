r"""One spelling for a name, however it is typed; and the longest declared name at a place of a line.

>>> normal(r"{\bf r}"), normal(r"\boldsymbol r"), normal(r"D_{\rm KL}"), normal(r"W^2_2"), normal(r"\widehat{E}")
('\\mathbf{r}', '\\mathbf{r}', 'D_{\\mathrm{KL}}', 'W_{2}^{2}', '\\hat{E}')
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from tensorderiv.checker.reading.pieces import Piece, pieces

Key: TypeAlias = tuple[object, ...]
LONGEST_WORD = 12
NUMBERED = frozenset({"atan2", "arctan2", "log2", "log10", "log1p"})
SCRIPTS = ("prime", "sub", "sup")


@lru_cache(maxsize=4096)
def normal(name: str) -> str:
    """The normalised spelling of a name. Raises: Unreadable."""
    return spelled(pieces(name))


def spelled(found: Sequence[Piece]) -> str:
    """The normalised spelling of the pieces of a name; scripts in the order prime, sub, sup."""
    out = ""
    at = 0
    while at < len(found):
        stop = scripts_end(found, at)
        if stop > at:
            for piece in sorted(found[at:stop], key=lambda p: SCRIPTS.index(p.kind)):
                out += "'" if piece.kind == "prime" else f"{piece.text}{{{spelled(piece.parts[0])}}}"
            at = stop
            continue
        style = found[at].style
        stop = at + 1
        while stop < len(found) and found[stop].style == style and found[stop].kind in ("symbol", "number"):
            stop += 1
        plain = ""
        for piece in found[at:stop]:
            text = piece.text if piece.kind != "fence" else "(" + spelled(piece.parts[0]) + ")"
            plain += (" " if plain and plain[-1].isalpha() and _ends_in_command(plain) and text[0].isalpha() else "") + text
        plain = f"\\{style}{{{plain}}}" if style else plain
        out += (" " if out and _ends_in_command(out) and plain[0].isalpha() else "") + plain
        at = stop
    return out


def _ends_in_command(text: str) -> bool:
    return text.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ").endswith("\\")


def scripts_end(found: Sequence[Piece], at: int) -> int:
    """The end of the scripts that begin at a place."""
    while at < len(found) and found[at].kind in SCRIPTS:
        at += 1
    return at


def key(piece: Piece, *, loose: bool = False) -> Key:
    """What makes two pieces the same letter; `loose`: whatever their styles, except on digits."""
    style = bool(piece.style) if loose and piece.kind == "number" else "" if loose else piece.style
    return (
        piece.kind,
        piece.text if piece.kind not in SCRIPTS else "",
        style,
        tuple(tuple(key(p, loose=loose) for p in part) for part in piece.parts),
    )


@dataclass(frozen=True)
class Match:
    """A name found at a place: up to `end` (scripts not counted), and which of the scripts that follow belong to it."""

    name: str
    end: int
    scripts: frozenset[int] = frozenset()

    @property
    def size(self) -> tuple[int, int]:
        return self.end, len(self.scripts)


@dataclass(frozen=True)
class _Pattern:
    name: str
    letters: tuple[Key, ...]
    scripts: tuple[Key, ...]


class Names:
    r"""Declared names, to be found in a line.

    >>> names = Names(["dX", "X", r"\mathbf{x}", "u_1"])
    >>> names.find(pieces("dXu"), 0).name, names.find(pieces(r"{\bf x}_i"), 0).name, names.find(pieces("u_1^2"), 0).scripts
    ('dX', '\\mathbf{x}', frozenset({1}))
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.exact: dict[Key, list[_Pattern]] = {}
        self.loose: dict[Key, list[_Pattern]] = {}
        self.names: set[str] = set()
        for name in names:
            self.add(name)

    def __contains__(self, name: str) -> bool:
        return name in self.names

    def add(self, name: str) -> None:
        found = pieces(name)
        written = spelled(found)
        if written in self.names or not found:
            return
        self.names.add(written)
        stop = next((at for at, piece in enumerate(found) if piece.kind in SCRIPTS), len(found))
        if scripts_end(found, stop) < len(found) or not stop:
            return
        for table, loose in ((self.exact, False), (self.loose, True)):
            letters = tuple(key(piece, loose=loose) for piece in found[:stop])
            scripts = tuple(key(piece, loose=loose) for piece in found[stop:])
            table.setdefault(letters[0], []).append(_Pattern(written, letters, scripts))

    def find(self, line: Sequence[Piece], at: int) -> Match | None:
        """The longest name that stands at a place, in its own style if there is one of that style."""
        best: Match | None = None
        for table, loose in ((self.exact, False), (self.loose, True)):
            for pattern in table.get(key(line[at], loose=loose), ()):
                match = _matched(pattern, line, at, loose)
                if match is not None and (best is None or match.size > best.size):
                    best = match
        return best


def _matched(pattern: _Pattern, line: Sequence[Piece], at: int, loose: bool) -> Match | None:
    end = at + len(pattern.letters)
    if end > len(line) or any(key(line[at + k], loose=loose) != letter for k, letter in enumerate(pattern.letters)):
        return None
    taken: set[int] = set()
    stop = scripts_end(line, end) if pattern.scripts else end
    for script in pattern.scripts:
        where = next((k for k in range(end, stop) if k not in taken and key(line[k], loose=loose) == script), None)
        if where is None:
            return None
        taken.add(where)
    return Match(pattern.name, end, frozenset(taken))


def letters_at(line: Sequence[Piece], at: int) -> str:
    """The run of Latin letters of one style that begins at a place: a word in plain spelling, perhaps.

    >>> letters_at(pieces("Tr(A)"), 0)
    'Tr'
    """
    word = ""
    for piece in line[at : at + LONGEST_WORD]:
        if word and piece.kind == "number" and piece.glued and word + piece.text in NUMBERED:
            return word + piece.text
        if piece.kind != "symbol" or len(piece.text) != 1 or piece.style != line[at].style:
            break
        word += piece.text
    return word
