"""Text -> raw tokens: words, numbers, signs, LaTeX commands; subscripts are cut into their indices here.

Nothing is decided that needs more than the neighbouring characters; `resolve` does the rest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tensorderiv.language.commands import Commands
from tensorderiv.language.source import Source
from tensorderiv.language.tokens import (
    KEYWORDS,
    KINDS,
    NUMBER,
    SIGNS,
    UNIT,
    WORD,
    Token,
)


@dataclass
class Scanner(Commands):
    """Cuts a source into tokens."""

    def scan(self, start: int, end: int, *, split: bool = False) -> None:
        """Tokens of text[start:end]. `split`: a subscript, where each letter is an index."""
        position = start
        while position < end:
            char = self.text[position]
            if char in " \t$~":
                position += 1
            elif char in "#%":
                position = self.line_end(position, end)
            elif char == "\n":
                self.emit("NEWLINE", char, position, position + 1)
                position += 1
            elif char == ";":
                self.emit("SEMI", char, position, position + 1)
                position += 1
            elif char == "\\":
                position = self.command(position, end, split)
            elif char == "_":
                position = self.subscript(position, end)
            elif char.isascii() and (
                char.isdigit()
                or (char == "." and position + 1 < end and self.text[position + 1].isdigit() and not self.after_operand(position))
            ):
                position = self.number(position, end, split)
            elif char.isascii() and char.isalpha():
                position = self.word(position, end, split)
            else:
                position = self.sign(position, end, split)

    def number(self, position: int, end: int, split: bool) -> int:
        match = (re.compile(r"\d+") if split else NUMBER).match(self.text, position, end)
        assert match is not None
        self.separate(split, position)
        self.emit("NUMBER", match.group(), position, match.end())
        return match.end()

    def word(self, position: int, end: int, split: bool) -> int:
        match = WORD.match(self.text, position, end)
        assert match is not None
        word = match.group()
        if split and word not in ("argmax", "argmin"):
            unit = UNIT.match(self.text, position, end)
            assert unit is not None
            self.separate(split, position)
            self.emit("NAME", unit.group(), position, unit.end())
            return unit.end()
        self.separate(split, position)
        self.emit(KEYWORDS.get(word, "NAME"), word, position, match.end())
        return match.end()

    def sign(self, position: int, end: int, split: bool) -> int:
        for text in SIGNS:
            if self.text.startswith(text, position) and position + len(text) <= end:
                kind = KINDS.get(text, text)
                if split and kind in (":", "STAR"):
                    self.separate(split, position)
                    kind = "SLICE"
                self.emit(kind, text, position, position + len(text))
                return position + len(text)
        hint = "write A B for the product of matrices" if self.text[position] == "@" else None
        raise self.source.problem(f"the character {self.text[position]!r} is not of the language", position, hint=hint)


def scan(source: Source) -> list[Token]:
    """All raw tokens of a source."""
    scanner = Scanner(source)
    scanner.scan(0, len(source.text))
    return scanner.out
