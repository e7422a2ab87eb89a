r"""Definitions of what has a meaning already, such as \|x\|_p = (\sum_i |x_i|^p)^{1/p}: they are checked, and define nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tensorderiv.checker.case import Case
from tensorderiv.checker.judge.compare import Comparer, Different, Equal, Undecided
from tensorderiv.checker.judge.equations import judged
from tensorderiv.checker.judge.readings import read_apart
from tensorderiv.checker.judge.verdict import Problem
from tensorderiv.checker.judge.wording import problem_of
from tensorderiv.checker.reading import Unreadable, Vocabulary, read_definition, read_line, split
from tensorderiv.checker.tree import Call, Frobenius, Group, Inner, Norm, Power

if TYPE_CHECKING:
    from tensorderiv.checker.meaning import World

NOTATION = (Norm, Inner, Frobenius, Call)
"""What is written with signs, and not with a name that could be given another meaning."""


def set_apart(case: Case) -> tuple[Case, tuple[int, ...]]:
    r"""The case without the definitions whose left-hand side is notation, and their places.

    Raises: Unreadable where another definition cannot be read.

    >>> from tensorderiv.checker.case import Symbol
    >>> case = Case(
    ...     (r"\|x\|",), definitions=(r"s = 2", r"\|x\|_1 = \sum_i |x_i|"), indices={"i": "n"}, symbols=(Symbol("x", ("n",)),)
    ... )
    >>> rest, places = set_apart(case)
    >>> rest.definitions, places
    (('s = 2',), (1,))
    """
    vocabulary = Vocabulary.of_case(case)
    apart = []
    for place, text in enumerate(case.definitions):
        try:
            vocabulary = vocabulary.with_definition(read_definition(text, vocabulary))
        except Unreadable:
            if not _is_notation(text, vocabulary):
                raise
            apart.append(place)
    kept = tuple(text for place, text in enumerate(case.definitions) if place not in apart)
    return replace(case, definitions=kept), tuple(apart)


def _is_notation(text: str, vocabulary: Vocabulary) -> bool:
    sides = split(text)
    if len(sides) != 2:
        return False
    try:
        node = read_line(sides[0], vocabulary)[0]
    except Unreadable:
        return False
    while isinstance(node, Group | Power):
        node = node.body if isinstance(node, Group) else node.base
    return isinstance(node, NOTATION)


def first_conflict(
    case: Case, places: tuple[int, ...], world: World, vocabulary: Vocabulary, compare: Comparer
) -> Problem | None:
    """What is to be said of the first of these definitions that is not what the notation means anyway; None where all are."""
    for count, place in enumerate(places):
        text = case.definitions[place]
        line = read_apart(place + 1, text, vocabulary, world)
        if line.problem is not None:
            return problem_of(line.problem, case.definitions, "definition", number=place + 1)
        match judged(line, compare, 1 / (len(places) - count + 1)).outcome:
            case Equal():
                continue
            case Undecided(reason=reason):
                told = reason
            case Different() | None:
                told = f"{split(text)[0]} has a meaning already, and this is another one; write a name of its own for it"
        return Problem(told, f"definition {place + 1}", understood=text)
    return None
