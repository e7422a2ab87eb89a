"""Text -> raw tokens: words, numbers, signs, LaTeX commands; subscripts are cut into their indices here.

Nothing is decided that needs more than the neighbouring characters; `resolve` does the rest.
"""

from __future__ import annotations

import re
import unicodedata
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

REMARK = re.compile(r"%+\s*([A-Za-z]{2,})\b")
HEXADECIMAL = re.compile(r"0[xX][0-9a-fA-F]")
REMEDIES = {
    "@": "write A B for the product of matrices",
    "%": "write # for a remark; remainders are not read",
    "Σ": r"write sum_i for a sum, \Sigma for the letter",
    "Π": r"write prod_i for a product, \Pi for the letter",
}


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
            elif char == "#" or (char == "%" and self.remark(position)):
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

    def remark(self, position: int) -> bool:
        """Whether % begins a remark: at the start of a line, in LaTeX, and before a word that stands nowhere else."""
        before = self.text[self.text.rfind("\n", 0, position) + 1 : position]
        if not before.strip() or "\\" in self.source.original:
            return True
        word = REMARK.match(self.text, position)
        return word is not None and len(re.findall(rf"\b{word[1]}\b", self.text)) == 1

    def number(self, position: int, end: int, split: bool) -> int:
        if HEXADECIMAL.match(self.text, position, end):
            raise self.source.problem("hexadecimal numbers are not read", position, hint="write it in decimal digits")
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
        char = self.text[position]
        raise self.source.problem(f"the character {char!r} is not of the language", position, hint=remedy(char))


def remedy(char: str) -> str | None:
    """What to write for a character that is not read: x_1 for a small 1, 1/2 for a half."""
    if char in REMEDIES:
        return REMEDIES[char]
    plain = unicodedata.normalize("NFKC", char).replace("\N{FRACTION SLASH}", "/")
    if unicodedata.decomposition(char).startswith("<sub>"):
        return f"write x_{plain}"
    if unicodedata.decomposition(char).startswith("<super>"):
        return f"write x^{plain}"
    name = unicodedata.name(char, "")
    if name.startswith("GREEK CAPITAL LETTER ") and len(name.split()) == 4:
        return f"write \\{name.split()[-1].capitalize().replace('Lamda', 'Lambda')}"
    return f"write {plain}" if plain != char and plain.isascii() else None


def scan(source: Source) -> list[Token]:
    """All raw tokens of a source."""
    scanner = Scanner(source)
    scanner.scan(0, len(source.text))
    return scanner.out
