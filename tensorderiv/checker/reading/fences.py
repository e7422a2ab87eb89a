"""Which bracket closes which, and the parts of a row between separators."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from tensorderiv.checker.reading.pieces import Piece
from tensorderiv.checker.reading.unreadable import Unreadable
from tensorderiv.checker.reading.words import CLOSING, COMPARED

OPENING = {closing: opening for opening, closing in CLOSING.items()}


def matching(line: Sequence[Piece], text: str) -> dict[int, int]:
    """Place of an opening bracket -> place of the one that closes it.

    Raises: Unreadable at a bracket that has no partner.
    """
    found: dict[int, int] = {}
    waiting: list[int] = []
    for at, piece in enumerate(line):
        if piece.kind != "sign":
            continue
        if piece.text in CLOSING:
            waiting.append(at)
            if len(waiting) > 60:
                raise Unreadable(
                    text, piece.start, "brackets are nested more than 60 deep", hint="name parts of it in definitions"
                )
        elif piece.text in OPENING:
            if not waiting or line[waiting[-1]].text != OPENING[piece.text]:
                raise Unreadable(text, piece.start, f"this {piece.text} has no {OPENING[piece.text]}", piece.end)
            found[waiting.pop()] = at
    if waiting:
        piece = line[waiting[-1]]
        raise Unreadable(text, piece.start, f"this {piece.text} is not closed", piece.end)
    return found


def separated(line: Sequence[Piece], separates: Callable[[Piece], bool]) -> Iterator[Sequence[Piece]]:
    """The parts between separators that stand in no bracket; bars that come in pairs separate nothing."""
    bars = {mark: sum(piece.text == mark for piece in line) for mark in ("|", "‖")}
    if bars["|"] == 2 and any(a.text == b.text == "|" and b.glued for a, b in pairwise(line)):
        line = [piece for at, piece in enumerate(line) if not (piece.text == "|" and piece.glued and line[at - 1].text == "|")]
        bars["|"] = 1
    depth, start = 0, 0
    for at, piece in enumerate(line):
        if piece.kind == "sign" and piece.text in CLOSING:
            depth += 1
        elif piece.kind == "sign" and piece.text in OPENING:
            depth -= 1
        elif depth == 0 and separates(piece) and bars.get(piece.text, 1) == 1:
            yield line[start:at]
            start = at + 1
    yield line[start:]


def is_compared(line: Sequence[Piece]) -> bool:
    """Does a comparison stand in the row?"""
    return any(piece.text in COMPARED or piece.text == "!" for piece in line)
