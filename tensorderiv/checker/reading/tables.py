r"""\left ... \right, matrices and cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tensorderiv.checker.reading import signs
from tensorderiv.checker.reading.fences import is_compared, separated
from tensorderiv.checker.reading.items import Brackets, Prefix, span_of
from tensorderiv.checker.reading.parse import Chain
from tensorderiv.checker.reading.pieces import Piece
from tensorderiv.checker.reading.reach import at_point
from tensorderiv.checker.reading.scripts import inner, normed
from tensorderiv.checker.reading.spelling import scripts_end
from tensorderiv.checker.reading.words import CLOSING
from tensorderiv.checker.tree import Call, Cases, Evaluated, Group, Inner, Matrix, Node, Span

if TYPE_CHECKING:
    from tensorderiv.checker.reading.resolve import Row


def fence(row: Row, at: int) -> int:
    r"""\left ... \right at a place: brackets, bars, an inner product, a matrix, or a value at a point."""
    piece = row.line[at]
    opening, closing = piece.text.split(" ")
    content = piece.parts[0]
    only = content[0] if len(content) == 1 else None
    if only is not None and only.kind == "table" and (opening in "([|" or (opening, closing) == ("{", ".")):
        return with_rows(row, only, at + 1, opening)
    below = row.line[at + 1] if at + 1 < len(row.line) and row.line[at + 1].kind == "sub" else None
    if opening in ".[(" and closing in "|])" and below is not None and is_compared(below.parts[0]):
        condition = signs.condition_at(row, below)
        operator = row.reading.derivatives.fraction(only) if only is not None and only.kind == "fraction" else None
        if isinstance(operator, Prefix):
            row.emit("PREFIX", at_point(operator, condition, span_of(below)), piece.start, below.end)
            return at + 2
        body = row.reading.expression(content, piece)
        if opening != ".":
            body = Group(body, span=span_of(piece))
        span = Span(piece.start, below.end)
        return row.with_scripts(Evaluated(body, condition.left, condition.right, span=span), at + 2)
    if CLOSING.get(opening) == closing:
        links = tuple(
            link for one in row.reading.listing(content, piece) for link in (one.links if isinstance(one, Chain) else (one,))
        )
        stop = scripts_end(row.line, at + 1)
        brackets = Brackets(opening, links, span_of(piece), row.reading.scripts(row.line, at + 1, stop))
        row.emit("ATOM", brackets, piece.start, piece.end)
        return stop
    if opening == closing and opening in ("|", "‖"):
        double = opening == "‖"
        if only is not None and only.kind == "fence" and only.text == "| |" and opening == "|":
            double, content = True, only.parts[0]
        scripts, stop = row.norm_scripts(at + 1)
        body = row.reading.expression(content, piece)
        row.atom(normed(body, double, scripts, span_of(piece), row.known, row.choices))
        return stop
    if opening == "<" and closing == ">":
        parts = list(separated(content, lambda p: p.text in (",", ";", "|", "\\mid")))
        if len(parts) != 2:
            raise row.reading.at(piece, "an inner product has two sides")
        left, right = (row.reading.expression(part, piece) for part in parts)
        scripts, stop = row.norm_scripts(at + 1)
        row.atom(inner(Inner(left, right, span=span_of(piece)), scripts, row.reading.scopes))
        return stop
    if opening == closing == ".":
        row.atom(row.reading.expression(content, piece))
        return at + 1
    raise row.reading.at(piece, f"the brackets {opening} and {closing} do not belong together")


def table(row: Row, at: int) -> int:
    """A matrix or cases without further brackets."""
    return with_rows(row, row.line[at], at + 1, "{" if row.line[at].text in ("cases", "dcases", "rcases") else "")


def with_rows(row: Row, table: Piece, after: int, opening: str) -> int:
    """The rows of an environment within this bracket; the place behind them."""
    rows: list[tuple[tuple[Piece, ...], ...]] = []
    start = 0
    for width in table.widths:
        rows.append(table.parts[start : start + width])
        start += width
    reading, span = row.reading, span_of(table)
    if opening == "{":
        node: Node = Cases(tuple(reading.subscripts.branch(cells, table) for cells in rows), span=span)
    else:
        if len(set(table.widths)) != 1:
            raise reading.at(table, "the rows of this matrix differ in length")
        node = Matrix(tuple(tuple(reading.expression(cell, table) for cell in cells) for cells in rows), span=span)
        if table.text == "vmatrix" or opening == "|":
            node = Call("det", (node,), span=span)
    return row.with_scripts(node, after)
