"""A name for every extent: what is declared, the upper limits of sums, a size that divides a sum; else letters that are free."""

from __future__ import annotations

from collections.abc import Sequence

from tensorderiv.algebra.index import Extent
from tensorderiv.checker import tree as t
from tensorderiv.checker.document.names import Names
from tensorderiv.checker.document.solve import Problem, Solution
from tensorderiv.checker.document.union import Axis

SIZES = frozenset({"n", "N", "m", "M", "d", "D", "p", "K", "T", "B", "C", "q", "k"})
INVENTED = ("n", "d", "m", "p", "q", "r", "s", "u", "v", "w", "a", "b", "c", "h")


class Sizes:
    """A name for every extent: what is declared, the upper limits of sums, else letters that are free."""

    def __init__(self, names: Names, problem: Problem, solution: Solution, notes: list[str]) -> None:
        self.union = solution.shaper.union
        self.given: list[Extent] = []
        self.invented: set[Extent] = set()
        self.unsized: set[str] = set()
        self.counted: set[str] = set()
        self.taken = set(names.used) | set(names.indices) | set(names.defined) | problem.extents
        self.notes = notes
        self.said = sorted({size for fact in problem.facts.values() for size in fact.shape or () if isinstance(size, str)})
        axes = [axis for name in solution.chosen for axis in solution.shaper.axes_of(name)]
        axes += [("index", letter, 0) for letter in names.indices]
        self._places(solution, axes)
        axes = [axis for axis in axes if axis[1] not in self.unsized or axis[0] != "axis"]
        self._count(names, solution, axes)
        self._identities(solution)
        for axis in axes:
            self.of(axis)

    def _count(self, names: Names, solution: Solution, axes: Sequence[Axis]) -> None:
        """1/N before a sum over j: N is the number of values of j. A lone size letter is the one extent that has no name."""
        for name, candidate in solution.chosen.items():
            used = names.used.get(name)
            if name not in SIZES or candidate.order or used is None or used.most or used.denominator or used.differential:
                continue
            if used.logarithm or candidate.value is not None:
                continue
            letters = [letter for line in self._all(solution) for letter in _divided(line, name)]
            roots = {self.union.root(("index", letter, 0)) for letter in letters}
            roots |= self._of_ones(solution, name)
            open_roots = {self.union.root(axis) for axis in axes if self.union.size(axis) is None}
            if len(roots & open_roots) == 1:
                self._give((roots & open_roots).pop(), name)
            elif not roots and len(open_roots) == 1 and name in ("n", "N", "d"):
                self._give(open_roots.pop(), name)

    def _places(self, solution: Solution, axes: Sequence[Axis]) -> None:
        """An identity of one size at all its places has that size; one of several sizes has none of its own."""
        for name, places in solution.shaper.places.items():
            own = solution.shaper.axes_of(name)
            told = {self.union.root(axis) for axis in axes if axis not in own}
            roots = dict.fromkeys(root for axis in places if (root := self.union.root(axis)) in told or self.union.size(root))
            if len(roots) > 1:
                self.unsized.add(name)
            for root in roots if len(roots) == 1 else ():
                self.union.join(own[0], root)
                self.union.join(own[1], root)

    def _identities(self, solution: Solution) -> None:
        """An identity whose size nothing tells has the one size that is declared."""
        for name, candidate in solution.chosen.items():
            if candidate.value == "identity" and len(self.said) == 1 and name not in self.unsized:
                axis = solution.shaper.axes_of(name)[0]
                if self.union.size(axis) is None:
                    self.union.give(axis, self.said[0])

    def _of_ones(self, solution: Solution, name: str) -> set[Axis]:
        """The extents of ones divided by the name, or of the identity where nothing else tells."""
        kinds = {
            other: candidate.value for other, candidate in solution.chosen.items() if candidate.value in ("ones", "identity")
        }
        below = {other for line in self._all(solution) for other in _beside(line, name) if kinds.get(other) == "ones"}
        if not below and name in ("n", "N", "d"):
            below = {other for other, value in kinds.items() if value == "identity"}
        return {self.union.root(axis) for other in below for axis in solution.shaper.axes_of(other)}

    def _all(self, solution: Solution) -> list[t.Node]:
        return [*solution.trees, *(definition.body for definition in solution.shaper.bodies.values())]

    def _give(self, axis: Axis, name: str) -> None:
        self.union.give(axis, name)
        self.counted.add(name)
        self.notes.append(f"{name}: a size")

    def of(self, axis: Axis) -> Extent:
        size = self.union.size(axis)
        if size is None:
            size = next((letter for letter in INVENTED if letter not in self.taken), f"n_{len(self.taken)}")
            self.union.give(axis, size)
            self.invented.add(size)
        self.taken.add(str(size))
        if size not in self.given:
            self.given.append(size)
        return size


def _divided(node: t.Node, name: str) -> list[str]:
    """The indices of the sums that are divided by a name."""
    found: list[str] = []
    for part in t.walk(node):
        parts: list[t.Node] = []
        below: list[t.Node] = []
        if isinstance(part, t.Product):
            parts = [factor for _, factor in part.factors]
            below = [factor.below for factor in parts if isinstance(factor, t.Ratio)]
            below += [factor for joint, factor in part.factors if joint == "over"]
        elif isinstance(part, t.Ratio):
            parts, below = [part.above], [part.below]
        if any(isinstance(inner, t.Name) and inner.name == name for lower in below for inner in t.walk(lower)):
            found += [
                letter for factor in parts for inner in t.walk(factor) if isinstance(inner, t.Big) for letter in inner.bound
            ]
    return found


def _beside(node: t.Node, name: str) -> list[str]:
    """The names in the fractions that a name divides."""
    found: list[str] = []
    for part in t.walk(node):
        if isinstance(part, t.Ratio) and any(isinstance(inner, t.Name) and inner.name == name for inner in t.walk(part.below)):
            found += [inner.name for inner in t.walk(part.above) if isinstance(inner, t.Name)]
    return found
