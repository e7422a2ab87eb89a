"""What is said of the lines: their states, what the chain does as a whole, and what could not be read."""

from __future__ import annotations

from collections.abc import Iterator

from tensorderiv.checker.judge.chain import Path, Step
from tensorderiv.checker.judge.compare import Different, Equal, Undecided
from tensorderiv.checker.judge.verdict import ILL_TYPED, START, UNREADABLE, WRONG, LineReport, Problem
from tensorderiv.checker.reading.unreadable import Unreadable
from tensorderiv.equality import Verdict
from tensorderiv.errors import TensorDerivError


def line_reports(path: Path, chain: bool) -> tuple[LineReport, ...]:
    """The state of every line."""
    return tuple(_line(step, chain) for step in path.steps)


def _line(step: Step, chain: bool) -> LineReport:
    line, outcome = step.line, step.outcome
    verdict: Verdict | None = None
    message = reading = ""
    status = START if chain and line.number == 0 else UNREADABLE
    if step.chosen is not None and (step.chosen.rank or step.chosen.note):
        reading = step.chosen.note or "not in its most usual reading"
    if step.ill_typed:
        status, message = ILL_TYPED, _text(step.misfit)
    elif line.problem is not None:
        status, message = UNREADABLE, _text(line.problem)
    elif isinstance(outcome, Equal):
        status, message, verdict = outcome.verdict.how, outcome.note, outcome.verdict
    elif isinstance(outcome, Different):
        status = WRONG
    elif isinstance(outcome, Undecided):
        status, message = UNREADABLE, outcome.reason
    return LineReport(line.number, line.text, status, step.follows, step.equals_start, reading, message, verdict)


def _text(error: TensorDerivError | None) -> str:
    """The error, with the column of its place: the line is the one that it is told of."""
    if error is None:
        return ""
    told = "; ".join([error.message, *remedies(error)])
    return f"column {error.place.column}: {told}" if error.place else told


def remedies(error: TensorDerivError) -> list[str]:
    """What can be done; not what was understood, which is told apart."""
    return [part for part in (error.hint or "").split("; ") if part and not part.startswith("understood so far")]


def remarks(path: Path, chain: bool) -> Iterator[str]:
    """What the lines after the first wrong one do."""
    if path.wrong is None or not chain or not path.decided:
        return
    after = path.steps[path.wrong + 1 :]
    yield from _sound_steps(after)
    back = next((step.line.number for step in after if step.equals_start), None)
    last = len(path.steps) - 1
    if back is not None and after[-1].equals_start:
        yield f"the last line is right, although line {path.wrong} is wrong" + (
            "" if back == last else f": the chain comes back right at line {back}"
        )
    elif back is not None:
        yield f"line {back} comes back right, and the chain goes wrong again after it"


def _sound_steps(after: tuple[Step, ...]) -> Iterator[str]:
    """Runs of steps that are sound in themselves, although they start from a wrong line."""
    run: list[int] = []
    for number, sound in [*((step.line.number, bool(step.follows)) for step in after), (-1, False)]:
        if sound:
            run.append(number)
        elif run:
            one = len(run) == 1
            what = "step" if one else "steps"
            told = "is sound in itself" if one else "are sound in themselves"
            yield f"the {what} from line {run[0] - 1} to line {run[-1]} {told}"
            run = []


def problem_of(error: BaseException, texts: tuple[str, ...], word: str, *, number: int | None = None, first: int = 0) -> Problem:
    """Why something could not be read: where, and what was understood before the place.

    `texts` are the definitions or the lines, one of which the place of the error lies in; they count from `first`.
    """
    if not isinstance(error, TensorDerivError):
        return Problem("it is nested too deeply; split it", understood="")
    place = error.place
    if number is None and place is not None and place.source in texts:
        number = texts.index(place.source) + first
    if number is None and word == "line":
        number = first
    where = f"{word} {number}" if number is not None else f"the {word}s"
    if place is not None:
        where += f", column {place.column}"
    understood = error.understood if isinstance(error, Unreadable) else ""
    return Problem("; ".join([error.message, *remedies(error)]), where, error.excerpt(), understood)
