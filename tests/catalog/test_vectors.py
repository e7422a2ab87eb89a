"""Every entry against recorded values and gradients: by dual numbers from its definition, and by its derivation."""

from __future__ import annotations

import numpy as np
import pytest

import tensorderiv as td
from tensorderiv.algebra.traverse import index_names
from tests.catalog.vectors import CASES, Case

UNRECORDED = {"student_t_kernel", "umap_low_dim_kernel", "umap_cross_entropy", "mds_stress"}
"""Entries of the collection without a recorded case: `test_formulas.py` has them."""

OURS = {"geodesic", "sqeuclidean_columns", "triplet", "triplet_geodesic"}
"""Entries that are not of the collection."""

each = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


SHOWS = 1e-9
"""A relative change that is more than rounding in every case: so a wrong value is seen."""


@each
def test_value_and_gradient(case: Case) -> None:
    """Within the running error bounds of both, as any two honest ways of computing them are."""
    value, gradient = case.judged_value, case.judged_gradient
    assert abs(value.value[case.place] - case.value) <= value.tolerance[case.place] <= SHOWS * abs(case.value)
    assert gradient.determined.all()
    assert (np.abs(gradient.value - case.gradient) <= gradient.tolerance).all()
    assert (gradient.tolerance <= SHOWS * np.abs(case.gradient).max()).all()


@each
def test_derivation(case: Case) -> None:
    """The last line of the derivation has the recorded gradient. Its own rounding is not bounded, that of the definition is."""
    definition = case.definition
    program = definition.program
    taken = {name for s in program.statements for name in index_names(s.body) | index_names(s.element)} | program.names
    tensor = next(tensor for tensor in definition.inputs if tensor.name == case.variable)
    letters = [letter for letter in "uvwyzefgh" if letter not in taken][: tensor.order]
    derivation = definition.derive(f"{tensor.name}_{{{','.join(letters)}}}")
    found = derivation.evaluate(**case.arrays)[(*case.place, *case.place[:1])]
    assert (np.abs(found - case.gradient) <= case.judged_gradient.tolerance).all()


def test_every_entry_has_a_case() -> None:
    recorded = {td.catalog.entry(case.name).name for case in CASES}
    assert len(recorded) == len(CASES) == 108
    assert recorded | UNRECORDED | OURS == set(td.catalog)
    assert not recorded & (UNRECORDED | OURS)
