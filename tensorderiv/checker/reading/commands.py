"""Commands: sum signs, functions, operators, differentials."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from tensorderiv.checker.reading import letters, signs
from tensorderiv.checker.reading.bounds import Bounds, read_bounds
from tensorderiv.checker.reading.ellipsis import DOTS
from tensorderiv.checker.reading.functions import applied
from tensorderiv.checker.reading.items import Joint, Prefix, span_of
from tensorderiv.checker.reading.pieces import Piece
from tensorderiv.checker.reading.spelling import scripts_end
from tensorderiv.checker.reading.words import (
    BIG,
    BIG_WORDS,
    COMMANDS,
    COMPARED,
    JOINS,
    MATRIX,
    UNREAD,
    UNREAD_FUNCTIONS,
    WORDS,
)
from tensorderiv.checker.tree import (
    Big,
    Differential,
    Node,
    Span,
)

if TYPE_CHECKING:
    from tensorderiv.checker.reading.resolve import Row

Pieces = Sequence[Piece]


def command(row: Row, at: int) -> int:
    piece = row.line[at]
    text = piece.text
    if text in ("\\sum", "\\prod", "\\bigsum") or (text in ("\\max", "\\min") and has_bounds(row, at + 1)):
        return big(row, at, at + 1, BIG[text])
    match = row.known.names.find(row.line, at)
    if match and (text not in COMMANDS or letters.is_called(row, match.name, match.end)):  # \cos(x, y), where that is defined
        return letters.name(row, match.name, at, match.end, match.scripts)
    if text in COMMANDS:
        return function(row, at, at + 1, text[1:])
    if text in JOINS:
        row.emit("JOIN", Joint(JOINS[text], span_of(piece)), piece.start, piece.end)  # type: ignore[arg-type]
        return at + 1
    if text in COMPARED:
        row.emit("CMP", COMPARED[text], piece.start, piece.end)
        return at + 1
    if text in ("\\partial", "\\nabla"):
        return operator(row, at)
    if text in DOTS:
        return signs.dots(row, at, at + 1)
    if text in UNREAD_FUNCTIONS or text in UNREAD:
        raise row.reading.at(piece, f"{UNREAD.get(text, 'the function')} is not read: {text}")
    raise row.reading.at(piece, f"{text} is not known")


def operator(row: Row, at: int) -> int:
    piece = row.line[at]
    found, after = row.reading.derivatives.operator(row.line, at)
    if isinstance(found, Prefix):
        row.emit("PREFIX", found, piece.start, row.line[after - 1].end)
    else:
        return row.with_scripts(found, after)
    return after


def differential(row: Row, at: int, after: int) -> int:
    found, stop = row.reading.derivatives.quotient(row.line, at)
    if found is not None:
        if isinstance(found, Prefix):
            row.emit("PREFIX", found, row.line[at].start, row.line[stop - 1].end)
            return stop
        return row.with_scripts(found, stop)
    piece = row.line[at]
    row.emit("PREFIX", Prefix("differential", span_of(piece), lambda body: Differential(body[0]), "d"), piece.start, piece.end)
    return after


def has_bounds(row: Row, at: int) -> bool:
    return any(row.line[k].kind == "sub" for k in range(at, scripts_end(row.line, at)))


def big(row: Row, at: int, after: int, op: str) -> int:
    stop = scripts_end(row.line, after)
    bounds = read_bounds(row.reading, row.line[after:stop], row.line[at])
    span = Span(row.line[at].start, row.line[stop - 1].end)
    row.emit("PREFIX", Prefix("big", span, partial(_big, op, bounds), f"\\{op}"), span.start, span.end)
    return stop


def function(row: Row, at: int, after: int, word: str) -> int:
    """A function of the table; its scripts are a base, a power or the sign of the inverse."""
    line = row.line
    if word in BIG_WORDS and (word in ("sum", "prod") or has_bounds(row, after)):
        return big(row, at, after, BIG_WORDS[word])
    stop = scripts_end(line, after)
    name = COMMANDS.get(f"\\{word}", WORDS.get(word, word))
    scripts = row.reading.scripts(line, after, stop, 1)
    span = Span(line[at].start, line[stop - 1].end)
    make = applied(row.reading, name, scripts, span)
    row.emit("PREFIX", Prefix("function", span, make, word, name in MATRIX), span.start, span.end)
    return stop


def _big(op: Any, bounds: Bounds, body: tuple[Node, ...]) -> Node:
    return Big(op, bounds.bound, body[0], bounds.conditions, bounds.lower, bounds.upper)
