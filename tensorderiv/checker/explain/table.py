"""All repairs, the most specific first: the kind of the first one that makes the line right names the slip."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from tensorderiv.checker.explain import (
    captured,
    chains,
    conditions,
    deltas,
    exponents,
    factors,
    letters,
    linear,
    logarithms,
    matrices,
    signs,
    terms,
)
from tensorderiv.checker.explain.repair import Family, Repair
from tensorderiv.checker.explain.repeated import repeated
from tensorderiv.checker.explain.scene import Scene

FAMILIES: tuple[Family, ...] = (
    terms.verbatim,
    factors.traces_of_deltas,
    signs.one_sign,
    factors.twos,
    linear.coefficients,
    letters.renamed_free,
    chains.inner_derivatives,
    deltas.one_delta,
    captured.renamed_sums,
    captured.merged_sums,
    captured.derivatives_inside,
    terms.quotient_terms,
    conditions.sum_conditions,
    letters.two_letters,
    letters.one_letter,
    matrices.outer_products,
    matrices.one_transpose,
    matrices.term_transposes,
    factors.extents,
    logarithms.log_bases,
    exponents.denominators,
    exponents.moved_exponents,
    matrices.copied_terms,
    terms.missing_terms,
    terms.doubled,
    factors.numbers,
    terms.equal_indices,
    terms.other_terms,
    terms.cross_terms,
    terms.constants,
    factors.determinants,
    chains.extra_factors,
    signs.two_signs,
    terms.extra_terms,
    conditions.lost_sums,
)
"""Tried one after the other."""

WIDE: tuple[Family, ...] = (
    chains.lost_factors,
    deltas.two_deltas,
    letters.conditions_and_letter,
    letters.all_letters,
    letters.all_subscripts,
    matrices.swapped_factors,
    exponents.wrong_exponents,
    chains.replaced_parts,
    letters.four_letters,
)
"""With many repairs each: they take turns, and one slip made at several places takes turns with them."""

TURN = 60
"""Repairs of one turn."""


def repairs(scene: Scene) -> Iterator[Repair]:
    """All repairs in order."""
    for family in FAMILIES:
        yield from family(scene)
    waiting = [repeated(FAMILIES, scene), *(family(scene) for family in WIDE)]
    while waiting:
        for turn in tuple(waiting):
            taken = list(islice(turn, TURN))
            yield from taken
            if len(taken) < TURN:
                waiting.remove(turn)
