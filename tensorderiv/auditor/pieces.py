"""Slips in one place: a part of the derivative or a place of its formula, or two of them."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial

import numpy as np

from tensorderiv.algebra.build import add
from tensorderiv.algebra.expression import Add, Expr, Number
from tensorderiv.algebra.program import Statement
from tensorderiv.auditor.fit import Array
from tensorderiv.auditor.mirror import slipped
from tensorderiv.auditor.mutations import atoms
from tensorderiv.auditor.numbers import named
from tensorderiv.auditor.places import places, replaced
from tensorderiv.auditor.search import Explanation, Search
from tensorderiv.auditor.trials import FEW, Bench

CHANGES = (("is missing", -1.0), ("has its sign flipped", -2.0), ("is doubled", 1.0), ("is halved", -0.5))
"""What happens to a part of a derivative, and the part of it that is then too much."""

MOST_SUMS = 8
"""Sums in the formula whose terms are fitted."""


def part(search: Search) -> Explanation | None:
    """One part of the derivative (a term of the product rule, of a sum, a chain) is missing or multiplied."""
    quick = search.fit.quick
    for where, statements in search.parts():
        term = search.part_of(quick.bench, statements)
        if not np.isfinite(term[quick.known]).all() or not (np.abs(term) > quick.slack(term))[quick.known].any():
            continue
        for words, factor in CHANGES:
            if quick.where(quick.bench.due.value + factor * term) is not None:
                formula = search.bench.due.value + factor * search.part_of(search.bench, statements)
                if (entries := search.fit.where(formula)) is not None:
                    return Explanation("part", f"{where} {words}{entries}")
        if quick.where(term) is None:
            continue
        if (entries := search.fit.where(search.part_of(search.bench, statements))) is not None:
            return Explanation("part", f"only {where} is there{entries}")
    return None


def slip(search: Search) -> Explanation | None:
    """One slip in the formula that is due."""
    for mutation, expr in search.variants():
        if search.fit.quick.where(search.fit.quick.bench.evaluate(expr, search.statements)) is None:
            continue
        entries = search.fit.where(search.bench.evaluate(expr, search.statements))
        if entries is not None:
            return Explanation("slip", f"{search.told(mutation)}{entries}")
    return None


def definition(search: Search) -> Explanation | None:
    """The right derivative of a definition with one slip."""
    for words, statements in slipped(search.bench.program.statements, search.exchanged()):
        if search.fit.quick.multiple(search.fit.quick.bench.gradient_of(statements)) is None:
            continue
        found = search.fit.multiple(search.bench.gradient_of(statements))
        if found is not None:
            times = "the gradient" if found == "1" else f"{found} times the gradient"
            return Explanation("definition", f"it is {times} of another definition: {words()}")
    return None


def terms(search: Search) -> Explanation | None:
    """Several terms of a sum are missing or multiplied: their factors, by least squares, confirmed at the other points."""
    sums = [(path, node) for path, node in places(search.formula.expr) if isinstance(node, Add)]
    for path, node in sums[:MOST_SUMS]:
        columns = [
            search.bench.due.value
            - search.bench.evaluate(
                replaced(search.formula.expr, path, add(*node.terms[:place], *node.terms[place + 1 :])), search.statements
            )
            for place in range(len(node.terms))
        ]
        matrix = np.stack(columns, axis=1)
        known = search.fit.known & np.isfinite(matrix).all(axis=1)
        half = np.flatnonzero(known)[::2]
        if len(half) < 2 * len(columns):
            continue
        weights = 1 / search.fit.tolerance[half]
        missing = (search.bench.found - search.bench.due.value)[half]
        solved, _, rank, _ = np.linalg.lstsq(matrix[half] * weights[:, None], missing * weights, rcond=None)
        if rank < len(columns) or search.fit.where(search.bench.due.value + matrix @ solved) != "":
            continue
        told = [
            f"{term} has the factor {named(1 + factor, 1e-5) or f'{1 + factor:.6g}'}"
            for term, factor in zip(node.terms, solved, strict=True)
            if abs(factor) > 1e-6
        ]
        if all("." not in words.rsplit("factor", 1)[1] for words in told):
            return Explanation("terms", f"in {search.shown} {', '.join(told)}")
    return None


def part_factor(search: Search) -> Explanation | None:
    """One part of the derivative is multiplied or divided by a number, or by a quantity that occurs."""
    quick = search.fit.quick
    for where, statements in search.parts():
        term = search.part_of(quick.bench, statements)
        if not np.isfinite(term[quick.known]).all() or not (np.abs(term) > quick.slack(term))[quick.known].any():
            continue
        for atom in (Number(Fraction(1)), *atoms(search.formula.expr, search.bench.own)):
            values = quick.bench.evaluate(atom, search.statements)
            for power, words in ((-1, "lacks"), (1, "has too much"), (-2, "lacks twice"), (2, "has twice too much")):
                with np.errstate(all="ignore"):
                    if quick.multiple(term * values**power, rest=quick.bench.due.value - term) is None:
                        continue
                    whole = search.part_of(search.bench, statements)
                    formula = whole * search.bench.evaluate(atom, search.statements) ** power
                    times = search.fit.multiple(formula, rest=search.bench.due.value - whole)
                if times is not None:
                    if isinstance(atom, Number):
                        return Explanation("part", f"{where} is {times} times what is due")
                    more = "" if times == "1" else f", and is multiplied by {times}"
                    return Explanation("part", f"{where} {words} the factor {atom}{more}")
    return None


def two(search: Search) -> Explanation | None:
    """Two parts of the derivative, or slips in it, at once: what they change adds up."""
    quick = search.fit.quick
    changes: list[tuple[Callable[[], str], Array, Callable[[Bench], Array]]] = []
    for where, statements in search.parts():
        term = search.part_of(quick.bench, statements)
        for words, factor in CHANGES:

            def change(bench: Bench, statements: tuple[Statement, ...] = statements, factor: float = factor) -> Array:
                return factor * search.part_of(bench, statements)

            changes.append((partial("{} {}".format, where, words), factor * term, change))
    for mutation, expr in search.variants():

        def change_by(bench: Bench, expr: Expr = expr) -> Array:
            return bench.evaluate(expr, search.statements) - bench.due.value

        changes.append((partial(search.told, mutation), change_by(quick.bench), change_by))
    known = quick.known
    if known.sum() < FEW:
        return None
    columns = np.array([change[known] for _, change, _ in changes])
    finite = np.isfinite(columns).all(axis=1) & (np.abs(columns) > 10 * quick.tolerance[known]).any(axis=1)
    usable = np.flatnonzero(finite)
    missing = (quick.bench.found - quick.bench.due.value)[known]
    for place in usable:
        with np.errstate(all="ignore"):
            near = (np.abs(missing - columns[place] - columns[usable]) <= 2 * quick.tolerance[known]).all(axis=1)
        for other in usable[near]:
            formula = search.bench.due.value + changes[place][2](search.bench) + changes[other][2](search.bench)
            if other > place and search.fit.where(formula) == "":
                return Explanation("two slips", f"{changes[place][0]()}, and {changes[other][0]()}")
    return None
