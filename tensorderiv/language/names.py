"""What a name is made of: Sbar is S with a bar, sigma11 is sigma with the number 11, j' is j with a prime."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tensorderiv.algebra.index import GREEK

ACCENTS = ("bar", "dot", "hat", "tilde")


@dataclass(frozen=True)
class Name:
    """stem, number, accent over both, number after the accent, primes. A stem is a letter (Greek counts) or a word."""

    stem: str
    inner: str = ""
    accent: str = ""
    digits: str = ""
    primes: str = ""

    @property
    def is_letter(self) -> bool:
        return len(self.stem) == 1 or self.is_greek

    @property
    def is_greek(self) -> bool:
        return self.stem in GREEK


def dissect(name: str) -> Name:
    """The parts of a name. An accent needs a letter under it: crossbar is a word.

    >>> dissect("Sbar2"), dissect("sigma11"), dissect("crossbar")  # doctest: +NORMALIZE_WHITESPACE
    (Name(stem='S', inner='', accent='bar', digits='2', primes=''),
     Name(stem='sigma', inner='11', accent='', digits='', primes=''),
     Name(stem='crossbar', inner='', accent='', digits='', primes=''))
    """
    bare = name.rstrip("'")
    primes = name[len(bare) :]
    accented = re.fullmatch(rf"(?P<stem>.+?)(?P<inner>\d*)(?P<accent>{'|'.join(ACCENTS)})(?P<digits>\d*)", bare)
    if accented:
        found = Name(accented["stem"], accented["inner"], accented["accent"], accented["digits"], primes)
        if found.is_letter:
            return found
    numbered = re.fullmatch(r"(?P<stem>.*\D)(?P<inner>\d+)", bare)
    return Name(numbered["stem"], numbered["inner"], primes=primes) if numbered else Name(bare, primes=primes)
