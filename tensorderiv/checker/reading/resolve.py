"""Pieces -> the tokens of the grammar: what each letter, sign and command is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tensorderiv.checker.reading import commands, letters, numbers, signs, tables
from tensorderiv.checker.reading.derivatives import Derivatives
from tensorderiv.checker.reading.fences import matching, separated
from tensorderiv.checker.reading.items import Choices, Prefix, Script, span_of
from tensorderiv.checker.reading.parse import Chain, Lexeme, parse
from tensorderiv.checker.reading.pieces import Piece
from tensorderiv.checker.reading.scopes import Scopes
from tensorderiv.checker.reading.scripts import attach
from tensorderiv.checker.reading.spelling import scripts_end
from tensorderiv.checker.reading.subscripts import Subscripts
from tensorderiv.checker.reading.unreadable import Unreadable
from tensorderiv.checker.reading.vocabulary import Vocabulary
from tensorderiv.checker.reading.words import (
    CLOSING,
)
from tensorderiv.checker.tree import (
    Call,
    Comparison,
    Node,
)

ENDS_OPERAND = frozenset({"ATOM", "RPAR", "RBAR", "RNORM", "RANGLE", "SCRIPTS"})
Pieces = Sequence[Piece]
DEEPEST = 40
"""Nesting of rows."""


class Reading:
    """One reading of one text: what is shared by the rows of its parts. `unsaid`: functions whose arguments the text is."""

    def __init__(self, text: str, known: Vocabulary, choices: Choices) -> None:
        self.text, self.known, self.choices = text, known, choices
        self.depth = 0
        self.unsaid: frozenset[str] = frozenset()
        self.scopes = Scopes(known, choices, lambda message, span: self.problem(message, span.start, span.end))
        self.subscripts = Subscripts(self)
        self.derivatives = Derivatives(self)

    def problem(self, message: str, start: int, end: int | None = None, hint: str | None = None) -> Unreadable:
        return Unreadable(self.text, start, message, end, hint)

    def at(self, piece: Piece, message: str, hint: str | None = None) -> Unreadable:
        return self.problem(message, piece.start, piece.end, hint)

    def listing(self, line: Pieces, place: Piece | None = None) -> tuple[Node, ...]:
        """The relations of a row, which commas separate."""
        if self.depth >= DEEPEST:
            raise self.problem(
                f"nested more than {DEEPEST} deep", line[0].start if line else 0, hint="name parts of it in definitions"
            )
        self.depth += 1
        try:
            return self.relations(line, place)
        finally:
            self.depth -= 1

    def relations(self, line: Pieces, place: Piece | None) -> tuple[Node, ...]:
        if not line:
            start = place.start if place else len(self.text)
            raise self.problem("something is missing here", start, place.end if place else None)
        return parse(Row(self, line).lexemes(), self.scopes)

    def expression(self, line: Pieces, place: Piece | None = None) -> Node:
        """The one expression of a row."""
        found = self.listing(line, place)
        if len(found) != 1:
            raise self.problem("one expression stands here, not a list", line[0].start, line[-1].end)
        if isinstance(found[0], Chain | Comparison):
            raise self.problem("a comparison stands where a value belongs", line[0].start, line[-1].end)
        return found[0]

    def conditions(self, line: Pieces, place: Piece | None = None) -> tuple[Comparison, ...]:
        """Comparisons, separated by commas or words, chains taken apart."""
        found: list[Comparison] = []
        for part in separated(line, lambda p: p.text in (",", ";", "and") and p.kind in ("sign", "word")):
            for one in self.listing(part, place):
                if not isinstance(one, Chain | Comparison):
                    raise self.problem("a condition compares two things", part[0].start, part[-1].end)
                found.extend(one.links if isinstance(one, Chain) else (one,))
        return tuple(found)

    def scripts(
        self, line: Pieces, at: int, stop: int, rank: int | None = None, skip: frozenset[int] = frozenset()
    ) -> tuple[Script, ...]:
        return tuple(self.subscripts.script(line[k], rank) for k in range(at, stop) if k not in skip)


class Row:
    """The tokens of one row of pieces."""

    def __init__(self, reading: Reading, line: Pieces) -> None:
        self.reading, self.line = reading, line
        self.known, self.choices = reading.known, reading.choices
        self.out: list[Lexeme] = []
        self.open: list[str] = []
        self.partner = matching(line, reading.text)

    def lexemes(self) -> list[Lexeme]:
        at = 0
        while at < len(self.line):
            at = self.step(at)
        return self.out

    def emit(self, kind: str, value: Any, start: int, end: int) -> None:
        self.out.append(Lexeme(kind, value, start, end))

    def atom(self, node: Node) -> None:
        assert node.span is not None
        self.emit("ATOM", node, node.span.start, node.span.end)

    def after_operand(self) -> bool:
        return bool(self.out) and self.out[-1].kind in ENDS_OPERAND

    def step(self, at: int) -> int:
        piece = self.line[at]
        if piece.kind == "symbol":
            return letters.symbol(self, at)
        if piece.kind == "number":
            return numbers.number(self, at)
        if piece.kind == "sign":
            return signs.sign(self, at)
        if piece.kind == "command":
            return commands.command(self, at)
        if piece.kind == "fraction":
            found = self.reading.derivatives.fraction(piece)
            if isinstance(found, Prefix):
                self.emit("PREFIX", found, piece.start, piece.end)
                return at + 1
            return self.with_scripts(found, at + 1)
        if piece.kind == "root":
            body, degree = piece.parts
            base = self.reading.expression(degree) if degree else None
            name = "root" if base else "sqrt"
            return self.with_scripts(Call(name, (self.reading.expression(body, piece),), base, span=span_of(piece)), at + 1)
        if piece.kind == "fence":
            return tables.fence(self, at)
        if piece.kind == "table":
            return tables.table(self, at)
        if piece.kind == "word":
            if at == len(self.line) - 1 and self.after_operand():
                return at + 1  # a remark at the end of the line
            raise self.reading.at(piece, f"the words {piece.text!r} are not read")
        raise self.reading.at(piece, "a script without anything it belongs to")

    def with_scripts(self, node: Node, at: int, rank: int | None = None, skip: frozenset[int] = frozenset()) -> int:
        """Puts an operand with the scripts that follow it; the place behind them."""
        stop = scripts_end(self.line, at)
        self.atom(attach(node, self.reading.scripts(self.line, at, stop, rank, skip), self.known, self.choices))
        return stop

    def bracketed(self, at: int) -> tuple[Pieces, int] | None:
        """The content of the brackets that open at a place, and the place behind them."""
        if at >= len(self.line):
            return None
        piece = self.line[at]
        if piece.kind == "fence" and piece.text in ("( )", "[ ]", "{ }"):
            return piece.parts[0], at + 1
        if piece.kind == "sign" and piece.text in CLOSING and at in self.partner:
            return self.line[at + 1 : self.partner[at]], self.partner[at] + 1
        return None

    def closing_scripts(self, at: int, *, norm: bool = False) -> int:
        """Puts the scripts behind a closing bracket; the place behind them."""
        stop = scripts_end(self.line, at)
        if stop > at:
            scripts = self.norm_scripts(at)[0] if norm else self.reading.scripts(self.line, at, stop)
            self.emit("SCRIPTS", scripts, self.line[at].start, self.line[stop - 1].end)
        return stop

    def norm_scripts(self, at: int) -> tuple[tuple[Script, ...], int]:
        """The scripts of a norm, and the place behind them."""
        stop = scripts_end(self.line, at)
        return tuple(self.reading.subscripts.of_norm(piece) for piece in self.line[at:stop]), stop
