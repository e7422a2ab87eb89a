"""Proved, else decided at random points: the smallest sizes and small integers first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from itertools import islice
from time import monotonic

import numpy as np

from tensorderiv.algebra.deadline import OutOfTime, time_limit
from tensorderiv.equality.claim import Claim
from tensorderiv.equality.difference import Comparison, Difference, is_rational
from tensorderiv.equality.points import MANNERS, Point, inside, manners_of, passes, point_at
from tensorderiv.equality.proof import proves
from tensorderiv.equality.verdict import Counterexample, Nowhere, Verdict
from tensorderiv.errors import DomainProblem

SECONDS = 2.0
PROVING = 10.0
ENOUGH = 24
"""Points at which the sides must agree.

All combinations of sizes are tried twice before, with integers and with fractions, and some near the numbers that the claim
names.
"""

PROOF_POINTS = 5
"""A proof holds where nothing is singular; entries that always are, as on a diagonal, are computed at so many points."""

MOST_PASSES = 4
REFUTING = 8
"""Entries looked at before a proof is tried."""

SIMPLE = (Fraction(0), Fraction(1), Fraction(-1), Fraction(2), Fraction(3))


def decide(claim: Claim, *, seconds: float = SECONDS, proving: float = PROVING, seed: int = 0, strict: bool = False) -> Verdict:
    """Whether left = right for all indices and all inputs of the domain, wherever both sides are defined.

    A proof by canonical form says so for good. Otherwise both are computed at random rational points, exactly where the values
    are rational and with 50 digits (100 where they differ) elsewhere; the first difference is the counterexample. `seconds` are
    for the points, `proving` for the proof. Raises Nowhere where no point was found at which both sides are defined, and
    DomainProblem where nothing could be compared in time. `strict`: also what is proved must be defined somewhere, and a
    convention (0/0 = 0) is no evidence but for single entries (`watch`).
    """
    search = Search(Comparison(claim, is_rational(claim), strict), seconds)
    manners = manners_of(claim)
    rounds = passes(claim, manners, seed)
    example = search.among(next(rounds))
    began = monotonic()
    proved = example is None and proved_in_time(claim, proving)
    search.end += monotonic() - began
    if proved:
        example = search.among(islice(next(rounds), PROOF_POINTS))
        for points in islice(rounds, MOST_PASSES * len(manners)):  # what is not defined anywhere is equal to nothing
            if strict and example is None and not search.judged and not search.late():
                example = search.among(islice(points, PROOF_POINTS))
    elif example is None:
        example = search.through(islice(rounds, MOST_PASSES * len(manners)), least=1 + len(manners) - len(MANNERS))
    if example is not None:
        return Verdict(False, "counterexample", search.judged, example)
    if not search.judged and (strict or not proved) and (search.tried >= ENOUGH or not search.late()):
        raise Nowhere(*search.comparison.seen)
    if proved:
        return Verdict(True, "proved", search.judged)
    if search.judged:
        told = min(search.judged, ENOUGH)
        return Verdict(True, f"holds at {told} random {'point' if told == 1 else 'points'}", search.judged)
    raise DomainProblem(f"nothing could be compared in {seconds:.2g} s", hint="compare smaller expressions")


def proved_in_time(claim: Claim, seconds: float) -> bool:
    """Whether both sides have the same canonical form; a proof that takes too long is none."""
    try:
        with time_limit(seconds):
            return proves(claim.left.expr, claim.right.expr, claim.left.used, claim.right.used)
    except OutOfTime:
        return False


class Search:
    """Looks for a counterexample until the time is over.

    `tried` points were looked at as a whole; at `judged` ones there was something to compare.
    """

    def __init__(self, comparison: Comparison, seconds: float) -> None:
        self.comparison = comparison
        self.seconds = seconds
        self.end = monotonic() + seconds
        self.judged = self.tried = 0

    def late(self) -> bool:
        return monotonic() > self.end

    def among(self, points: Iterable[Point]) -> Counterexample | None:
        """The first counterexample among the points, made simple. An entry may take as long again as the search."""
        try:
            with time_limit(self.end + self.seconds - monotonic()):
                return self.first_among(points)
        except OutOfTime:
            if not self.late():
                raise
        return None

    def first_among(self, points: Iterable[Point]) -> Counterexample | None:
        for point in points:
            entries = 0
            for difference in self.comparison.differences(point, self.late):
                entries += 1
                if difference is not None:
                    self.judged += 1
                    return self.simplified(point, difference)
            self.judged += entries > 0
            if self.late():
                break
            self.tried += 1
        return None

    def through(self, rounds: Iterable[Iterable[Point]], least: int) -> Counterexample | None:
        """The first counterexample in pass after pass, until enough points agree; at least so many passes."""
        for number, points in enumerate(rounds, 1):
            example = self.among(points)
            if example is not None or self.late() or (number >= least and self.judged >= ENOUGH):
                return example
        return None

    def simplified(self, point: Point, found: Difference) -> Counterexample:
        """The counterexample with entries of the inputs made small integers, one by one, as long as the sides differ there."""
        for item in self.comparison.claim.needed:
            if item.tensor.integer or item.domain.kind not in ("real", "positive", "nonnegative", "interval"):
                continue
            name = item.tensor.name
            for place in np.ndindex(point.inputs[name].shape):
                for value in SIMPLE:
                    if self.late() or point.inputs[name][place] == value:
                        break
                    if not inside(value, item.domain):
                        continue
                    array = point.inputs[name].copy()
                    array[place] = value
                    simpler = replace(point, inputs={**point.inputs, name: array}, generic=False)
                    difference = self.comparison.judge(simpler, found.place)
                    if difference:
                        point, found = simpler, difference
                        break
        indices = {index.name: value for index, value in found.place.items()}
        return Counterexample(point.sizes, point.inputs, indices, found.left, found.right)


def refuted(claim: Claim, *, seconds: float = 0.1, seed: int = 0) -> bool:
    """Whether the sides differ at one of two generic points of small sizes: quicker to find out than that a proof fails."""
    comparison = Comparison(claim, is_rational(claim))
    end = monotonic() + seconds
    sizes = {name: max(least, 2) for name, least in claim.least.items()}
    points = (point_at(claim, sizes, manner, seed) for manner in MANNERS if manner.generic)
    return any(
        difference is not None
        for point in islice(points, 2)
        for difference in islice(comparison.differences(point, lambda: monotonic() > end), REFUTING)
    )
