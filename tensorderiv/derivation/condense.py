"""How finely a derivation is told: every rule on a line of its own, unless that makes it too long to read.

A step that is left out is part of the step after it: both stand for the same array, so the chain of equalities stays whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from tensorderiv.derivation.derivation import Step

MOST_STEPS = 25
"""A derivation is told more coarsely when it has more equalities than this."""

Told = Callable[[Step, Step], bool]
"""Whether a step is told on its own, given the step after it."""


def condense(steps: Sequence[Step], most: int = MOST_STEPS) -> tuple[Step, ...]:
    """The steps, with the plainest left out one kind after another while there are more than `most` equalities.

    The first step (the question) and the last (the answer) always stay.
    """
    kept = tuple(steps)
    for told in COARSER:
        if len(kept) - 1 <= most:
            break
        kept = _without(kept, told)
    return kept


def _without(steps: tuple[Step, ...], told: Told) -> tuple[Step, ...]:
    middle = (step for step, following in pairwise(steps[1:]) if told(step, following))
    return (steps[0], *middle, steps[-1])


def _is_no_linearity(step: Step, following: Step) -> bool:
    """Derivatives pass through sums on the way to the next rule."""
    return step.rule != "linearity"


def _is_no_repetition(step: Step, following: Step) -> bool:
    """Rules of one name in a row are one step: the chain rule through several functions at once."""
    return step.rule != following.rule


def _is_no_insertion(step: Step, following: Step) -> bool:
    """A definition is inserted and differentiated in one step."""
    return step.rule != "definition"


COARSER: tuple[Told, ...] = (_is_no_linearity, _is_no_repetition, _is_no_insertion)
