"""The symbols of a case: shape, family, value and assumptions of each name, and how the reading chosen is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tensorderiv.algebra.index import Extent
from tensorderiv.checker.case import Assumption, Symbol
from tensorderiv.checker.document.facts import MATRIX_WORDS, Fact
from tensorderiv.checker.document.names import Names, Used
from tensorderiv.checker.document.orders import Candidate
from tensorderiv.checker.document.sizes import Sizes
from tensorderiv.checker.document.solve import EVERY, Solution

ROWWISE: dict[Assumption, Assumption] = {"simplex": "simplex_rows", "unit_norm": "unit_rows", "one_hot": "one_hot_rows"}
POSITIVE = frozenset(
    {"positive", "nonnegative", "unit_interval", "simplex", "simplex_rows", "positive_definite", "one_hot", "one_hot_rows"}
)


@dataclass
class Symbols:
    """Makes the symbols of a case; what was chosen is told in `notes`."""

    names: Names
    solution: Solution
    sizes: Sizes
    facts: Mapping[str, Fact]
    notes: list[str]

    def of(self, name: str) -> Symbol:
        candidate = self.solution.chosen[name]
        used = self.names.used[name]
        fact = self.facts.get(name)
        extents = () if name in self.sizes.unsized else tuple(self.sizes.of(a) for a in self.solution.shaper.axes_of(name))
        if candidate.twins:
            self.notes.append(f"{name}: {'basis vectors' if candidate.value == 'basis' else '1 at its subscripts, else 0'}")
            return Symbol(name, extents[candidate.twins :], candidate.value, used.letters[: candidate.twins])
        if name in self.sizes.unsized:
            self.notes.append(f"{name}: the identity, as large as each place needs")
            return Symbol(name, (), candidate.value)
        family = used.is_family(candidate.order)
        assume = self._assumed(name, used, candidate, fact)
        self.notes.append(f"{name}: {told(extents, candidate, used, family)}" + (f", {', '.join(assume)}" if assume else ""))
        if self.solution.dropped in (name, EVERY) and fact is not None and fact.shape is not None:
            self.notes.append(f"{name}: the shape said of it does not fit this definition; it is read as {_by(extents)} here")
        if family:
            return Symbol(name, extents[used.most :], candidate.value, used.letters[: used.most], assume)
        return Symbol(name, extents, candidate.value, (), assume)

    def _assumed(self, name: str, used: Used, candidate: Candidate, fact: Fact | None) -> tuple[Assumption, ...]:
        """What is said of the name, as far as its shape allows; what a logarithm is taken of is positive."""
        said = list(fact.assume) if fact is not None and candidate.value is None else []
        found: list[Assumption] = []
        for word in said:
            order = candidate.order - used.members(candidate.order)
            if (word in MATRIX_WORDS and order != 2) or (word in ROWWISE and not candidate.order):
                continue
            found.append(ROWWISE[word] if word in ROWWISE and candidate.order >= 2 else word)
        if used.logarithm and candidate.value is None and not POSITIVE & set(found):
            found.append("positive")
            self.notes.append(f"{name}: taken to be positive, since its logarithm stands there")
        return tuple(dict.fromkeys(found))


def _by(extents: Sequence[Extent]) -> str:
    return " x ".join(str(size) for size in extents)


WORDS = {
    "ones": "all ones",
    "zeros": "zeros",
    "identity": "the identity",
    "copy": "1 where all its indices agree",
    "label": "labels",
}


def told(extents: Sequence[Extent], candidate: Candidate, used: Used, family: bool) -> str:
    """The reading of a name in words.

    >>> told(("n", "d"), Candidate(2), Used("X", frozenset({1, 2})), False)
    'n x d (rows are the points)'
    """
    if candidate.value in WORDS:
        return f"{WORDS[candidate.value]}, {_by(extents)}" if extents else WORDS[candidate.value]
    if not extents:
        return "a number"
    if family:
        kind = "vectors" if candidate.order - used.most == 1 else "matrices"
        return f"{kind} of {_by(extents[used.most :])}, one for each of {_by(extents[: used.most])}"
    if len(extents) == 1:
        return f"a vector of {extents[0]}"
    return _by(extents) + (" (rows are the points)" if len(extents) == 2 and 1 in used.counts else "")
