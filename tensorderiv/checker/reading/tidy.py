r"""What only lays out a formula, taken out of its tokens: the skip of \\[4pt], and the two halves of a bracket over two rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from tensorderiv.checker.reading.tokens import Token

SKIP = re.compile(r"\*?(?:\s*\[\s*[-+]?(?:\d+\.?\d*|\.\d+)?\s*(?:pt|em|ex|mm|cm|in|bp|mu|pc|\\[A-Za-z]+)\s*\])?")
"""What belongs to a row break: a star, and a length in brackets."""
CLOSING = {"(": ")", "[": "]", r"\{": r"\}", r"\lbrace": r"\rbrace"}


def tidied(text: str, found: Sequence[Token]) -> list[Token]:
    r"""The tokens that mean something.

    >>> from tensorderiv.checker.reading.tokens import tokens
    >>> def shown(text: str) -> str:
    ...     return " ".join(token.text for token in tidied(text, tokens(text)))
    >>> shown(r"x \\[4pt] y \\ [z]"), shown(r"\left(x\right. + \left.y\right)")
    ('x \\\\ y \\\\ [ z ]', '\\left ( x + y \\right )')
    """
    return _with_whole_brackets(_without_skips(text, found))


def _without_skips(text: str, found: Sequence[Token]) -> list[Token]:
    kept: list[Token] = []
    end = 0
    for token in found:
        if token.start < end:
            continue
        kept.append(token)
        if token.text == "\\\\" and (match := SKIP.match(text, token.end)) is not None:
            end = match.end()
    return kept


@dataclass
class _Level:
    r"""What stands open: {, \begin or \left. `halves`: the places of \left and \right of a bracket that goes on."""

    opening: str = ""
    at: int = 0
    halves: list[tuple[int, int]] = field(default_factory=list)


def _with_whole_brackets(found: list[Token]) -> list[Token]:
    r"""\left( a \right. b \left. c \right) as one bracket: what TeX needs between rows is no end of it."""
    levels = [_Level()]
    dropped: set[int] = set()
    for at, token in enumerate(found):
        text, level = token.text, levels[-1]
        if text in ("{", r"\begin", r"\left"):
            levels.append(_Level(text, at))
        elif (text, level.opening) in (("}", "{"), (r"\end", r"\begin")):
            levels.pop()
        elif text == r"\right" and level.opening == r"\left" and at + 1 < len(found):
            levels.pop()
            dropped.update(_halved(levels[-1], found, level.at, at))
    return [token for at, token in enumerate(found) if at not in dropped]


def _halved(outer: _Level, found: Sequence[Token], left: int, right: int) -> list[int]:
    """The tokens that fall away because of this pair of brackets."""
    opening, closing = found[left + 1].text, found[right + 1].text
    if closing == "." and opening in CLOSING:
        outer.halves = [(left, right)]
    elif opening == "." and outer.halves:
        begun = found[outer.halves[0][0] + 1].text
        if closing == ".":
            outer.halves.append((left, right))
        elif closing == CLOSING[begun]:
            ends = [right for _, right in outer.halves]
            starts = [*(left for left, _ in outer.halves[1:]), left]
            outer.halves = []
            return [at + offset for at in (*ends, *starts) for offset in (0, 1)]
    return []
