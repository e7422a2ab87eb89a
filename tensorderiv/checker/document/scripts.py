"""What stands below, above and behind a name: index letters, a transpose, the kind of a norm, arguments in brackets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from tensorderiv.checker.reading.pieces import Piece
from tensorderiv.checker.reading.spelling import spelled

LABELS = frozenset(
    "max min new old pred true pos neg out eff tot ref loss reg mse test train opt sym obs est data model grad noise".split()
)

WHOLE = ":"
WHOLE_AXES = frozenset({"\\cdot", ":", "*", "\\bullet"})
"""What stands in the place of an index where a whole row or column is meant."""


@dataclass(frozen=True)
class Alphabet:
    r"""What the letters of a document are below names: capitals that are `indices`, Greek `labels` that are none; `operator`:
    \partial_{kl} is declared, with indices below it.
    """

    indices: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    operator: bool = False


ALPHABET: ContextVar[Alphabet] = ContextVar("alphabet", default=Alphabet())  # noqa: B039  -- it is frozen


@contextmanager
def in_force(alphabet: Alphabet) -> Iterator[None]:
    """Inside, names are told from their indices by this alphabet."""
    before = ALPHABET.set(alphabet)
    try:
        yield
    finally:
        ALPHABET.reset(before)


def index_letters(content: Sequence[Piece]) -> list[str] | None:
    r"""The index letters and numbers of a script: `ij`, `i,j`, `1`, `i'`, `k\mu`; None where it is a label or an expression."""
    alphabet = ALPHABET.get()
    found: list[str] = []
    word = "".join(piece.text for piece in content)
    if word in LABELS or not content:
        return None
    for piece in content:
        if piece.kind == "prime" and found:
            found[-1] += "'"
        elif not piece.style and (piece.kind == "number" or (piece.kind == "symbol" and _is_index(piece.text, alphabet))):
            found.append(piece.text)
        elif piece.text in WHOLE_AXES:
            found.append(WHOLE)
        elif piece.text not in (",", " "):
            return None
    if WHOLE in found:  # X_{i\cdot}, X_{:,j}
        return found if len(found) == 2 and found.count(WHOLE) == 1 else None
    return found


def _is_index(letter: str, alphabet: Alphabet) -> bool:
    small = letter[0] == "\\" or letter.islower()
    return (small and letter not in alphabet.labels) or letter in alphabet.indices


def is_transpose(content: Sequence[Piece]) -> bool:
    return len(content) == 1 and content[0].text in ("T", "t", r"\top", r"\intercal", r"\mathsf", r"\prime", "H", r"\dagger")


def is_label(content: Sequence[Piece], written: str) -> bool:
    r"""Whether a superscript is part of the name: A^{(1)}, x^*, p^{\rm new}."""
    if written[:1] == "(" or written in ("*", r"\ast", r"\star", "+"):
        return True
    return bool(content) and (content[0].kind == "fence" or content[0].style == "mathrm")


def is_norm_kind(piece: Piece) -> bool:
    return piece.kind == "sub" and spelled(piece.parts[0]) in ("F", "2", "1", r"\infty", r"\mathrm{F}", "p")


def arguments_at(line: Sequence[Piece], at: int) -> tuple[bool, tuple[tuple[Piece, ...], ...]]:
    """Whether a bracket opens right after a name, and what stands in it, cut at commas."""
    if at >= len(line):
        return False, ()
    if line[at].kind == "fence" and line[at].text.startswith("("):
        return True, _cut(line[at].parts[0])
    if line[at].text != "(" or line[at].kind != "sign":
        return False, ()
    level = 0
    for place in range(at, min(len(line), at + 400)):
        level += (line[place].text == "(") - (line[place].text == ")")
        if level == 0:
            return True, _cut(line[at + 1 : place])
    return False, ()


def _cut(inner: Sequence[Piece]) -> tuple[tuple[Piece, ...], ...]:
    parts: list[list[Piece]] = [[]]
    level = 0
    for piece in inner:
        level += (piece.text == "(") - (piece.text == ")")
        if level == 0 and piece.text in (",", ";", r"\mid", r"\parallel", r"\|"):
            parts.append([])
        else:
            parts[-1].append(piece)
    return tuple(tuple(part) for part in parts)


def closes(line: Sequence[Piece], at: int) -> bool:
    """Whether the bracket that opens at `at` closes at the end."""
    if line[at].kind == "fence":
        return at == len(line) - 1
    level = 0
    for place in range(at, len(line)):
        level += (line[place].text == "(") - (line[place].text == ")")
        if level == 0:
            return place == len(line) - 1
    return False


def is_factor(neighbour: Sequence[Piece], brackets: str) -> bool:
    """Whether the piece before or behind a name is joined to it as a factor. `brackets`: those that face it."""
    joined = ("symbol", "fence", "fraction", "sub", "sup", "prime")
    return any((piece.kind in joined and piece.text != "d") or piece.text in tuple(brackets) for piece in neighbour)
