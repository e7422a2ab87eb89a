"""The form a person would write: all passes of this folder, until nothing changes."""

from __future__ import annotations

from collections.abc import Sequence

from tensorderiv.algebra.expression import Expr
from tensorderiv.algebra.program import Statement
from tensorderiv.contract import contract
from tensorderiv.simplify.factor import factor
from tensorderiv.simplify.fold import fold_names
from tensorderiv.simplify.fractions import reduce_fractions
from tensorderiv.simplify.indicators import settle
from tensorderiv.simplify.style import as_written
from tensorderiv.simplify.symmetry import write_alike
from tensorderiv.simplify.tidy import tidy

MOST_ROUNDS = 5
"""Rounds of collecting; one is the rule, a cancellation may open the way for a second or third."""


def finish(expr: Expr, statements: Sequence[Statement]) -> Expr:
    """Tidy, named, factored, and as a person would write it."""
    current = expr
    for _ in range(MOST_ROUNDS):
        named = write_alike(tidy(fold_names(tidy(current), statements)), statements)
        settled = settle(contract(named))
        after = factor(tidy(reduce_fractions(tidy(settled), statements)))
        if after == current:
            break
        current = after
    return as_written(current, statements)
