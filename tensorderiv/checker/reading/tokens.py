r"""The raw tokens of LaTeX as people write it, each with its place in the text.

>>> [token.text for token in tokens(r"\frac 1N\,x_{ij}^2")]
['\\frac', '1', 'N', 'x', '_', '{', 'i', 'j', '}', '^', '2']
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from tensorderiv.checker.reading.unreadable import Unreadable
from tensorderiv.language.lexicon import IGNORED, UNICODE

LONGEST = 10_000
"""Characters of one line."""

Kind: TypeAlias = Literal["command", "letter", "number", "sign"]

SPACES = frozenset(
    "quad qquad "
    "thinspace negthinspace medspace negmedspace thickspace negthickspace enspace enskip allowbreak nobreak hfill space"
    " smallskip medskip bigskip noindent par newline nonumber notag limits nolimits displaystyle textstyle scriptstyle"
    " scriptscriptstyle mathstrut strut middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr bigm Bigm biggm"
    " Biggm null relax boldmath unboldmath normalsize small large Large centering".split()
)
"""Commands that only space or size."""

DROPPED = (
    (IGNORED - {"rm", "it", "left", "right", "[", "]", "(", ")"})
    | SPACES
    | frozenset(", ; ! : > / [ ] ( )".split())
    | {" ", "\n"}
)

SIGNS = UNICODE | {
    "∂": "\\partial ",
    "∇": "\\nabla ",
    "⊗": "\\otimes ",
    "∗": "*",
    "∥": "\\|",
    "Σ": "\\Sigma ",
    "Δ": "\\Delta ",
    "Γ": "\\Gamma ",
    "Λ": "\\Lambda ",
    "Φ": "\\Phi ",
    "Ψ": "\\Psi ",
    "Ω": "\\Omega ",
    "Θ": "\\Theta ",
    "ε": "\\varepsilon ",
    "ϵ": "\\epsilon ",
    "½": "\\frac{1}{2}",
    "¹": "^1",
    "⁻": "^-",
    "₀": "_0",
    "₁": "_1",
    "₂": "_2",
    "₃": "_3",
    "ᵢ": "_i",
    "ⱼ": "_j",
    "ₖ": "_k",
    "…": "\\dots ",
    "≡": "\\equiv ",
    "”": "''",
    "\u2009": " ",
    "\u202f": " ",
    "\u200b": "",
    "\u2062": "",
    "\ufeff": "",
    "\u2003": " ",
}
"""Unicode signs and what they stand for."""

_PATTERN = re.compile(
    r"""(?P<comment>(?<!\\)%[^\n]*)
      | (?P<space>[\s~$]+)
      | \\(?P<command>[A-Za-z]+\*?|.)
      | (?P<number>\d+(?:\.\d+)?|\.\d+)
      | (?P<letter>[A-Za-z])
      | (?P<sign>.)""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Token:
    r"""`text` of a command begins with the backslash. `glued`: no space stands before it."""

    kind: Kind
    text: str
    start: int
    end: int
    glued: bool = False


def tokens(text: str) -> list[Token]:
    """The tokens of a text, spacing and comments left out.

    Raises: Unreadable for a text that is too long, or has a character that belongs to no formula.
    """
    if len(text) > LONGEST:
        raise Unreadable(text, LONGEST, f"the line has {len(text)} characters, at most {LONGEST} are read")
    spelled, offsets = _spelled(text)
    found: list[Token] = []
    glued = False
    for match in _PATTERN.finditer(spelled):
        kind = match.lastgroup or ""
        start, end = offsets[match.start()], offsets[match.end()]
        if kind in ("comment", "space") or (kind == "command" and match["command"].rstrip("*") in DROPPED):
            glued = False
            continue
        if kind == "command":
            found.append(Token("command", "\\" + match["command"].rstrip("*"), start, max(end, start + 1), glued))
        elif kind == "sign" and (not match[0].isprintable() or match[0] == "\\" or ord(match[0]) > 127):
            raise Unreadable(text, start, f"the character {match[0]!r} is not read")
        else:
            found.append(Token(kind, match[0], start, max(end, start + 1), glued))  # type: ignore[arg-type]
        glued = True
    return found


def _spelled(text: str) -> tuple[str, list[int]]:
    """The text with Unicode signs spelled out, and for every character of it the place in the original."""
    pieces: list[str] = []
    offsets: list[int] = []
    for offset, char in enumerate(text):
        piece = SIGNS.get(char, char)
        pieces.append(piece)
        offsets.extend([offset] * len(piece))
    offsets.append(len(text))
    return "".join(pieces), offsets
