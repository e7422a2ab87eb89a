"""Every entry against recorded values and gradients: by dual numbers from its definition, and by its derivation."""

from __future__ import annotations

import numpy as np
import pytest

import tensorderiv as td
from tensorderiv.algebra.traverse import index_names
from tensorderiv.verify.brute import Reference
from tests.catalog.vectors import CASES, Case

UNRECORDED = {"student_t_kernel", "umap_low_dim_kernel", "umap_cross_entropy", "mds_stress"}
"""Entries of the collection without a recorded case: `test_formulas.py` has them."""

OURS = {"geodesic", "sqeuclidean_columns", "triplet", "triplet_geodesic"}
"""Entries that are not of the collection."""

each = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@each
def test_value_and_gradient(case: Case) -> None:
    """Within the running error bounds of both, as any two honest ways of computing them are."""
    reference = Reference(case.definition.program, case.arrays)
    value = reference.value()
    assert value.determined[case.place]
    assert abs(value.value[case.place] - case.value) <= value.tolerance[case.place]

    cotangent = np.zeros(value.value.shape)
    cotangent[case.place] = 1
    gradient = reference.vjp(case.variable, cotangent)
    place = case.place[:1]
    assert gradient.determined[place].all()
    assert (np.abs(gradient.value[place] - case.gradient) <= gradient.tolerance[place]).all()


@each
def test_derivation(case: Case) -> None:
    """The last line of the derivation has the recorded gradient. Its own rounding is not bounded, that of the definition is."""
    definition = case.definition
    program = definition.program
    taken = {name for s in program.statements for name in index_names(s.body) | index_names(s.element)} | program.names
    tensor = next(tensor for tensor in definition.inputs if tensor.name == case.variable)
    letters = [letter for letter in "uvwyzefgh" if letter not in taken][: tensor.order]
    derivation = definition.derive(f"{tensor.name}_{{{','.join(letters)}}}")
    assert derivation.steps
    found = derivation.evaluate(**case.arrays)[(*case.place, *case.place[:1])]
    reference = Reference(program, case.arrays)
    cotangent = np.zeros(reference.value().value.shape)
    cotangent[case.place] = 1
    tolerance = reference.vjp(case.variable, cotangent).tolerance[case.place[:1]]
    assert (np.abs(found - case.gradient) <= tolerance).all()


def test_every_entry_has_a_case() -> None:
    recorded = {td.catalog.entry(case.name).name for case in CASES}
    assert len(recorded) == len(CASES) == 108
    assert recorded | UNRECORDED | OURS == set(td.catalog)
    assert not recorded & (UNRECORDED | OURS)


@each
def test_a_wrong_value_is_seen(case: Case) -> None:
    """The tolerance is that of rounding: in each case a change of one part in 10^9 is more."""
    value = Reference(case.definition.program, case.arrays).value()
    assert value.tolerance[case.place] < 1e-9 * abs(case.value)
