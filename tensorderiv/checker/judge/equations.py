"""Lines that are equations of their own: each is judged by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tensorderiv.checker.judge.chain import Path, Step, lying
from tensorderiv.checker.judge.compare import Comparer, Different, Equal, Outcome, Undecided
from tensorderiv.checker.judge.readings import Line

if TYPE_CHECKING:
    from tensorderiv.checker.meaning import Jacobian


def each(lines: tuple[Line, ...], compare: Comparer, way: Jacobian | None = None) -> Path:
    """Every line with the reading along which its sides agree, if there is one; derivatives of vectors lie one way in all."""
    paths = (_each(chosen, compare) for chosen in lying(lines, way))
    best = next(paths)
    for path in paths:
        if not best.right and path.standing > best.standing:
            best = path
    return best


def _each(lines: tuple[Line, ...], compare: Comparer) -> Path:
    steps = tuple(judged(line, compare, 1 / (len(lines) - place)) for place, line in enumerate(lines))
    wrong = next((step.line.number for step in steps if step.ill_typed or isinstance(step.outcome, Different)), None)
    unclear = next((step.line.number for step in steps if _is_unclear(step)), None)
    return Path(steps, wrong, unclear)


def _is_unclear(step: Step) -> bool:
    return isinstance(step.outcome, Undecided) or (step.outcome is None and not step.ill_typed)


def judged(line: Line, compare: Comparer, share: float) -> Step:
    """The line with the reading along which its sides agree, else with one in which that is open, else with the most usual."""
    if not line.candidates:
        return Step(line, None, None, line.number)
    outcomes: list[Outcome] = []
    for left, right in zip(line.candidates, line.right, strict=True):
        outcome = compare(left.meaning, right.meaning, share)
        if isinstance(outcome, Equal):
            return Step(line, left, outcome, line.number, True)
        outcomes.append(outcome)
    for left, outcome in zip(line.candidates, outcomes, strict=True):
        if isinstance(outcome, Undecided):
            return Step(line, left, outcome, line.number)
    return Step(line, line.candidates[0], outcomes[0], line.number, False)
