"""Signs: plus and minus, brackets, bars, comparisons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tensorderiv.checker.reading import letters
from tensorderiv.checker.reading.ellipsis import SIGN
from tensorderiv.checker.reading.fences import is_compared
from tensorderiv.checker.reading.items import At, Joint, Prefix, span_of
from tensorderiv.checker.reading.pieces import Piece
from tensorderiv.checker.reading.words import (
    COMPARED,
    JOINS,
)
from tensorderiv.checker.tree import (
    Comparison,
    Name,
    Negative,
    Span,
)

if TYPE_CHECKING:
    from tensorderiv.checker.reading.resolve import Row

GOES_ON = frozenset({"+", "-", "=", "&", "\\\\", "*", "/", ":", ")", "]", "\\cdot", "\\times", "\\odot", "\\circ"})
"""Signs with which a new row goes on."""


def sign(row: Row, at: int) -> int:
    piece = row.line[at]
    text = piece.text
    if text in ("+", "-"):
        return plus_or_minus(row, at)
    if text in ("(", "[", "{"):
        match = row.known.names.find(row.line, at)
        if match:  # (AB)_{ij}, where that is defined
            return letters.name(row, match.name, at, match.end, match.scripts)
        row.open.append(text)
        row.emit("LPAR", text, piece.start, piece.end)
        return at + 1
    if text in (")", "]", "}"):
        if row.open and row.open[-1] in ("|", "‖"):
            raise row.reading.at(piece, f"a {row.open[-1]} is open before this {text}")
        if row.open:
            row.open.pop()
        row.emit("RPAR", text, piece.start, piece.end)
        if at + 1 < len(row.line) and row.line[at + 1].kind == "sub" and is_compared(row.line[at + 1].parts[0]):
            return evaluated(row, at + 1)
        return row.closing_scripts(at + 1)
    if text[0] in "|‖":
        return bar(row, at)
    if text in ("<(", ">)"):
        row.emit("LANGLE" if text == "<(" else "RANGLE", text, piece.start, piece.end)
        return at + 1 if text == "<(" else row.closing_scripts(at + 1, norm=True)
    if text == "." and [piece.text for piece in row.line[at : at + 3]] == ["."] * 3:
        return dots(row, at, at + 3)
    following = row.line[at + 1].text if at + 1 < len(row.line) else ""
    if text == ":" and following == "=":
        return at + 1
    if text + following in ("!=", "<=", ">=", "=="):
        row.emit("CMP", {"==": "="}.get(text + following, text + following), piece.start, row.line[at + 1].end)
        return at + 2
    if text in JOINS:
        row.emit("JOIN", Joint(JOINS[text], span_of(piece)), piece.start, piece.end)  # type: ignore[arg-type]
    elif text in COMPARED:
        row.emit("CMP", COMPARED[text], piece.start, piece.end)
    elif text in (",", ";"):
        row.emit("COMMA", text, piece.start, piece.end)
    elif text == "!":
        raise row.reading.at(piece, "a factorial is not read")
    elif text in ("&", "\\\\"):
        signs = at + 1 < len(row.line) and row.line[at + 1].text in GOES_ON
        if row.after_operand() and not signs:
            raise row.reading.at(piece, "two expressions side by side", "join them by a sign")
    elif not (text == "." and at == len(row.line) - 1):
        raise row.reading.at(piece, f"{text.strip('()')!r} cannot be read here")
    return at + 1


def dots(row: Row, at: int, after: int) -> int:
    """The dots between two plus signs: a term of its own."""
    joined = after < len(row.line) and row.line[after].text == "+" and bool(row.out) and row.out[-1].kind == "PLUS"
    if not joined:
        raise row.reading.at(row.line[at], "an ellipsis is not read here")
    row.atom(Name(SIGN, span=Span(row.line[at].start, row.line[after - 1].end)))
    return after


def plus_or_minus(row: Row, at: int) -> int:
    piece = row.line[at]
    if not row.out or row.out[-1].kind in ("LPAR", "COMMA", "CMP", "LBAR", "LNORM", "LANGLE"):
        if piece.text == "-" or not row.out:
            row.emit("MINUS" if piece.text == "-" else "PLUS", piece.text, piece.start, piece.end)
    elif row.after_operand():
        row.emit("MINUS" if piece.text == "-" else "PLUS", piece.text, piece.start, piece.end)
    elif piece.text == "-":
        row.emit("PREFIX", Prefix("negative", span_of(piece), lambda body: Negative(body[0]), "-"), piece.start, piece.end)
    return at + 1


def bar(row: Row, at: int) -> int:
    piece = row.line[at]
    mark, side = piece.text[0], piece.text[1:]
    nearest = row.open[-1] if row.open else ""
    after = row.after_operand()
    end = at + 1
    if (
        mark == "|"
        and not side
        and end < len(row.line)
        and row.line[end].text == "|"
        and row.line[end].glued
        and not (nearest == "|" and after)
    ):
        mark, end = "‖", at + 2
    kind = "NORM" if mark == "‖" else "BAR"
    if side == "(" or (not side and not (nearest == mark and after)):
        if end < len(row.line) and row.line[end].kind == "sub" and is_compared(row.line[end].parts[0]):
            return evaluated(row, end)
        row.open.append(mark)
        row.emit(f"L{kind}", mark, piece.start, row.line[end - 1].end)
        return end
    if nearest != mark and end < len(row.line) and row.line[end].kind == "sub" and is_compared(row.line[end].parts[0]):
        return evaluated(row, end)  # \big\rvert_{t = 0}
    if nearest != mark:
        raise row.reading.at(piece, "this bar has no beginning")
    row.open.pop()
    row.emit(f"R{kind}", mark, piece.start, row.line[end - 1].end)
    return row.closing_scripts(end, norm=True)


def evaluated(row: Row, at: int) -> int:
    """The point after a bar: |_{t = 0}."""
    script = row.line[at]
    row.emit("AT", At(condition_at(row, script), span_of(script)), script.start, script.end)
    return at + 1


def condition_at(row: Row, script: Piece) -> Comparison:
    """name = value below a bar."""
    conditions = row.reading.conditions(script.parts[0], script)
    if len(conditions) != 1 or conditions[0].op != "=":
        raise row.reading.at(script, "a bar is followed by one name = value")
    return conditions[0]
