"""Are two lines equal? The engine of `equality`, with the time that is left, and with nothing called wrong on one point alone."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, TypeAlias

from tensorderiv.algebra.deadline import OutOfTime, time_limit
from tensorderiv.checker.judge.confirm import agrees_in_float, at_generic_points
from tensorderiv.checker.judge.zeros import UNDEFINED
from tensorderiv.checker.meaning.problems import IllTyped
from tensorderiv.equality import Claim, Counterexample, Nowhere, Verdict, decide
from tensorderiv.errors import TensorDerivError

if TYPE_CHECKING:
    from tensorderiv.checker.meaning import Meaning, World

PART = 0.25
"""Of the time for the case, what one comparison may take at most."""

ENOUGH = 3
"""Generic points of two or more values of every extent at which lines agree before they are said to, where time was short."""


GRACE = 0.5
"""Seconds after the end of the time in which what was begun may be finished."""

LATE = "could not be decided in time"


@dataclass(frozen=True)
class Equal:
    """They are equal, as far as the verdict says."""

    verdict: Verdict
    note: str = ""


@dataclass(frozen=True)
class Different:
    """They are not: at a point, or (`misfit`) because their indices or shapes do not fit one another."""

    example: Counterexample | None
    misfit: IllTyped | None = None


@dataclass(frozen=True)
class Undecided:
    """That could not be told, and why. `nowhere`: no point was found at which both are defined."""

    reason: str
    nowhere: bool = False


Outcome: TypeAlias = Equal | Different | Undecided


class Comparer:
    """Compares meanings, each pair once, until the time of the case is over."""

    def __init__(self, world: World, seconds: float, chain: bool = True) -> None:
        self.world, self.chain = world, chain
        self.end = monotonic() + seconds
        self.most = PART * seconds
        self.known: dict[Hashable, Outcome] = {}

    @property
    def left(self) -> float:
        """Seconds that are left."""
        return max(0.0, self.end - monotonic())

    def __call__(self, left: Meaning, right: Meaning, share: float = 1.0) -> Outcome:
        """Whether left = right; `share` is the part of the remaining time that may be spent."""
        key = (id(left), id(right))
        if key not in self.known:
            self.known[key] = self._compared(left, right, min(self.most, share * self.left))
        return self.known[key]

    def _compared(self, left: Meaning, right: Meaning, seconds: float) -> Outcome:
        if seconds <= 0:
            return Undecided(LATE)
        try:
            with time_limit(self.left + GRACE):
                return compare(self.world.claim(left, right), seconds)
        except OutOfTime:
            return Undecided(LATE)
        except IllTyped as misfit:
            return Different(None, misfit)
        except Nowhere as nowhere:
            return Undecided(told_of(nowhere, self.chain), nowhere=True)
        except TensorDerivError as error:
            return Undecided(str(error))
        except RecursionError:
            return Undecided("it is nested too deeply")


def told_of(nowhere: Nowhere, chain: bool = True) -> str:
    """Which of the lines, or which side of an equation, is defined nowhere.

    >>> told_of(Nowhere(left=False, right=True), chain=False)
    'its left side is defined at no point that was tried: something is divided by 0, or a function is taken outside its domain'
    """
    left, right = ("a line before it", "it") if chain else ("its left side", "its right side")
    if nowhere.left and nowhere.right:
        return f"no point was found at which both {left} and {right} are defined; say which values are allowed, e.g. x > 0"
    which = [name for name, defined in ((right, nowhere.right), (left, nowhere.left)) if not defined]
    told = f"{which[0]} is" if len(which) == 1 else f"{' and '.join(which)} are"
    return f"{told} defined at no point that was tried: {UNDEFINED}"


def compare(claim: Claim, seconds: float) -> Outcome:
    """`decide`, and a second opinion where it found a difference or ran out of time."""
    began = monotonic()
    verdict = decide(claim, seconds=seconds, proving=seconds, strict=True)
    late = monotonic() - began >= seconds
    if verdict.how == "proved" or (verdict and not late):
        return Equal(verdict)
    seen = at_generic_points(claim, seconds)
    if verdict:
        if seen.difference is not None:
            return Different(seen.difference)
        return Equal(verdict) if seen.points >= ENOUGH else Undecided(LATE)
    example = verdict.counterexample
    assert example is not None
    if seen.difference is not None:
        return Different(example if agrees_in_float(claim, example) else seen.difference)
    if seen.points >= ENOUGH:
        told = f"holds at {seen.points} random points"
        where = "  ".join(f"{name}={value}" for name, value in (*example.sizes.items(), *example.indices.items()))
        return Equal(Verdict(True, told, seen.points), f"not at special points, such as {where or 'ties'}")
    return Undecided("the lines differ at a special point, and no other point could be compared")
