"""What a page is made of: a few kinds of block, each laid out by every format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from tensorderiv.derivation.section import Shown


@dataclass(frozen=True)
class Words:
    """A paragraph; what stands between backticks is code."""

    text: str


@dataclass(frozen=True)
class Code:
    """Lines to be copied: a definition ("text"), Python, a command ("console")."""

    language: str
    text: str


@dataclass(frozen=True)
class Formula:
    """A displayed formula."""

    shown: Shown


@dataclass(frozen=True)
class Items:
    """A list of short paragraphs."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """Figures: the first `words` columns hold words, the others numbers."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: int = 1


Leaf: TypeAlias = Words | Code | Formula | Items | Table


@dataclass(frozen=True)
class Folded:
    """Blocks that are read on demand: they open with a click on a page, and with `--steps` on a terminal."""

    title: str
    blocks: tuple[Leaf, ...]


Block: TypeAlias = Leaf | Folded


@dataclass(frozen=True)
class Part:
    """A titled part of a page. `key` says which of the parts every page must have it is."""

    key: str
    title: str
    blocks: tuple[Block, ...]
