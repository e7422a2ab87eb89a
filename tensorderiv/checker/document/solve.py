r"""Which reading of the names fits the lines, and which axes it makes equal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from tensorderiv.algebra.index import Extent
from tensorderiv.checker import tree as t
from tensorderiv.checker.case import Case, Layout, Symbol
from tensorderiv.checker.document.facts import INDEX, MATRIX_WORDS, Fact
from tensorderiv.checker.document.joining import Shape
from tensorderiv.checker.document.names import Names
from tensorderiv.checker.document.orders import Candidate, assignments
from tensorderiv.checker.document.shapes import Shaper
from tensorderiv.checker.document.union import Misfit, Union
from tensorderiv.checker.reading import Unreadable, Vocabulary, read_definitions, read_equation, read_line

SQUARE = MATRIX_WORDS - {"on_diagonal_zero"}
STAND_IN = 2
"""The extent of every axis while trees are read: only how many axes there are matters then."""


@dataclass(frozen=True)
class Trees:
    """Definitions and lines as trees; each line may have several."""

    definitions: tuple[t.Definition, ...]
    lines: tuple[tuple[t.Node | t.Equation, ...], ...]


@dataclass
class Solution:
    """A reading of the names. `score`: definitions that fit, lines that fit or nearly fit, lines that fit."""

    chosen: dict[str, Candidate]
    shaper: Shaper
    score: tuple[int, int, int]
    perfect: bool
    definitions_fit: bool
    trees: tuple[t.Node, ...] = ()
    dropped: str = ""
    numerator: bool = False


@dataclass
class Problem:
    """What is to be solved."""

    lines: Sequence[str]
    definitions: Sequence[str]
    names: Names
    choices: dict[str, list[Candidate]]
    functions: dict[str, int]
    facts: Mapping[str, Fact]
    extents: frozenset[str]
    chain: bool = True
    numerator: bool = False
    wrt: str | None = None
    layout: Layout | None = None
    stated: bool = False
    _read: dict[tuple[tuple[str, int], ...], Trees] = field(default_factory=dict)

    def trees(self, chosen: Mapping[str, Candidate]) -> Trees:
        """The trees under a reading. Raises: Unreadable."""
        key = tuple((name, candidate.order) for name, candidate in chosen.items())
        if key not in self._read:
            case = self._draft(chosen)
            vocabulary, definitions = read_definitions(case)
            self._read[key] = Trees(definitions, tuple(self._line(line, vocabulary) for line in self.lines))
        return self._read[key]

    def _line(self, line: str, vocabulary: Vocabulary) -> tuple[t.Node | t.Equation, ...]:
        return read_line(line, vocabulary) if self.chain else read_equation(line, vocabulary)

    def function(self, name: str) -> Symbol:
        """A function that nothing is said about, as a symbol."""
        return Symbol(name, value="function", arity=self.functions[name], calls=self.names.used[name].calls)

    def _counted(self, letter: str) -> Extent:
        """The size of an index; dots, x_1 + ... + x_n, are read as a sum by an index of that size only."""
        said = self.facts.get(INDEX + letter)
        return said.shape[0] if said is not None and said.shape else STAND_IN

    def _draft(self, chosen: Mapping[str, Candidate]) -> Case:
        symbols = [self.function(name) for name in self.functions]
        for name, candidate in chosen.items():
            used = self.names.used.get(name)
            family = used is not None and used.is_family(candidate.order)
            letters = used.letters[: used.most] if used is not None and family else ()
            inner = candidate.order - len(letters)
            symbols.append(Symbol(name, (STAND_IN,) * inner, candidate.value, letters))
        return Case(
            lines=tuple(self.lines),
            definitions=tuple(self.definitions),
            extents=tuple(sorted(self.extents)),
            indices={letter: self._counted(letter) for letter in self.names.indices},
            symbols=tuple(symbols),
            wrt=self.wrt,
            layout=self.layout,
        )


def solved(problem: Problem) -> Solution:
    """The reading that fits best; of those that fit equally well, the most usual. Raises: Unreadable."""
    best = _search(problem, "")
    if not best.definitions_fit:
        # what was said of a shape earlier in the document may belong to somebody else's convention
        for name, fact in problem.facts.items():
            if fact.shape is not None and name in problem.choices:
                found = _search(problem, name)
                if found.definitions_fit and found.score > best.score:
                    return found
    if not best.perfect and any(candidate.twins for candidate in best.chosen.values()):
        # basis vectors have one length: where they stand on both sides of X, X is square
        found = _search(problem, EVERY)
        if found.perfect:
            return found
    if not best.perfect and not problem.stated and not any(r"\nabla" in line for line in problem.lines):
        found = _search(replace(problem, numerator=True), "")
        if found.perfect:
            return found
    return best


EVERY = "*"
"""Every shape that was said is dropped."""
TRIED_WITH_TREES = 12
"""Readings for which the lines are read anew; beyond these the trees of the first one are taken."""


def _search(problem: Problem, dropped: str) -> Solution:
    best: Solution | None = None
    base: Trees | None = None
    refused: Unreadable | None = None
    for number, chosen in enumerate(assignments(problem.choices)):
        if number < TRIED_WITH_TREES or base is None:
            try:
                trees = problem.trees(chosen)
            except Unreadable as problem_found:
                refused = refused or problem_found
                if number > TRIED_WITH_TREES:
                    break
                continue
            base = base or trees
        else:
            trees = base
        found = _tried(problem, chosen, trees, dropped)
        if best is None or found.score > best.score:
            best = found
        if best.perfect:
            break
    if best is None:
        assert refused is not None
        raise refused
    return best


def _tried(problem: Problem, chosen: dict[str, Candidate], trees: Trees, dropped: str) -> Solution:
    shaper = Shaper(
        orders={name: candidate.order for name, candidate in chosen.items()},
        indices=frozenset(problem.names.indices),
        extents=problem.extents,
        union=Union(),
        twins={name: candidate.twins for name, candidate in chosen.items() if candidate.twins},
        functions=frozenset(problem.functions),
        unsized=frozenset(name for name, one in chosen.items() if one.value == "identity" and not _is_sized(problem, name)),
        numerator=problem.numerator,
    )
    fits = _declared(shaper, problem, chosen, dropped)
    defined = 0
    for definition in trees.definitions:
        ok = _attempt(shaper, partial(_define, shaper, definition, problem.facts))
        defined += ok
        if not ok:
            fits = False
            shaper.bodies[(definition.name, len(definition.indices))] = definition
    right = nearly = 0
    kept: list[t.Node] = []
    first: Shape | None = None
    for readings in trees.lines:
        shape, node, strict = _line(shaper, readings, first if problem.chain else None)
        right += strict
        nearly += shape is not None and not strict
        kept += [node.left, node.right] if isinstance(node, t.Equation) else [node]
        first = first or shape
    perfect = fits and right == len(trees.lines)
    score = (defined + fits, right + nearly, right)
    return Solution(chosen, shaper, score, perfect, fits, tuple(kept), dropped, problem.numerator)


def _is_sized(problem: Problem, name: str) -> bool:
    """Whether the document says how large an identity is."""
    fact = problem.facts.get(name)
    return fact is not None and fact.shape is not None


def _line(
    shaper: Shaper, readings: Sequence[t.Node | t.Equation], first: Shape | None
) -> tuple[Shape | None, t.Node | t.Equation, bool]:
    """The shape of a line in the first of its readings that fits; whether it fits strictly."""
    for tolerant in (False, True):
        shaper.tolerant = tolerant
        for node in readings:
            shape: list[Shape] = []

            def work(node: t.Node | t.Equation = node, shape: list[Shape] = shape) -> None:
                if isinstance(node, t.Equation):
                    shape.append(shaper.same(shaper.of(node.left), shaper.of(node.right)))
                    return
                found = shaper.of(node)
                if first is not None:
                    if first.order != found.order:
                        raise Misfit("the lines of a chain have one shape")
                    found = shaper.same(first, found)
                shape.append(found)

            if _attempt(shaper, work):
                shaper.tolerant = False
                return shape[0], node, not tolerant
    shaper.tolerant = False
    return None, readings[0], False


def _attempt(shaper: Shaper, work: Callable[[], object]) -> bool:
    """Do it; where it does not fit, leave no trace."""
    parent, sizes = dict(shaper.union.parent), dict(shaper.union.sizes)
    known = dict(shaper.known)
    try:
        work()
    except (Misfit, RecursionError):
        shaper.union.parent, shaper.union.sizes = parent, sizes
        shaper.known = known
        shaper.values = {}
        shaper.depth = 0
        return False
    return True


def _declared(shaper: Shaper, problem: Problem, chosen: Mapping[str, Candidate], dropped: str) -> bool:
    """The sizes that are said, and the upper limits of sums."""

    def work() -> None:
        for name, candidate in chosen.items():
            fact = problem.facts.get(name)
            if fact is None or dropped in (name, EVERY):
                continue
            axes = shaper.axes_of(name)
            if fact.shape is not None and len(fact.shape) <= candidate.order:
                for axis, size in zip(axes[candidate.order - len(fact.shape) :], fact.shape, strict=True):
                    shaper.union.give(axis, size)
            if fact.like in chosen and chosen[fact.like].order == candidate.order:
                for axis, other in zip(axes, shaper.axes_of(fact.like), strict=True):
                    shaper.union.join(axis, other)
            used = problem.names.used.get(name)
            members = used.members(candidate.order) if used is not None else 0
            if candidate.value is None and candidate.order - members == 2 and SQUARE & set(fact.assume):
                shaper.union.join(*axes[members:])
        for name, candidate in chosen.items():
            if candidate.value == "identity" and candidate.order == 2:
                shaper.union.join(*shaper.axes_of(name))
        for letter in problem.names.indices:
            said = problem.facts.get(INDEX + letter)
            if said is not None and said.shape:
                shaper.union.give(shaper.index(letter), said.shape[0])
        for letter, limits in problem.names.limits.items():
            for limit in limits:
                if limit in problem.extents:
                    shaper.union.give(shaper.index(letter), limit)
                elif limit.endswith("-1") and limit[:-2] in problem.extents:
                    shaper.union.give(shaper.index(letter), limit[:-2])

    return _attempt(shaper, work)


def _define(shaper: Shaper, definition: t.Definition, facts: Mapping[str, Fact]) -> None:
    shaper.define(definition)
    fact = facts.get(definition.name) if definition.name not in shaper.orders else None
    shape = shaper.known.get((definition.name, len(definition.indices)))
    if fact is not None and fact.shape is not None and shape is not None and len(fact.shape) == shape.order:
        for axis, size in zip(shape.axes, fact.shape, strict=True):
            shaper.union.give(axis, size)
