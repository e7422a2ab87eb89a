"""How far long work has come: one record, handed to whoever asks for it. The library itself prints nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """What is being done now, to which definition, and the how-manieth of how many that is (from 1)."""

    name: str
    number: int
    count: int
    doing: str

    def __str__(self) -> str:
        return f"{self.number} of {self.count}  {self.name}  {self.doing}"


Watcher = Callable[[Progress], None]


def reporter(progress: Watcher | None, name: str, number: int = 1, count: int = 1) -> Callable[[str], None]:
    """What a stage calls with a few words, `doing("deriving")`. Nothing happens where nobody listens.

    >>> reporter(print, "rbf", 2, 13)("deriving")
    2 of 13  rbf  deriving
    >>> reporter(None, "rbf")("deriving")
    """
    if progress is None:
        return unheard
    return lambda doing: progress(Progress(name, number, count, doing))


def unheard(doing: str) -> None:
    """Nobody listens."""
