"""The readings of the lines: every tree a line may be, with every meaning the tree may have, the most usual first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tensorderiv.checker.judge.sensible import sensible
from tensorderiv.checker.judge.zeros import check_zeros
from tensorderiv.checker.meaning import IllTyped, World
from tensorderiv.checker.reading import read_equation, read_line
from tensorderiv.checker.tree import Node
from tensorderiv.errors import TensorDerivError

if TYPE_CHECKING:
    from tensorderiv.checker.meaning import Jacobian, Meaning
    from tensorderiv.checker.reading import Vocabulary

MOST = 12
"""Readings of a line that are looked at."""


@dataclass(frozen=True)
class Candidate:
    """One reading of a line. `rank`: how far from the most usual one; `note` says what was chosen."""

    node: Node
    meaning: Meaning
    rank: int = 0
    note: str = ""


@dataclass(frozen=True)
class Line:
    """A line with its readings. Without any, `problem` says why; `misfit` is the tree that has no meaning, if that is the reason.

    An equation of its own has pairs of readings, one for each side, in `candidates` and `right`.
    """

    number: int
    text: str
    candidates: tuple[Candidate, ...] = ()
    problem: TensorDerivError | None = None
    misfit: Node | None = None
    right: tuple[Candidate, ...] = ()

    @property
    def ill_typed(self) -> bool:
        """It was read, but none of its readings has a meaning: shapes or indices do not fit."""
        return isinstance(self.problem, IllTyped)

    def lying(self, way: Jacobian) -> Line:
        """The line with those of its readings in which derivatives dy/dx of vectors lie that way."""
        right = self.right or self.candidates
        both = zip(self.candidates, right, strict=True)
        kept = [place for place, (a, b) in enumerate(both) if way in a.meaning.jacobian & b.meaning.jacobian]
        if len(kept) == len(self.candidates):
            return self
        found = tuple(self.candidates[place] for place in kept)
        if not found:
            problem = IllTyped(f"in {way} layout, as it is written elsewhere, it does not fit")
            return replace(self, candidates=(), right=(), problem=problem, misfit=right[0].node)
        return replace(self, candidates=found, right=tuple(self.right[place] for place in kept) if self.right else ())


def read(number: int, text: str, vocabulary: Vocabulary, world: World) -> Line:
    """The readings of one line of a chain."""
    try:
        nodes = sensible(read_line(text, vocabulary), vocabulary.definitions, start=number == 0)
    except TensorDerivError as problem:
        return Line(number, text, problem=problem)
    except RecursionError:
        return Line(number, text, problem=too_deep())
    found, problems = meanings(nodes, world)
    if found:
        return Line(number, text, found)
    misfit, told = _telling(problems)
    return Line(number, text, problem=told, misfit=misfit)


def read_apart(number: int, text: str, vocabulary: Vocabulary, world: World) -> Line:
    """The readings of a line that is an equation of its own: the sides of each of its readings, pair by pair."""
    try:
        equations = read_equation(text, vocabulary)
    except TensorDerivError as problem:
        return Line(number, text, problem=problem)
    except RecursionError:
        return Line(number, text, problem=too_deep())
    left: list[Candidate] = []
    right: list[Candidate] = []
    problems: list[tuple[Node, TensorDerivError]] = []
    for place, equation in enumerate(equations):
        try:
            check_zeros((equation.left, equation.right), world)
            for rank, (a, b) in enumerate(world.equation(equation)):
                left.append(Candidate(equation.left, a, place + rank, a.note))
                right.append(Candidate(equation.right, b, place + rank, b.note))
        except TensorDerivError as problem:
            problems.append((equation.right, problem))
        except RecursionError:
            problems.append((equation.right, too_deep()))
    if left:
        return Line(number, text, tuple(left[:MOST]), right=tuple(right[:MOST]))
    misfit, told = _telling(problems)
    return Line(number, text, problem=told, misfit=misfit)


def too_deep() -> TensorDerivError:
    """What is said of a text that is nested beyond the depth of the recursion."""
    return TensorDerivError("it is nested too deeply", hint="split it")


def meanings(nodes: tuple[Node, ...], world: World) -> tuple[tuple[Candidate, ...], list[tuple[Node, TensorDerivError]]]:
    """The meanings of the trees, the most usual first, and why the others have none."""
    found: list[Candidate] = []
    problems: list[tuple[Node, TensorDerivError]] = []
    for place, node in enumerate(nodes):
        try:
            check_zeros((node,), world)
            for rank, meaning in enumerate(world.readings(node)):
                found.append(Candidate(node, meaning, place + rank, meaning.note))
        except TensorDerivError as problem:
            problems.append((node, problem))
        except RecursionError:
            problems.append((node, too_deep()))
    found.sort(key=lambda candidate: candidate.rank)
    return tuple(found[:MOST]), problems


def _telling(problems: list[tuple[Node, TensorDerivError]]) -> tuple[Node, TensorDerivError]:
    """The problem that is told: the first that is no misfit, because a line is wrong only if no reading of it fits."""
    return next(((node, problem) for node, problem in problems if not isinstance(problem, IllTyped)), problems[0])
