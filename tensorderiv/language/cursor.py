"""Moving through a source text: emitting tokens, finding the ends of groups."""

from __future__ import annotations

from dataclasses import dataclass, field

from tensorderiv.language.source import Source
from tensorderiv.language.tokens import (
    COMMAND,
    OPERAND_END,
    Token,
)


@dataclass
class Cursor:
    """A source and the tokens found so far; positions only move forward."""

    source: Source
    out: list[Token] = field(default_factory=list)
    depth: int = 0  # of commands within commands

    @property
    def text(self) -> str:
        return self.source.text

    def emit(self, kind: str, text: str, start: int, end: int, *, bold: bool = False) -> None:
        spaced = start == 0 or self.text[start - 1] in " \t\n$~"
        self.out.append(Token(kind, text, start, end, spaced, bold))

    def after_operand(self, position: int) -> bool:
        return bool(self.out) and self.out[-1].kind in OPERAND_END and self.out[-1].end == position

    def line_end(self, position: int, end: int) -> int:
        stop = self.text.find("\n", position, end)
        return end if stop < 0 else stop

    def separate(self, split: bool, position: int) -> None:
        """In a subscript, X_{i p} and X_{ip} mean X_{i,p}."""
        if split and self.out and self.out[-1].kind in OPERAND_END:
            self.emit("COMMA", ",", position, position)

    def skip_blank(self, position: int, end: int) -> int:
        while position < end and self.text[position] in " \t\n~":
            position += 1
        return position

    def closing(self, position: int, end: int) -> int:
        """The offset of the brace that closes the one at `position`."""
        level = 0
        at = position
        while at < end:
            char = self.text[at]
            if char == "\\":
                at += 1
            elif char == "{":
                level += 1
            elif char == "}":
                level -= 1
                if level == 0:
                    return at
            at += 1
        raise self.source.problem("this { is never closed", position, hint="add }")

    def group(self, position: int, end: int) -> tuple[int, int, int]:
        """(start, stop, after) of a braced group, or of the one character or command that stands for it."""
        position = self.skip_blank(position, end)
        if position < end and self.text[position] == "{":
            stop = self.closing(position, end)
            return position + 1, stop, stop + 1
        match = COMMAND.match(self.text, position, end)
        after = match.end() if match else min(position + 1, end)
        return position, after, after

    # -- what the layers above say ----------------------------------------------------------------------------------

    def scan(self, start: int, end: int, *, split: bool = False) -> None:
        """Tokens of text[start:end]."""
        raise NotImplementedError

    def command(self, position: int, end: int, split: bool) -> int:
        """A LaTeX command at `position`."""
        raise NotImplementedError
