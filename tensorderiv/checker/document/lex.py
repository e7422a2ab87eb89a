r"""LaTeX as tokens: commands, letters, digits, signs; and which of them stand at the top level of a formula."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

TOKEN = re.compile(r"\\(?:[A-Za-z]+\*?|.|$)|\d+(?:\.\d+)?|[A-Za-z]|'+|\s+|.", re.DOTALL)

OPENING = {"(": ")", "[": "]", "{": "}", r"\{": r"\}", r"\langle": r"\rangle", r"\lbrace": r"\rbrace", r"\lfloor": r"\rfloor",
           r"\lceil": r"\rceil"}  # fmt: skip
CLOSING = {closing: opening for opening, closing in OPENING.items()}
DEEPEST = 100
"""Brackets that stand open at once, beyond which a partner is not looked for."""
WHITE = re.compile(r"\s+")


@dataclass(frozen=True)
class Token:
    """One token; offsets into the text that was cut into tokens."""

    text: str
    start: int
    end: int

    @property
    def blank(self) -> bool:
        return not self.text.strip()

    @property
    def command(self) -> bool:
        return len(self.text) > 1 and self.text[0] == "\\"


def tokens_of(text: str) -> list[Token]:
    r"""All tokens, blanks among them; together they are the text.

    >>> [token.text for token in tokens_of(r"\sum_{i=1} x_{12}'")]
    ['\\sum', '_', '{', 'i', '=', '1', '}', ' ', 'x', '_', '{', '12', '}', "'"]
    """
    return [Token(match.group(), match.start(), match.end()) for match in TOKEN.finditer(text)]


def closing(tokens: Sequence[Token], at: int) -> int | None:
    """The place of the brace that closes the one at `at`; None where it is never closed."""
    level = 0
    for place in range(at, len(tokens)):
        text = tokens[place].text
        level += (text == "{") - (text == "}")
        if level == 0:
            return place
    return None


def partners(tokens: Sequence[Token]) -> list[int]:
    r"""The place of each token's partner: { with }, ( with ), \left with \right, \begin with \end; -1 for the others.

    A bracket without a partner is a sign like any other: half-open intervals and typing errors do not swallow what follows. The
    partners of an inner pair lie inside the outer pair: braces, environments and \left win over round and square brackets.
    """
    found = [-1] * len(tokens)
    open_pairs: list[tuple[str, int]] = []
    for at, token in enumerate(tokens):
        text = token.text
        fenced = at > 0 and tokens[at - 1].text in (r"\left", r"\right")
        if text in (r"\left", r"\begin") or (text in OPENING and not fenced):
            open_pairs.append((text, at))
            continue
        wanted = {r"\right": r"\left", r"\end": r"\begin"}.get(text) or (None if fenced else CLOSING.get(text))
        if wanted is None:
            continue
        weak = wanted in ("(", "[", r"\{", r"\langle", r"\lfloor", r"\lceil", r"\lbrace")
        back = len(open_pairs) - 1
        nearest = max(0, len(open_pairs) - DEEPEST)
        while back >= nearest and open_pairs[back][0] != wanted:
            back = -1 if weak and open_pairs[back][0] in ("{", r"\left", r"\begin") else back - 1
        if back >= nearest:
            begun = open_pairs[back][1]
            found[begun], found[at] = at, begun
            del open_pairs[back:]
    return found
