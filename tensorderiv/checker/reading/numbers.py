"""Numbers, and the indicators 1_{i = j}."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from tensorderiv.checker.reading import letters
from tensorderiv.checker.reading.fences import is_compared
from tensorderiv.checker.reading.items import span_of
from tensorderiv.checker.reading.pieces import Piece
from tensorderiv.checker.reading.spelling import scripts_end
from tensorderiv.checker.reading.words import (
    CLOSING,
)
from tensorderiv.checker.tree import (
    Iverson,
    Name,
    Number,
    Span,
)

if TYPE_CHECKING:
    from tensorderiv.checker.reading.resolve import Row

Pieces = Sequence[Piece]


def number(row: Row, at: int) -> int:
    line, piece = row.line, row.line[at]
    if piece.text == "1" and (after := indicator(row, at + 1)):
        return after
    match = row.known.names.find(line, at) if piece.style else None
    if match:
        return letters.name(row, match.name, at, match.end, match.scripts)
    stop = scripts_end(line, at + 1)
    ones = vector_of_ones(row)
    if (
        piece.text == "1"
        and ones
        and (piece.style or any(row.reading.subscripts.is_vector(line[k]) for k in range(at + 1, stop)))
    ):
        return letters.name(row, ones, at, at + 1, frozenset())
    if piece.text == "11" and ones and stop == at + 2 and row.reading.subscripts.is_vector(line[at + 1]):  # 11^T
        first = Name(ones, span=Span(piece.start, piece.start + 1))
        row.atom(first)
        return row.with_scripts(Name(ones, span=Span(piece.start + 1, piece.end)), at + 1, 1)
    if piece.style and piece.text != "0":
        raise letters.unknown(row, at, at + 1)
    if any(line[k].kind == "sub" for k in range(at + 1, stop)):
        raise letters.unknown(row, at, stop)
    if at and line[at - 1].kind == "number" and piece.glued:
        raise row.reading.at(piece, "two numbers side by side")
    return row.with_scripts(Number(Fraction(piece.text), span=span_of(piece)), at + 1)


def vector_of_ones(row: Row) -> str | None:
    """The one vector of ones of the case, if there is one."""
    found = [name for name, symbol in row.known.symbols.items() if symbol.value == "ones" and len(symbol.shape) == 1]
    return found[0] if len(found) == 1 else None


def indicator(row: Row, at: int) -> int | None:
    """1_{i = j}, 1[i = j], 1(i = j): an Iverson bracket; `at` is the place behind the 1."""
    line = row.line
    if at < len(line) and line[at].kind == "sub":
        content: Pieces = line[at].parts[0]
        while len(content) > 1 and content[0].text in CLOSING and content[-1].text == CLOSING[content[0].text]:
            content = content[1:-1]
        if len(content) == 1 and content[0].kind == "fence":
            content = content[0].parts[0]
        after = at + 1
    else:
        found = row.bracketed(at)
        if found is None:
            return None
        content, after = found
    if not is_compared(content):
        return None
    node = Iverson(row.reading.conditions(content), span=Span(line[at - 1].start, line[after - 1].end))
    return row.with_scripts(node, after)
