"""explain(step): the slip of a wrong line, by trying repairs until one makes it equal to the line before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import monotonic

from tensorderiv.algebra.deadline import OutOfTime, time_limit
from tensorderiv.checker.explain.arguments import compiles
from tensorderiv.checker.explain.diagnosis import diagnosed
from tensorderiv.checker.explain.edits import unmarked
from tensorderiv.checker.explain.repair import Repair
from tensorderiv.checker.explain.rules import carried_out
from tensorderiv.checker.explain.scene import Scene
from tensorderiv.checker.explain.splicing import spliced
from tensorderiv.checker.explain.table import repairs
from tensorderiv.checker.explain.trial import Trial
from tensorderiv.checker.judge.step import Explanation, WrongStep
from tensorderiv.checker.meaning import Meaning
from tensorderiv.checker.reading import read_line
from tensorderiv.checker.tree import Node
from tensorderiv.checker.writing import write
from tensorderiv.errors import TensorDerivError

FINDING = 0.8
"""The part of the time that is spent on finding a repair."""

UNNAMED = ("unnamed", "no single slip of a known kind makes the line right; one rule after the line before gives another line")

WRITING = 0.3
"""The least seconds in which the repaired line is read again, and compared with the next line."""


def explain(step: WrongStep) -> Explanation | None:
    """The slip of a wrong line and the repaired line; None where no known slip explains it."""
    end = monotonic() + step.seconds
    scene = Scene.of(step)
    trial = trial_of(scene, step.seconds * FINDING)
    try:
        with time_limit(step.seconds * FINDING + WRITING):
            found = search(scene, trial)
    except OutOfTime:
        found = None
    trial.end = max(end, monotonic() + WRITING)
    if found is None:
        return without_repair(scene, trial)
    right = offered(scene, found.node, trial)
    follows = _follows(step, trial, end)
    return Explanation(found.kind, found.why(), right, found.node, follows)


def trial_of(scene: Scene, seconds: float) -> Trial:
    """What repaired lines are compared with: the line before."""
    step = scene.step
    notes = (None,) if step.meaning is None else tuple(dict.fromkeys((step.meaning.note, step.before_meaning.note)))
    return Trial(step.world, step.before_meaning, scene.line, seconds, notes)


def search(scene: Scene, trial: Trial) -> Repair | None:
    """The first repair of the table that makes the line equal to the line before."""
    step = scene.step
    wrong = None if step.meaning is None else replace(trial, right=step.meaning)
    scene = replace(scene, trial=trial)
    seen: set[Node] = {scene.line}
    for repair in repairs(scene):
        if trial.late():
            return None
        if repair.slip is None:
            if repair.node in seen:
                continue
            seen.add(repair.node)
        elif wrong is None or not wrong.holds(repair.slip):
            continue
        if trial.holds(repair.node):
            return repair
    return None


def without_repair(scene: Scene, trial: Trial) -> Explanation | None:
    """What can be said where no repair makes the line right: what the numbers or the shapes tell, and the next right line."""
    problem = scene.step.problem
    told = diagnosed(scene, trial)
    if told is None and problem is not None:
        told = ("free-index mismatch" if "free ind" in problem else "shape", problem)
    right = next((line for line in carried_out(scene, scene.before) if trial.holds(line)), None)
    text = None if right is None else offered(scene, right, trial)
    if told is None and text is None:
        return None
    return Explanation(*(told or UNNAMED), text, None if text is None else right)


def offered(scene: Scene, node: Node, trial: Trial) -> str | None:
    """The repaired line as it stands in the document: of an equation both sides."""
    text = written(scene, node, trial)
    both = text is not None and scene.step.case.kind == "equations"
    return f"{scene.write(scene.before)} = {text}" if both else text


def written(scene: Scene, node: Node, trial: Trial) -> str | None:
    """The repaired line as LaTeX that compiles and is read again as what was meant, in no more ways than the wrong line.

    The author's text where that works; where none is such, the first that is read as what was meant.
    """
    line, source, spelled = scene.line, scene.source, scene.spellings
    others = max(1, len(_readings(scene, scene.write(line)))) - 1
    texts: tuple[Callable[[], str | None], ...] = (
        lambda: spliced(line, node, source, spelled),
        lambda: spliced(line, node, source, spelled, bracketed=True),
        lambda: scene.write(node),
        lambda: write(unmarked(node), spellings=spelled),
    )
    found: list[str] = []
    for make in texts:
        if (text := make()) is None or text in found:
            continue
        first, *more = _readings(scene, text) or (None,)
        if first is None or not _means(trial, first):
            continue
        if compiles(text) and (len(more) <= others or [_means(trial, other) for other in more].count(False) <= others):
            return text
        found.append(text)
    return next((text for text in found if compiles(text)), next(iter(found), None))


def _readings(scene: Scene, text: str) -> tuple[Node, ...]:
    try:
        return read_line(text, scene.step.vocabulary)
    except TensorDerivError:
        return ()


def _means(trial: Trial, node: Node) -> bool | None:
    """Whether the line has the values of the line before; None where it has no meaning that fits."""
    claims = [claim for meaning in trial.meanings(node) if (claim := trial.claim(meaning)) is not None]
    return any(trial.close(claim) for claim in claims) if claims else None


def _follows(step: WrongStep, trial: Trial, end: float) -> bool | None:
    """Whether the next line follows from the repaired one, which equals the line before."""
    following: Node | None = next(iter(step.following_nodes), None)
    if following is None or monotonic() > end:
        return None
    meanings: tuple[Meaning, ...] = trial.meanings(following)
    claims = [claim for meaning in meanings if (claim := trial.claim(meaning)) is not None]
    if not claims:
        return False
    return any(trial.close(claim) and trial.decided(claim) for claim in claims)
