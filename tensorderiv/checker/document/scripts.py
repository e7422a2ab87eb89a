"""What stands below, above and behind a name: index letters, a transpose, the kind of a norm, arguments in brackets."""

from __future__ import annotations

from collections.abc import Sequence

from tensorderiv.checker.reading.pieces import Piece
from tensorderiv.checker.reading.spelling import spelled

LABELS = frozenset(
    "max min new old pred true pos neg out eff tot ref loss reg mse test train opt sym obs est data model grad noise".split()
)


def index_letters(content: Sequence[Piece]) -> list[str] | None:
    r"""The index letters and numbers of a script: `ij`, `i,j`, `1`, `i'`, `k\mu`; None where it is a label or an expression."""
    found: list[str] = []
    word = "".join(piece.text for piece in content)
    if word in LABELS or not content:
        return None
    for piece in content:
        if piece.kind == "prime" and found:
            found[-1] += "'"
        elif not piece.style and (
            piece.kind == "number" or (piece.kind == "symbol" and (piece.text[0] == "\\" or piece.text.islower()))
        ):
            found.append(piece.text)
        elif piece.text not in (",", " "):
            return None
    return found


def is_transpose(content: Sequence[Piece]) -> bool:
    return len(content) == 1 and content[0].text in ("T", "t", r"\top", r"\intercal", r"\mathsf", r"\prime", "H", r"\dagger")


def is_label(content: Sequence[Piece], written: str) -> bool:
    r"""Whether a superscript is part of the name: A^{(1)}, x^*, p^{\rm new}."""
    if written[:1] == "(" or written in ("*", r"\ast", r"\star", "+"):
        return True
    return bool(content) and (content[0].kind == "fence" or content[0].style == "mathrm")


def is_norm_kind(piece: Piece) -> bool:
    return piece.kind == "sub" and spelled(piece.parts[0]) in ("F", "2", "1", r"\infty", r"\mathrm{F}", "p")


def is_derivative(piece: Piece) -> bool:
    r"""Whether a fraction is a derivative: its denominator begins with \partial or d."""
    below = piece.parts[1]
    return bool(below) and (below[0].text in (r"\partial", "d")) and len(below) > 1


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
