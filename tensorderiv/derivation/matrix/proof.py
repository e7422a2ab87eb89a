"""Whether a matrix form is right: read back as an index expression, it has to equal the form it was made from.

First by canonical form (then it is proved), then by exact numbers at random small sizes: rationals where every operation is
rational, otherwise 50 digits. A form that fails either is never shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Any

from tensorderiv.algebra.evaluate import FRACTION, evaluate, mp
from tensorderiv.algebra.expression import Expr
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.number_system import NumberSystem
from tensorderiv.algebra.program import Program, Statement
from tensorderiv.algebra.traverse import index_names, walk
from tensorderiv.canonical import equal
from tensorderiv.derivation.matrix.expression import Matrix
from tensorderiv.derivation.matrix.facts import simplex_names, spread, symmetric_names, with_facts
from tensorderiv.derivation.matrix.meaning import entry
from tensorderiv.derivation.matrix.points import Point, draw
from tensorderiv.errors import ExtentMismatch, TensorDerivError

DIGITS = 50
AGREE = Fraction(1, 10**25)
"""Numbers of 50 digits agree where they differ by less than this, relative to the largest entry or to 1 (inputs are about 1).

Half of the digits are left for cancellation; a wrong form differs in the first ones.
"""

POINTS = 3
"""Random points at which a form is evaluated."""

MOST_TRIES = 12
"""Points tried; those at which the index form is not finite do not count."""

LARGEST_PROVED = 400
"""Expressions with more nodes are compared by numbers only."""


@dataclass(frozen=True)
class Claim:
    """That the matrix, at (row, column), is the expression over the names of the program and `names`."""

    expr: Expr
    matrix: Matrix
    row: Index | None
    column: Index | None
    axes: tuple[Index, ...]
    program: Program
    names: tuple[Statement, ...] = ()

    @property
    def meaning(self) -> Expr:
        """The matrix read back."""
        taken = index_names(self.expr) | self.program.names | {index.name for index in self.axes}
        return entry(self.matrix, self.row, self.column, taken)


@dataclass(frozen=True)
class Verdict:
    """How a claim is known ("proved", "checked at 3 random points"), or why it is not shown."""

    proof: str = ""
    refused: str = ""


def prove(claim: Claim) -> Verdict:
    """Whether the claim is right: by canonical form and numbers, or by numbers alone."""
    try:
        meaning = claim.meaning
    except ExtentMismatch as clash:
        return Verdict(refused=f"the form that was found does not fit together: {clash.message}")
    points = agreeing_points(claim, meaning)
    if points is None:
        return Verdict(refused="the form that was found is not the index form, or not finite where that is")
    if points == (0, 0):
        return Verdict(refused="the index form has no finite value at which a matrix form could be checked")
    symmetric = symmetric_names(claim.program, claim.names)
    simplex = simplex_names(claim.program)
    small = all(sum(1 for _ in walk(side)) <= LARGEST_PROVED for side in (claim.expr, meaning))
    sides = [with_facts(side, frozenset(), simplex) for side in (claim.expr, meaning)]
    if small and (equal(*sides) or equal(*(spread(side, symmetric) for side in sides))):
        return Verdict("proved")
    telling, _ = points
    if telling < POINTS:
        return Verdict(refused=f"the form that was found could be checked at {telling} points only")
    return Verdict(f"checked at {telling} random points")


def agreeing_points(claim: Claim, meaning: Expr) -> tuple[int, int] | None:
    """At how many random points both sides agree, not all of them 0, and all of them 0; None as soon as they differ at one."""
    random = Random(f"{claim.program.name} {claim.matrix}")
    telling, idle = 0, 0
    for attempt in range(MOST_TRIES):
        point = draw(claim.program, random, positive=attempt % 2 == 1)
        expected = _values(claim.expr, claim, point)
        if expected is None:
            continue
        found = _values(meaning, claim, point)
        if found is None or not _agree(expected, found):
            return None
        if any(value != 0 for value in expected):
            telling += 1
        else:
            idle += 1
        if telling == POINTS:
            break
    return telling, idle


def _values(side: Expr, claim: Claim, point: Point) -> list[Any] | None:
    """All entries; None where one of them is not finite."""
    for number in (FRACTION, mp(DIGITS)):
        try:
            found = _evaluated(side, claim, point, number)
        except TensorDerivError:  # no rational number: taken again with 50 digits
            continue
        flat = list(found.flat)
        return flat if all(_is_finite(value) for value in flat) else None
    return None


def _evaluated(side: Expr, claim: Claim, point: Point, number: NumberSystem) -> Any:
    statements: Sequence[Statement] = (*claim.program.statements, *claim.names)
    return evaluate(side, axes=claim.axes, arrays=point.arrays, sizes=point.sizes, statements=statements, number=number)


def _is_finite(value: Any) -> bool:
    return bool(value == value and abs(value) != float("inf"))


def _agree(left: list[Any], right: list[Any]) -> bool:
    """Exactly for rationals, to `AGREE` for numbers of 50 digits."""
    if all(isinstance(value, Fraction) for value in (*left, *right)):
        return left == right
    context = mp(DIGITS)
    ours, theirs = [context.number(v) for v in left], [context.number(v) for v in right]
    largest = max(abs(v) for v in (context.number(1), *ours, *theirs))
    return all(abs(a - b) <= context.number(AGREE) * largest for a, b in zip(ours, theirs, strict=True))
