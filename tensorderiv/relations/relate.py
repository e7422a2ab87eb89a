"""How two gradients are related, the strongest relation first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from tensorderiv.algebra.build import MINUS_ONE, ZERO, mul
from tensorderiv.algebra.expression import Expr
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.sign import Signs
from tensorderiv.algebra.traverse import substitute_expr
from tensorderiv.equality import Claim, Counterexample, Verdict
from tensorderiv.relations.factor import candidates, kind_of
from tensorderiv.relations.gradients import Gradients
from tensorderiv.relations.sampled import Sampled, sampled

Kind: TypeAlias = Literal["equal", "constant", "factor", "parallel", "different"]
Direction: TypeAlias = Literal["same", "opposite", "either"]

SAME = 1e-9
"""Quotients that agree so far may come from a constant: a guess, which is then decided."""


@dataclass(frozen=True)
class Relation:
    """What holds between the gradients, and how that is known.

    `factor` makes the first of the second; `by_rows`: there is one for each row of the variable. `direction` is that of the
    first by the second, and `direction_how` how it is known.
    """

    kind: Kind
    how: str
    direction: Direction = "same"
    direction_how: str = ""
    factor: Expr | None = None
    by_rows: bool = False
    claim: Claim | None = None
    counterexample: Counterexample | None = None
    """The strongest claim that is false, and where."""

    zero: str = ""
    """Which of the two is 0 everywhere, "first" or "second", if one is."""


def relate(found: Gradients) -> tuple[Relation, Sampled]:
    """The strongest relation that holds, and the gradients at random points."""
    first, second = found.first, found.second
    numbers = sampled(found)
    same = found.decide(first, second, found.axes)
    if same:
        return Relation("equal", same.how), numbers
    for name, expr in (("first", first), ("second", second)):
        if found.decide(expr, ZERO, found.axes):
            return Relation("different", "counterexample", counterexample=same.counterexample, zero=name), numbers
    whole = _parallel(found, found.inner)
    if whole:
        return _proportional(found, whole, numbers, by_rows=False), numbers
    if found.order > 1:
        rows = _parallel(found, found.inner[-1:])
        if rows:
            numbers = sampled(found, by_rows=True)
            return _proportional(found, rows, numbers, by_rows=True), numbers
    return Relation(
        "different", "counterexample", claim=parallel(found, found.inner), counterexample=whole.counterexample
    ), numbers


def parallel(found: Gradients, inner: tuple[Index, ...]) -> Claim:
    """g_l h_m = g_m h_l: both are along one line, for all values of the other axes."""
    other = found.elsewhere(inner)
    there = [substitute_expr(expr, other) for expr in (found.first, found.second)]
    return found.claim(mul(found.first, there[1]), mul(there[0], found.second), (*found.axes, *other.values()))


def _parallel(found: Gradients, inner: tuple[Index, ...]) -> Verdict:
    claim = parallel(found, inner)
    return found.decide(claim.left.expr, claim.right.expr, claim.axes)


def _proportional(found: Gradients, along: Verdict, numbers: Sampled, *, by_rows: bool) -> Relation:
    ratios = numbers.ratios
    steady = bool(len(ratios)) and bool(np.all(np.abs(ratios - ratios[0]) <= SAME * np.abs(ratios[0])))
    direction: Direction = "same" if (ratios > 0).all() else "opposite" if (ratios < 0).all() else "either"
    inner = found.inner[-1:] if by_rows else found.inner
    for factor in candidates(found, float(ratios[0]) if steady else None, inner):
        product = mul(factor, found.second)
        if found.refuted(found.first, product, found.axes):
            continue
        verdict = found.decide(found.first, product, found.axes)
        if verdict:
            kind: Kind = "constant" if kind_of(factor) == "constant" else "factor"
            told = _sign_known(found, factor, direction) or f"at {len(ratios)} random points"
            return Relation(kind, verdict.how, direction, told, factor, by_rows)
    return Relation("parallel", along.how, direction, f"at {len(ratios)} random points", None, by_rows)


def _sign_known(found: Gradients, factor: Expr, direction: Direction) -> str:
    signs = Signs(found.program)
    wanted = {"same": factor, "opposite": mul(factor, MINUS_ONE)}.get(direction)
    return "proved" if wanted is not None and signs.nonnegative(wanted) else ""
