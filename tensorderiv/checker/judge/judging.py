"""`judge`: a case in, a report out."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, TypeAlias

from tensorderiv.algebra.deadline import OutOfTime, time_limit
from tensorderiv.checker.case import Case
from tensorderiv.checker.judge.asked import off_the_point
from tensorderiv.checker.judge.chain import Path, Step, best_path, meaning_of
from tensorderiv.checker.judge.compare import GRACE, Comparer
from tensorderiv.checker.judge.equations import each
from tensorderiv.checker.judge.readings import Line, read, read_apart
from tensorderiv.checker.judge.shown import shown
from tensorderiv.checker.judge.stated import first_conflict, set_apart
from tensorderiv.checker.judge.step import Explanation, WrongStep
from tensorderiv.checker.judge.verdict import Problem, Report, Slip
from tensorderiv.checker.judge.wording import line_reports, problem_of, remarks
from tensorderiv.checker.meaning import World
from tensorderiv.checker.reading import Unreadable, read_definitions
from tensorderiv.equality import Counterexample
from tensorderiv.errors import TensorDerivError

if TYPE_CHECKING:
    from tensorderiv.checker.meaning import Jacobian
    from tensorderiv.checker.reading import Vocabulary
    from tensorderiv.checker.tree import Definition

SECONDS = 7.0
"""For one case."""

LEAST_EXPLAINING, MOST_EXPLAINING = 1.0, 4.0
"""Seconds that naming the slip may take at least and at most."""

Explain: TypeAlias = Callable[[WrongStep], Explanation | None]


def judge(case: Case, *, seconds: float = SECONDS, explain: Explain | None = None, way: Jacobian | None = None) -> Report:
    """The verdict on a derivation.

    Each line of a chain is compared with the line before; it is wrong if in no reading it follows from a reading of the line
    before that is consistent with the lines up to there, and if a counterexample shows that. What cannot be read or decided
    before the first wrong line makes the verdict "unreadable", never "wrong". `explain` names the slip of the first wrong line;
    `way`: how derivatives dy/dx of vectors lie, where the case leaves that open.
    Raises nothing for what stands in a case: what is not understood is told in the report.
    """
    end = monotonic() + seconds
    chain = case.kind == "chain"
    try:
        with time_limit(seconds):
            given, known, vocabulary, definitions = _read(case)
            world = World.of(given, vocabulary, definitions)
            reader = read if chain else read_apart
            lines = tuple(reader(number, text, vocabulary, world) for number, text in enumerate(case.lines))
    except OutOfTime:
        return _unread(case, Problem(f"could not be read in time, {seconds:g} s"))
    except (TensorDerivError, RecursionError) as error:
        return _unread(case, problem_of(error, case.definitions, "definition", first=1))
    if chain and not lines[0].candidates:
        assert lines[0].problem is not None
        return _unread(case, problem_of(lines[0].problem, case.lines, "line"), lines)
    compare = Comparer(world, end - monotonic(), chain)
    if known and (conflict := first_conflict(case, known, world, vocabulary, compare)) is not None:
        return _unread(case, conflict, lines)
    path = best_path(lines, compare, way) if chain else each(lines, compare, way)
    told = list(remarks(path, chain))
    if chain:
        told += off_the_point(definitions, world.wrt, [step.chosen.node for step in path.steps if step.chosen is not None])
    problem = None if path.decided else _unclear(path, case)
    explained = None
    if path.wrong is not None and path.decided and explain is not None:
        seconds_left = min(MOST_EXPLAINING, max(LEAST_EXPLAINING, end - monotonic()))
        with suppress(OutOfTime), time_limit(seconds_left + GRACE):
            explained = _explained(explain, path, case, world, vocabulary, seconds_left)
    wrong = path.wrong if path.decided else None
    return Report(
        verdict="unreadable" if problem else "right" if wrong is None else "wrong",
        lines=line_reports(path, chain),
        first_wrong_line=wrong,
        counterexample=_example(path, wrong, case) if wrong is not None else None,
        suggestion=explained.right if explained else None,
        slip=_slip(path.steps[wrong], explained) if wrong is not None else None,
        readings=tuple(dict.fromkeys((*case.notes, *getattr(world, "notes", ())))),
        remarks=tuple(told),
        problem=problem,
        name=case.name,
        definitions=case.definitions,
        chain=chain,
        way=path.way,
    )


def _read(case: Case) -> tuple[Case, tuple[int, ...], Vocabulary, tuple[Definition, ...]]:
    """The definitions that give a meaning to a name, the case with them alone, and the places of the others."""
    try:
        return case, (), *read_definitions(case)
    except Unreadable:
        given, known = set_apart(case)
        return given, known, *read_definitions(given)


def _unread(case: Case, problem: Problem, lines: tuple[Line, ...] = ()) -> Report:
    """Nothing could be judged."""
    path = Path(tuple(Step(line, None, None) for line in lines), None, 0)
    return Report(
        "unreadable",
        line_reports(path, True) if lines else (),
        readings=case.notes,
        problem=problem,
        name=case.name,
        definitions=case.definitions,
        chain=case.kind == "chain",
    )


def _unclear(path: Path, case: Case) -> Problem:
    assert path.unclear is not None
    step = path.steps[path.unclear]
    if step.line.problem is not None:
        return problem_of(step.line.problem, case.lines, "line", number=step.line.number)
    return Problem(getattr(step.outcome, "reason", "could not be decided"), f"line {step.line.number}", understood=step.line.text)


def _example(path: Path, wrong: int, case: Case) -> Counterexample | None:
    step = path.steps[wrong]
    left = path.steps[step.against] if case.kind == "chain" else step
    return None if step.example is None else shown(step.example, case, meaning_of(left))


def _slip(step: Step, explained: Explanation | None) -> Slip | None:
    if explained is not None:
        return Slip(explained.kind, explained.why, explained.follows)
    return Slip(step.misfit.kind, str(step.misfit)) if step.misfit is not None else None


def _explained(
    explain: Explain, path: Path, case: Case, world: World, vocabulary: Vocabulary, seconds: float
) -> Explanation | None:
    """What `explain` says of the first wrong line; nothing where the line cannot be laid out for it."""
    assert path.wrong is not None
    step = path.steps[path.wrong]
    line, after = step.line, path.steps[path.wrong + 1 :]
    following = tuple(one.chosen.node if one.chosen is not None else None for one in after)
    if case.kind == "chain":
        before = path.steps[step.against]
        assert before.chosen is not None
        node = step.chosen.node if step.chosen is not None else line.misfit
        meaning = step.chosen.meaning if step.chosen is not None and step.misfit is None else None
        before_node, before_meaning, start = before.chosen.node, meaning_of(before), meaning_of(path.steps[0])
    else:
        if step.chosen is None:
            return None
        right = line.right[line.candidates.index(step.chosen)]
        node, meaning = right.node, None if step.misfit is not None else right.meaning
        before_node, before_meaning, start = step.chosen.node, step.chosen.meaning, step.chosen.meaning
        following = ()
    if node is None:
        return None
    return explain(
        WrongStep(
            case=case,
            world=world,
            vocabulary=vocabulary,
            number=line.number,
            before_node=before_node,
            before_meaning=before_meaning,
            node=node,
            meaning=meaning,
            start_meaning=start,
            following_nodes=following,
            counterexample=step.example,
            text=line.text,
            problem=str(step.misfit) if step.misfit is not None else None,
            seconds=seconds,
        )
    )
