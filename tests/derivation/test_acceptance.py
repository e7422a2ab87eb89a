"""What is asked of every derivation: true at every step, equal to autodiff, readable again, short, and in place of no other.

The catalogue by each of its real inputs, and the definitions of `definitions.py` by all their targets.
"""

from __future__ import annotations

import pytest

from tests.support.derivations import (
    ALL,
    CATALOGUE,
    FURTHER,
    MOST_STEPS,
    SIZES,
    TOLERANCE,
    autodiff_complaints,
    derivation_of,
    meaning_complaints,
    round_trip_complaints,
    shape_complaints,
)

every = pytest.mark.parametrize(("name", "target"), ALL, ids=lambda text: text)


@every
def test_every_step_denotes_the_array_of_the_step_before(name: str, target: str) -> None:
    derivation = derivation_of(name, target)
    assert [text for number in range(len(SIZES)) for text in meaning_complaints(derivation, number)] == []


@every
def test_the_result_equals_autodiff(name: str, target: str) -> None:
    assert autodiff_complaints(derivation_of(name, target)) == []


@every
@pytest.mark.parametrize("spelling", ["text", "latex"])
def test_every_step_reads_back(name: str, target: str, spelling: str) -> None:
    assert round_trip_complaints(derivation_of(name, target), spelling) == []


@every
def test_every_step_says_something(name: str, target: str) -> None:
    assert shape_complaints(derivation_of(name, target)) == []


@pytest.mark.parametrize(("name", "target"), CATALOGUE, ids=lambda text: text)
def test_derivations_of_the_catalogue_are_short(name: str, target: str) -> None:
    assert len(derivation_of(name, target).steps) <= MOST_STEPS


def test_there_are_enough_definitions_and_they_differ() -> None:
    assert len({name for name, _ in FURTHER}) >= 40
    assert not {name for name, _ in FURTHER} & {name for name, _ in CATALOGUE}
    assert len(ALL) == len(set(ALL))
    assert all(len(set(sizes[:3])) > 1 for sizes in SIZES)
    assert TOLERANCE < 1e-11
