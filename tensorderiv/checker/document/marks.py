r"""The d's and \partial's of derivatives, as pieces: \frac{d^2 s}{dx^2}, d/dx."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from tensorderiv.checker.reading.pieces import Piece
from tensorderiv.checker.reading.spelling import scripts_end


def is_derivative(piece: Piece) -> bool:
    r"""Whether a fraction is a derivative: its denominator begins with \partial or d."""
    below = piece.parts[1]
    return bool(below) and (below[0].text in (r"\partial", "d")) and len(below) > 1


def unmarked(piece: Piece) -> tuple[Sequence[Piece], Sequence[Piece]] | None:
    r"""What stands above and below in a derivative without the d's that stand by themselves, \frac{d^2}{dx^2}; None: it is none.

    A d that is glued to what it moves stays, \frac{ds}{dx}: it is the sign of a differential.
    """
    above, below = piece.parts
    if not (above and above[0].text == "d" and not above[0].style and below and below[0].text == "d"):
        return None
    first = scripts_end(below, 1)
    if first >= len(below) or below[first].kind != "symbol" or any(script.kind != "sup" for script in below[1:first]):
        return None
    start = scripts_end(above, 1)
    parted = start < len(above) and above[start].kind == "symbol" and not above[start].glued
    moved = above[start:] if start > 1 or start == len(above) or parted else above
    return moved, [mark for mark, after in zip_longest(below, below[1:]) if not (_is_mark(mark) and after and _is_parted(after))]


def _is_mark(piece: Piece) -> bool:
    return piece.kind == "symbol" and piece.text == "d" and not piece.style


def _is_parted(piece: Piece) -> bool:
    return piece.kind == "symbol" and not piece.glued and not piece.text.startswith("\\")


def is_over_mark(line: Sequence[Piece], at: int) -> bool:
    """Whether the d at a place is the one above in d/dx."""
    slash = scripts_end(line, at + 1)
    return (
        _is_mark(line[at])
        and slash + 2 < len(line)
        and line[slash].text == "/"
        and _is_mark(line[slash + 1])
        and line[slash + 2].kind == "symbol"
        and all(script.kind == "sup" for script in line[at + 1 : slash])
    )


def flat(line: Sequence[Piece]) -> Iterator[Piece]:
    """The pieces of a line and those within them, up to a sign of membership."""
    for piece in line:
        if piece.text in (r"\in", r"\notin"):
            return
        yield piece
        for part in piece.parts:
            yield from flat(part)
