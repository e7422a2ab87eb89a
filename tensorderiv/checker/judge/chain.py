"""A chain of equalities: along which readings of its lines it holds, and where it first goes wrong.

Equality carries over, so that a line is right if one of its readings equals the reading chosen of the start. Each reading of the
start is followed; the one along which the first wrong line comes latest is what the author meant.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tensorderiv.checker.judge.compare import Comparer, Different, Equal, Outcome, Undecided
from tensorderiv.checker.judge.readings import Candidate, Line
from tensorderiv.checker.meaning import IllTyped
from tensorderiv.equality import Counterexample

if TYPE_CHECKING:
    from tensorderiv.checker.meaning import Jacobian, Meaning

WAYS: tuple[Jacobian, ...] = ("numerator", "denominator")


@dataclass(frozen=True)
class Step:
    """One line as it was judged. `chosen`: its reading; `outcome`: how it compares with the line `against`.

    `follows`: from the line before, `equals_start`; None where that is not known.
    """

    line: Line
    chosen: Candidate | None
    outcome: Outcome | None
    against: int = 0
    follows: bool | None = None
    equals_start: bool | None = None

    @property
    def ill_typed(self) -> bool:
        return self.line.ill_typed or (isinstance(self.outcome, Different) and self.outcome.misfit is not None)

    @property
    def misfit(self) -> IllTyped | None:
        """Why the line does not fit, if that is why it is wrong."""
        if isinstance(self.line.problem, IllTyped):
            return self.line.problem
        return self.outcome.misfit if isinstance(self.outcome, Different) else None

    @property
    def example(self) -> Counterexample | None:
        return self.outcome.example if isinstance(self.outcome, Different) else None


@dataclass(frozen=True)
class Path:
    """The steps along one reading of the start. `wrong`: the first wrong line; `unclear`: the first that could not be judged."""

    steps: tuple[Step, ...]
    wrong: int | None
    unclear: int | None

    @property
    def way(self) -> Jacobian | None:
        """How derivatives dy/dx of vectors lie in its lines; None where that makes no difference."""
        found = set(WAYS).intersection(*(step.chosen.meaning.jacobian for step in self.steps if step.chosen is not None))
        return found.pop() if len(found) == 1 else None

    @property
    def decided(self) -> bool:
        """Whether no line before the first wrong one is unclear."""
        return self.unclear is None or (self.wrong is not None and self.wrong < self.unclear)

    @property
    def right(self) -> bool:
        return self.wrong is None and self.unclear is None

    @property
    def standing(self) -> tuple[int, bool]:
        """How far the derivation stands along this path: larger is better, and not to know is better than to be wrong."""
        ends = [line for line in (self.wrong, self.unclear) if line is not None]
        return min(ends, default=len(self.steps)), not self.decided


def best_path(lines: tuple[Line, ...], compare: Comparer, way: Jacobian | None = None) -> Path:
    """The path of readings along which the chain stands longest; of equals the one with the most usual start.

    In all its lines derivatives of vectors lie the same way; `way`: if they can, that one.
    """
    best: Path | None = None
    for chosen in lying(lines, way):
        for start in chosen[0].candidates:
            path = follow(start, chosen, compare)
            if best is None or path.standing > best.standing:
                best = path
            if best.right:
                return best
    assert best is not None
    return best


def lying(lines: tuple[Line, ...], way: Jacobian | None) -> tuple[tuple[Line, ...], ...]:
    """The lines in each of the ways in which derivatives of vectors may lie; once where that makes no difference."""
    found = [tuple(line.lying(one) for line in lines) for one in WAYS if way in (None, one)]
    if all(own is line for chosen in found for own, line in zip(chosen, lines, strict=True)):
        return (lines,)
    return tuple(chosen for chosen in found if chosen[0].candidates) or (lines,)


def follow(start: Candidate, lines: tuple[Line, ...], compare: Comparer) -> Path:
    """Judges every line against the one before and, where that fails, against the start."""
    steps = [Step(lines[0], start, None, equals_start=True)]
    wrong = unclear = None
    for line in lines[1:]:
        share = 1 / (len(lines) - line.number + 1)
        step = _right_so_far(line, steps, compare, share) if wrong is None else _after(line, steps, compare, share)
        steps.append(step)
        if step.ill_typed or isinstance(step.outcome, Different):
            wrong = line.number if wrong is None else wrong
        elif not isinstance(step.outcome, Equal):
            unclear = line.number if unclear is None else unclear
        if wrong == line.number - 1 and step.follows and step.against == wrong:
            steps[wrong] = _reread(steps, step, wrong, compare)
    return Path(tuple(steps), wrong, unclear)


def _right_so_far(line: Line, steps: list[Step], compare: Comparer, share: float) -> Step:
    """A line after lines that equal the start, or could not be judged.

    What differs from the line before but equals the start is not wrong: the line before may not be defined everywhere.
    """
    if not line.candidates:
        return Step(line, None, None, line.number - 1)
    known = [step for step in steps if step.chosen is not None and step.equals_start]
    before, first = known[-1], known[0]
    adjacent = before.line.number == line.number - 1
    outcomes: list[Outcome] = []
    for candidate in line.candidates:
        outcome = compare(meaning_of(before), candidate.meaning, share)
        if isinstance(outcome, Equal):
            return Step(line, candidate, outcome, before.line.number, True if adjacent else None, True)
        outcomes.append(outcome)
    for place, candidate in enumerate(line.candidates if first is not before else ()):
        outcome = compare(meaning_of(first), candidate.meaning, share)
        if isinstance(outcome, Equal):
            return Step(line, candidate, outcome, 0, None, True)
        if isinstance(outcomes[place], Undecided):
            outcomes[place] = outcome
    differs = any(isinstance(outcome, Different) and outcome.example is not None for outcome in outcomes)
    for candidate, outcome in zip(line.candidates, outcomes, strict=True):
        if isinstance(outcome, Undecided) and not (differs and outcome.nowhere):  # the line before is defined somewhere
            return Step(line, candidate, outcome, before.line.number)
    chosen = next(place for place, outcome in enumerate(outcomes) if isinstance(outcome, Different))
    return Step(line, line.candidates[chosen], outcomes[chosen], before.line.number, False if adjacent else None, False)


def _after(line: Line, steps: list[Step], compare: Comparer, share: float) -> Step:
    """A line after the first wrong one: does it follow from the line before, or does it come back to the start?"""
    if not line.candidates:
        return Step(line, None, None, line.number - 1)
    last = steps[-1]
    before = _possible(last)
    outcomes: list[Outcome] = []
    for source in before:
        for candidate in line.candidates:
            outcome = compare(source.meaning, candidate.meaning, share)
            if isinstance(outcome, Equal):
                return Step(line, candidate, outcome, last.line.number, True, last.equals_start)
            outcomes.append(outcome)
    apart = bool(outcomes) and all(isinstance(outcome, Different) for outcome in outcomes)
    for candidate in line.candidates:
        outcome = compare(meaning_of(steps[0]), candidate.meaning, share)
        if isinstance(outcome, Equal):
            return Step(line, candidate, outcome, 0, False if apart else None, True)
        outcomes.append(outcome)
    told = next((outcome for outcome in outcomes if isinstance(outcome, Undecided)), outcomes[0])
    known = False if isinstance(told, Different) else None
    return Step(line, line.candidates[0], told, last.line.number if apart else 0, False if apart else None, known)


def _possible(step: Step) -> tuple[Candidate, ...]:
    """The readings of a line from which the next may follow: all, as long as nothing has decided between them."""
    if step.chosen is None:
        return ()
    return (step.chosen,) if step.follows or step.equals_start else step.line.candidates


def _reread(steps: list[Step], after: Step, number: int, compare: Comparer) -> Step:
    """The wrong line in the reading from which the next line follows."""
    step = steps[number]
    for candidate in step.line.candidates:
        if after.chosen is not None and isinstance(compare(candidate.meaning, after.chosen.meaning), Equal):
            if candidate is step.chosen:
                return step
            outcome = compare(meaning_of(steps[step.against]), candidate.meaning)
            return replace(step, chosen=candidate, outcome=outcome) if isinstance(outcome, Different) else step
    return step


def meaning_of(step: Step) -> Meaning:
    """The meaning of the reading chosen."""
    assert step.chosen is not None
    return step.chosen.meaning
