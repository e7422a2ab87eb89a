"""A source text and the places in it. Unicode signs are spelled out first; places still count in the original."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

from tensorderiv.errors import Place, SyntaxProblem
from tensorderiv.language.lexicon import UNICODE

LONGEST_LINE = 5000
LONGEST_TEXT = 200_000
DEEPEST = 100


@dataclass
class Source:
    """`original` as typed, `text` with Unicode signs spelled out, and the map of offsets between them."""

    original: str
    text: str = ""
    offsets: list[int] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        pieces: list[str] = []
        for offset, char in enumerate(self.original):
            piece = UNICODE.get(char, char)
            pieces.append(piece)
            self.offsets.extend([offset] * len(piece))
        self.text = "".join(pieces).replace("\r\n", " \n").replace("\r", "\n")
        self.offsets.append(len(self.original))
        self.lines = [0] + [offset + 1 for offset, char in enumerate(self.original) if char == "\n"]

    def place(self, start: int, end: int | None = None) -> Place:
        """The place of text[start:end] in the original."""
        first = self.offsets[min(start, len(self.offsets) - 1)]
        last = self.offsets[min(end if end is not None else start + 1, len(self.offsets) - 1)]
        line = bisect_right(self.lines, first)
        return Place(self.original, line, first - self.lines[line - 1] + 1, max(1, last - first))

    def problem(self, message: str, start: int, end: int | None = None, hint: str | None = None) -> SyntaxProblem:
        """A syntax problem at text[start:end]."""
        return SyntaxProblem(message, place=self.place(start, end), hint=hint)


def make_source(text: str) -> Source:
    """The source of a text; texts, lines and nestings too large to be a definition are refused before any work is done."""
    if len(text) > LONGEST_TEXT:
        raise SyntaxProblem(f"the text has {len(text)} characters, at most {LONGEST_TEXT} are read", hint="split it")
    source = Source(text)
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > LONGEST_LINE:
            place = Place(text, number, LONGEST_LINE + 1)
            message = f"the line has {len(line)} characters, at most {LONGEST_LINE} are read"
            raise SyntaxProblem(message, place=place, hint="name parts of it on lines of their own")
    depth = 0
    for offset, char in enumerate(source.text):
        if char in "([{":
            depth += 1
            if depth > DEEPEST:
                message = f"brackets are nested more than {DEEPEST} deep"
                raise source.problem(message, offset, hint="name parts of the expression on lines of their own")
        elif char in ")]}":
            depth = max(0, depth - 1)
        elif char == "\0":
            raise source.problem("a NUL character stands in the text", offset)
    return source
