"""Text that remembers where in the source each of its characters stands, however it was cut, joined or rewritten."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Mapped:
    """`origin[k]` is the offset in the source of the character `text[k]`.

    >>> piece = Mapped.of("a + b").cut(2, 5).replaced([(0, 1, "-")])
    >>> piece.text, piece.span
    ('- b', (2, 5))
    """

    text: str
    origin: tuple[int, ...]

    @classmethod
    def of(cls, source: str) -> Mapped:
        """The source itself."""
        return cls(source, tuple(range(len(source))))

    @property
    def span(self) -> tuple[int, int]:
        """From where to where in the source: the end is not included."""
        return (min(self.origin), max(self.origin) + 1) if self.origin else (0, 0)

    def cut(self, start: int, end: int) -> Mapped:
        return Mapped(self.text[start:end], self.origin[start:end])

    def stripped(self, characters: str | None = None) -> Mapped:
        """Without blanks (or the characters given) at both ends."""
        start = len(self.text) - len(self.text.lstrip(characters))
        end = max(start, len(self.text.rstrip(characters)))
        return self.cut(start, end)

    def replaced(self, changes: Iterable[tuple[int, int, str]]) -> Mapped:
        """Each stretch (start, end) by a new text; stretches stand in order and do not overlap."""
        parts: list[Mapped] = []
        at = 0
        for start, end, new in changes:
            parts.append(self.cut(at, start))
            where = self.origin[start:end] or self.origin[start : start + 1] or self.origin[-1:] or (0,)
            parts.append(Mapped(new, tuple(where[min(k, len(where) - 1)] for k in range(len(new)))))
            at = end
        parts.append(self.cut(at, len(self.text)))
        return joined(parts)


def joined(parts: Iterable[Mapped]) -> Mapped:
    """One after the other."""
    found = list(parts)
    return Mapped("".join(part.text for part in found), tuple(place for part in found for place in part.origin))
