"""Judging a case table by evaluation: one row holds at each entry, with the formula's value there, and the counts are right."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from tensorderiv.algebra.build import ONE
from tensorderiv.algebra.evaluate import evaluate, mp
from tensorderiv.algebra.expression import Bracket, Expr
from tensorderiv.algebra.numbers import NumberSystem
from tensorderiv.algebra.sizes import bind
from tensorderiv.derivation.cases.table import CaseTable

DIGITS, AGREEING = 50, 40
"""Values are computed with so many digits and agree when so many do: what is left over is what rounding may take."""


def disagreement(table: CaseTable, number: NumberSystem | None = None, **arrays: Any) -> str | None:
    """What is wrong with the table at these inputs, or None. With `number` = FRACTION nothing is rounded."""
    exact, number = number is not None, number or mp(DIGITS)
    formula = table.formula
    values, sizes = bind(formula.program, arrays)
    statements = (*formula.program.statements, *formula.names)

    def array(expr: Expr) -> Any:
        return evaluate(expr, axes=formula.axes, arrays=values, sizes=sizes, statements=statements, number=number)

    expected = array(formula.expr)
    held = [array(ONE if case.condition is None else Bracket(case.condition)).astype(bool) for case in table.cases]
    for place, case in enumerate(table.cases):
        if case.condition is None:
            held[place] = ~np.any(held[:place], axis=0) if place else held[place]
    together = np.sum(held, axis=0)
    if (together != 1).any():
        return f"{int((together != 1).sum())} entries are under no row, or under several"
    allowed = (
        0
        if exact
        else max((abs(value) for value in expected.flat if value == value), default=0) * number.number(Fraction(1, 10**AGREEING))
    )
    for case, here in zip(table.cases, held, strict=True):
        found = array(case.value)
        wrong = [at for at in zip(*np.nonzero(here), strict=True) if _differ(found[at], expected[at], allowed)]
        if wrong:
            at = tuple(map(int, wrong[0]))
            return (
                f"{case.value} where {case.condition or 'otherwise'}: the formula has {expected[at]} at {at}, the row {found[at]}"
            )
        if int(here.sum()) != case.entries.at(sizes):
            return f"{case.condition or 'otherwise'} holds for {int(here.sum())} entries, the row says {case.entries.expr}"
    return None


def _differ(found: Any, expected: Any, allowed: Any) -> bool:
    """Whether the row is wrong at an entry; where the formula is no number (rounding left its domain) it says nothing."""
    return bool(expected == expected and found != expected and not abs(found - expected) <= allowed)
