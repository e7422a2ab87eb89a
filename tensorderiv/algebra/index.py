"""Indices and extents.

An `Index` is a symbol that ranges over a finite set; its extent says how large the set is. Identity is the pair (name, extent):
two bindings of the letter p with different extents are different indices. Substitution never captures (see `substitute`), so a
name needs to be unique only within its scope.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import TypeAlias

Extent: TypeAlias = str | int
"""How many values an index takes: a symbolic size such as "n", or a number."""


@dataclass(frozen=True, order=True)
class Index:
    """A symbol ranging over 0 .. extent - 1.

    >>> Index("i", "n")
    Index(name='i', extent='n')
    """

    name: str
    extent: Extent

    def __str__(self) -> str:
        return self.name


GREEK = frozenset(
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi omega "
    "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega".split()
)
"""Names that count as one letter."""

FAMILIES = ("pqrstuv", "ijklm", "abc", "ghe")
"""Letters that stand for one another: a fresh index is taken from the family of the index it resembles."""


OTHERS = "abcghpqrstuvijklm"
"""Letters taken when the family is used up."""


def fresh_names(like: str, taken: Iterable[str]) -> Iterator[str]:
    """Names not in `taken`: first from the family of `like`, then from the others, at last numbered (p1, p2, ...).

    A numbered letter is the last resort: in LaTeX c_{1} is also the element 1 of a tensor c.
    """
    used = set(taken)
    stem = like.rstrip("0123456789'") or like
    if len(stem) > 1:
        stem = "a"  # a Greek letter or a word with a number behind it could not be read back
    family = next((letters for letters in FAMILIES if stem in letters), stem)
    start = family.find(stem)
    others = "".join(letters for letters in FAMILIES if letters != family)
    for letter in family[start:] + family[:start] + others:
        if letter not in used:
            yield letter
    for letter in OTHERS:
        if letter not in used:
            yield letter
    for number in count(1):
        if f"{stem}{number}" not in used:
            yield f"{stem}{number}"


def fresh(like: Index, taken: Iterable[str]) -> Index:
    """An index of the same extent whose name is not in `taken`.

    >>> fresh(Index("p", "d"), {"p", "q"})
    Index(name='r', extent='d')
    """
    return Index(next(fresh_names(like.name, taken)), like.extent)
