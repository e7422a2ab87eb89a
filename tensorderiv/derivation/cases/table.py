"""The case table: patterns with the same value gathered under the shortest conditions, then "otherwise".

Conditions are conjunctions of i = j and i != j. Rows never overlap: first those that are not zero, then those where deltas hold
and the value is zero all the same (such as i = j in a distance), then the rest.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

from tensorderiv.algebra.build import ZERO
from tensorderiv.algebra.expression import Condition, Expr, Select
from tensorderiv.algebra.program import Program
from tensorderiv.canonical import canonical
from tensorderiv.derivation.cases.count import Count, product, total
from tensorderiv.derivation.cases.patterns import Atom, Family, Pattern, all_patterns, condition_of
from tensorderiv.derivation.cases.settle import Settler, compared_families
from tensorderiv.derivation.formula import Formula
from tensorderiv.errors import RuleProblem

MOST_INDICES = 5
"""More indices of one extent than this have too many patterns to be read: five have 52, six 203."""

MOST_ATOMS = 12
"""Pairs of compared indices: conditions are chosen among the 2^12 subsets of their comparisons."""


@dataclass(frozen=True)
class Case:
    """One row: under the condition (None: otherwise) the derivative has this value, at so many entries."""

    condition: Condition | None
    value: Expr
    entries: Count

    @property
    def is_zero(self) -> bool:
        return self.value == ZERO


@dataclass(frozen=True)
class CaseTable:
    """The rows, in order; they exclude one another and leave nothing out."""

    formula: Formula
    families: tuple[Family, ...]
    cases: tuple[Case, ...]
    entries: Count

    @property
    def nonzeros(self) -> Count:
        """How many entries are not zero by structure; single ones may vanish at special inputs."""
        return total(self.entries.sizes, [case.entries for case in self.cases if not case.is_zero])

    @property
    def expr(self) -> Expr:
        """The table as one expression: if(c, v, if(c, v, ...))."""
        whole = self.cases[-1].value
        for case in reversed(self.cases[:-1]):
            assert case.condition is not None, "only the last row is `otherwise`"
            whole = Select(case.condition, case.value, whole)
        return whole


def case_table(formula: Formula, program: Program) -> CaseTable:
    """The table of a derivative. Raises RuleProblem where no two of its indices are compared, or too many are."""
    families = compared_families(formula.expr, formula.axes)
    if not families:
        raise RuleProblem(
            "no delta is left that compares two indices of the derivative", hint="one formula holds for all entries"
        )
    widest = max(families, key=len)
    pairs = sum(len(family) * (len(family) - 1) // 2 for family in families)
    if len(widest) > MOST_INDICES or pairs > MOST_ATOMS:
        names = ", ".join(str(index) for family in families for index in family)
        raise RuleProblem(f"the indices {names} coincide in too many ways for a table", hint="read the closed form")
    return _Builder(formula, program, families).table()


class _Builder:
    """Values by pattern; then rows, each by the condition that covers most."""

    def __init__(self, formula: Formula, program: Program, families: tuple[Family, ...]) -> None:
        self.formula, self.families = formula, families
        self.settler = Settler((*program.statements, *formula.names))
        self.outputs = frozenset(program.output.indices)
        self.patterns = all_patterns(families)
        self.values = [self.settler.value(formula.expr, pattern) for pattern in self.patterns]
        self.forms = [canonical(value) for value in self.values]
        self.sizes = tuple(dict.fromkeys(i.extent for i in formula.axes if isinstance(i.extent, str)))
        self._same: dict[tuple[int, int], bool] = {}

    def table(self) -> CaseTable:
        left = set(range(len(self.patterns)))
        cases: list[Case] = []
        rows = [place for place in self._reading_order() if self.values[place] != ZERO]
        noted = [place for place in self._reading_order() if self.values[place] == ZERO and self._cancels(place)]
        for place in (*rows, *noted):
            if place in left:
                atoms, covered = self._cover(place, left)
                left -= covered
                cases.append(Case(condition_of(atoms), self.values[self._finest(covered)], self._count(covered)))
        if left:
            cases.append(Case(None, ZERO, self._count(left)))
        else:
            cases.append(Case(None, cases[-1].value, cases.pop().entries))
        entries = product(self.sizes, [index.extent for index in self.formula.axes])
        return CaseTable(self.formula, self.families, tuple(cases), entries)

    def _reading_order(self) -> list[int]:
        """Few coincidences first, but the pattern without any last."""
        blocks = [len(pattern.blocks) for pattern in self.patterns]
        most = max(blocks)
        return sorted(range(len(blocks)), key=lambda place: (blocks[place] == most, -blocks[place]))

    def _cancels(self, place: int) -> bool:
        """Whether some term of the formula survives its deltas, though the whole is zero."""
        return self.settler.settle(self.formula.expr, self.patterns[place]) != ZERO

    def _cover(self, place: int, left: set[int]) -> tuple[tuple[Atom, ...], frozenset[int]]:
        """The condition around a pattern that holds for most of the patterns left, all of one value, in fewest words."""
        atoms = self._atoms(self.patterns[place])
        every = frozenset(range(len(self.patterns)))
        holding = {atom: frozenset(p for p in every if atom.holds(self.patterns[p])) for atom in atoms}
        best: tuple[tuple[int, int, tuple[int, ...]], tuple[Atom, ...], frozenset[int]] | None = None
        for size in range(len(atoms) + 1):
            for places in itertools.combinations(range(len(atoms)), size):
                chosen = tuple(atoms[p] for p in places)
                covered = every.intersection(*(holding[atom] for atom in chosen))
                rank = (-len(covered), size, places)
                if covered <= left and (best is None or rank < best[0]) and self._uniform(covered):
                    best = rank, chosen, covered
        assert best is not None, "all atoms together hold for the pattern alone"
        return best[1], best[2]

    def _atoms(self, pattern: Pattern) -> list[Atom]:
        """What the pattern says of each pair: equalities first, an index of the variable on the left of one of the output."""
        found = []
        for family in self.families:
            for first, second in itertools.combinations(family, 2):
                swap = second not in self.outputs and first in self.outputs and pattern.alike(first, second)
                found.append(Atom(*((second, first) if swap else (first, second)), pattern.alike(first, second)))
        return sorted(found, key=lambda atom: not atom.same)

    def _finest(self, covered: Iterable[int]) -> int:
        """The covered pattern with fewest coincidences: its value speaks for the others."""
        return max(sorted(covered), key=lambda place: len(self.patterns[place].blocks))

    def _uniform(self, covered: frozenset[int]) -> bool:
        """Whether one value serves: all are zero, or none is and the finest pattern's value specialises to each."""
        zeros = [self.forms[place] == ZERO for place in sorted(covered)]
        if any(zeros):
            return all(zeros)
        finest = self._finest(covered)
        return all(self._specialises(finest, place) for place in sorted(covered))

    def _specialises(self, general: int, special: int) -> bool:
        if general == special:
            return True
        key = general, special
        if key not in self._same:
            value = self.settler.settle(self.values[general], self.patterns[special])
            self._same[key] = canonical(value) == self.forms[special]
        return self._same[key]

    def _count(self, covered: Iterable[int]) -> Count:
        return total(self.sizes, [self._entries(self.patterns[place]) for place in sorted(covered)])

    def _entries(self, pattern: Pattern) -> Count:
        """Different blocks take different values; what is not compared runs freely."""
        compared = {index for family in self.families for index in family}
        count = product(self.sizes, [index.extent for index in self.formula.axes if index not in compared])
        for family in self.families:
            blocks = sum(1 for block in pattern.blocks if block[0] in family)
            count = count * Count.falling(self.sizes, family[0].extent, blocks)
        return count
