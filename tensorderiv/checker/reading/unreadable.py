"""What is raised where a text cannot be read."""

from __future__ import annotations

from tensorderiv.errors import Place, SyntaxProblem


class Unreadable(SyntaxProblem):
    r"""The text, or a part of it, is not read. `understood` is the text up to that place.

    >>> print(Unreadable(r"2x + \lim x", 5, r"\lim is not read"))
    line 1, column 6: \lim is not read; understood so far: 2x +
    """

    def __init__(self, text: str, start: int, message: str, end: int | None = None, hint: str | None = None) -> None:
        start = max(0, min(start, len(text)))
        end = min(len(text), max(start + 1, end or 0))
        before = text[:start]
        line = before.count("\n") + 1
        column = start - (before.rfind("\n") + 1) + 1
        self.text, self.start, self.end = text, start, end
        self.understood = before.strip()
        shown = " ".join(self.understood.split())
        shown = shown if len(shown) <= 60 else "..." + shown[-57:]
        so_far = f"understood so far: {shown}" if shown else ""
        place = Place(text, line, column, max(1, end - start))
        super().__init__(message, place=place, hint="; ".join(part for part in (hint, so_far) if part) or None)
