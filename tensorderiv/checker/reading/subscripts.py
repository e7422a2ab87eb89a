"""What stands in scripts: indices, numbers, exponents, marks; and the branches of cases."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from tensorderiv.checker.reading.fences import separated
from tensorderiv.checker.reading.items import WHOLE_AXIS, Script
from tensorderiv.checker.reading.pieces import Piece
from tensorderiv.checker.reading.spelling import scripts_end, spelled
from tensorderiv.checker.reading.unreadable import Unreadable
from tensorderiv.checker.reading.words import COMPARED
from tensorderiv.checker.tree import Comparison, Name, Node, Number, Power, Span

if TYPE_CHECKING:
    from tensorderiv.checker.reading.resolve import Reading

BETWEEN = frozenset({",", ";", "|", "\\mid", "\\vert"})
WHOLE = frozenset({"\\cdot", ":", "*", "\\bullet", "."})
TRANSPOSES = frozenset({"\\top", "\\intercal", "\\transp", "\\prime"})


class Subscripts:
    """Reads scripts of one line."""

    def __init__(self, reading: Reading) -> None:
        self.reading, self.known = reading, reading.known

    def script(self, piece: Piece, rank: int | None) -> Script:
        """A script after an operand of so many subscripts (None: not known)."""
        span = Span(piece.start, piece.end)
        if piece.kind == "prime":
            return Script("sup", span, mark="T")
        content = piece.parts[0]
        if not content:
            raise self.reading.at(piece, "an empty script")
        if piece.kind == "sub":
            if [p.text for p in content] == ["+"]:
                return Script("sub", span, mark="+")
            return Script("sub", span, self.indices(content, rank, piece))
        mark = self.mark(content)
        if mark:
            return Script("sup", span, mark=mark)
        return self.above(content, span, piece)

    def mark(self, content: Sequence[Piece]) -> str:
        text = [piece.text for piece in content if piece.text not in ("{", "}")]
        last = content[-1]
        transposed = last.text in TRANSPOSES or last.text == "T" or (last.text == "t" and (last.style or not self.is_known(last)))
        if transposed and text in ([last.text], ["-", last.text]) and not any(p.kind in ("sub", "sup") for p in content):
            return "T" if len(text) == 1 else "-T"
        if content[0].text in ("\\circ", "\\odot") and text[1:] == ["2"]:
            return "circ"
        if (
            content[0].text in ("*", "\\dagger", "\\star", "\\circ", "\\odot", "+", "H")
            and len(content) == 1
            and not self.is_known(content[0])
        ):
            what = "power by entries" if content[0].text in ("\\circ", "\\odot") else "script"
            raise self.reading.at(content[0], f"the {what} ^{content[0].text} is not read")
        return ""

    def is_known(self, piece: Piece) -> bool:
        return any(names.find([piece], 0) for names in (self.known.names, self.known.letters, self.known.sizes))

    def above(self, content: Sequence[Piece], span: Span, piece: Piece) -> Script:
        """x^j, x^{(i)}, x^{j^2} or an exponent, which stays possible."""
        inner = content
        if len(content) > 2 and content[0].text == "(" and content[-1].text == ")":
            inner = content[1:-1]
        indices = self.letters(inner)
        if indices is not None and len(inner) < len(content):
            return Script("sup", span, indices, indices[0], label=True)
        if indices is not None:
            exponent: Node | None = indices[0] if len(indices) == 1 else self.quietly(content, piece)
            return Script("sup", span, indices, exponent)
        if len(content) > 1 and scripts_end(content, 1) == len(content) and content[1].kind == "sup":
            first = self.letters(content[:1])
            if first is not None:
                power = self.reading.expression(content[1].parts[0], piece)
                return Script("sup", span, first, Power(first[0], power, span=span))
        return Script("sup", span, exponent=self.reading.expression(content, piece))

    def quietly(self, content: Sequence[Piece], piece: Piece) -> Node | None:
        try:
            return self.reading.expression(content, piece)
        except Unreadable:
            return None

    def letters(self, content: Sequence[Piece]) -> tuple[Node, ...] | None:
        """The indices, if the content is nothing else."""
        found: list[Node] = []
        at = 0
        while at < len(content):
            if content[at].text in BETWEEN and found:
                at += 1
                continue
            match = self.known.letters.find(content, at)
            if match is None:
                return None
            stop = scripts_end(content, match.end)
            if len(match.scripts) < stop - match.end:
                return None
            found.append(Name(match.name, span=Span(content[at].start, content[stop - 1].end)))
            at = stop
        return tuple(found) or None

    def indices(self, content: Sequence[Piece], rank: int | None, piece: Piece) -> tuple[Node, ...]:
        """The subscripts: letters and digits each for itself, or expressions between commas."""
        if any(p.text in COMPARED for p in content):
            raise self.reading.at(piece, "a comparison in a subscript is not read here")
        if len(content) > 2 and content[0].text == "(" and content[-1].text == ")":
            content = content[1:-1]
            if len(content) > 1 and not any(p.text in BETWEEN for p in content):
                raise self.reading.at(piece, "symmetrised subscripts are not read")
        parts = list(separated(content, lambda p: p.text in BETWEEN))
        found: list[Node] = []
        for part in parts:
            found.extend(self.part(part, len(parts) > 1 or rank == 1, piece))
        wholes = sum(isinstance(one, Name) and one.name == WHOLE_AXIS for one in found)
        if wholes and (len(found) != 2 or wholes != 1):
            raise self.reading.at(piece, "a whole axis is read of a matrix only: X_{i\\cdot}, X_{\\cdot j}")
        return tuple(found)

    def is_vector(self, piece: Piece) -> bool:
        """Does this script make a vector of the 1 before it: 1^T, 1_i?"""
        if piece.kind == "sup":
            return self.mark(piece.parts[0]) == "T"
        return piece.kind == "prime" or self.letters(piece.parts[0]) is not None

    def part(self, part: Sequence[Piece], whole: bool, piece: Piece) -> list[Node]:
        if not part:
            raise self.reading.at(piece, "a subscript is missing")
        if any(p.kind in ("sign", "command", "fence", "fraction") for p in part):
            if len(part) == 1 and part[0].text in WHOLE:
                return [Name(WHOLE_AXIS, span=Span(part[0].start, part[0].end))]
            if part[0].text in WHOLE:
                return [*self.part(part[:1], whole, piece), *self.part(part[1:], whole, piece)]
            if part[-1].text in WHOLE:
                return [*self.part(part[:-1], whole, piece), *self.part(part[-1:], whole, piece)]
            return [self.reading.expression(part, piece)]
        found: list[Node] = []
        at = 0
        while at < len(part):
            one = part[at]
            if one.kind == "number":
                digits = [one.text] if whole or "." in one.text else list(one.text)
                for k, digit in enumerate(digits):
                    start = one.start + k if len(digits) > 1 else one.start
                    found.append(Number(Fraction(digit), span=Span(start, start + len(digit))))
                at += 1
                continue
            match = self.known.letters.find(part, at)
            if match is not None and scripts_end(part, match.end) - match.end == len(match.scripts):
                stop = scripts_end(part, match.end)
                found.append(Name(match.name, span=Span(one.start, part[stop - 1].end)))
            else:
                match = self.known.names.find(part, at) or self.known.sizes.find(part, at)
                if match is None:
                    raise self.reading.at(
                        one, f"{spelled(part[at : scripts_end(part, at + 1)])} is not an index", "declare it as one"
                    )
                stop = scripts_end(part, match.end)
                found.append(self.reading.expression(part[at:stop], piece))
            at = stop
        return found

    def of_norm(self, piece: Piece) -> Script:
        """A script of a norm: its kind below, an exponent above."""
        if piece.kind != "sub":
            return self.script(piece, 0)
        content = piece.parts[0]
        span = Span(piece.start, piece.end)
        only = content[0] if len(content) == 1 else None
        if only is not None and only.kind == "number":
            return Script("sub", span, (Number(Fraction(only.text), span=Span(only.start, only.end)),))
        if not content or any(p.kind not in ("symbol", "number", "command", "sign") for p in content):
            raise self.reading.at(piece, "this kind of norm is not read")
        return Script("sub", span, (Name(spelled(content).removeprefix("\\mathrm{").rstrip("}") or "", span=span),))

    def branch(self, row: Sequence[Sequence[Piece]], table: Piece) -> tuple[Node, tuple[Comparison, ...]]:
        """One line of cases: value & condition; or the value, a word, the condition."""
        cells = [list(cell) for cell in row if cell]
        if len(cells) == 1:
            words = [at for at, p in enumerate(cells[0]) if p.kind == "word" or self.word_at(cells[0], at)]
            if words:
                cells = [cells[0][: words[0]], cells[0][words[0] :]]
        if not cells or len(cells) > 2:
            raise self.reading.at(table, "a branch has a value and a condition")
        value = list(cells[0])
        while value and value[-1].text in (",", ";"):
            value.pop()
        node = self.reading.expression(value, table)
        if len(cells) == 1:
            return node, ()
        condition: list[Piece] = []
        at = 0
        while at < len(cells[1]):
            size = self.word_at(cells[1], at)
            if cells[1][at].kind == "word":
                text = cells[1][at].text.lower().strip(",:. ")
                if text in ("and",):
                    condition.append(cells[1][at])
                elif text not in ("if", "for", "when", "where", "otherwise", "else", "with"):
                    raise self.reading.at(cells[1][at], f"the condition {cells[1][at].text!r} is not read")
                at += 1
            elif size:
                at += size
            else:
                condition.append(cells[1][at])
                at += 1
        while condition and condition[-1].text in (",", ";", "."):
            condition.pop()
        return node, self.reading.conditions(condition, table) if condition else ()

    def word_at(self, cell: Sequence[Piece], at: int) -> int:
        """The size of a word of conditions in upright letters at a place."""
        letters = ""
        for piece in cell[at : at + 10]:
            if piece.kind != "symbol" or piece.style != "mathrm":
                break
            letters += piece.text
        return next((len(word) for word in ("otherwise", "when", "else", "for", "if") if letters == word), 0)
