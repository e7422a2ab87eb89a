"""Tensors of any order: what the nests compute, and the order of growth of their operations."""

from __future__ import annotations

import pytest

from tensorderiv.adjoint import reverse
from tensorderiv.algebra.sizes import sizes_of
from tensorderiv.language import read
from tensorderiv.lower import lower
from tensorderiv.lower.stable import stabilise
from tests.support.agreement import agrees, arrays_of
from tests.support.relations import ORDERS

SMALL = {"n": 4, "m": 3, "l": 2, "k": 3, "r": 2, "a": 2, "b": 3, "c": 2, "d": 3, "e": 2}
ONES = dict.fromkeys(SMALL, 1)


@pytest.mark.parametrize("name", ORDERS)
@pytest.mark.parametrize("sizes", [SMALL, ONES], ids=["small", "ones"])
def test_value_and_gradients(name: str, sizes: dict[str, int]) -> None:
    program = stabilise(read(ORDERS[name][0]))
    adjoint = reverse(program, [i.tensor.name for i in program.inputs if not i.tensor.integer])
    arrays = arrays_of(adjoint.program, sizes)
    outputs = [program.output.tensor.name, *(gradient for _, gradient in adjoint.gradients)]
    agrees(adjoint.program, outputs, arrays, sizes_of(adjoint.program, arrays))


@pytest.mark.parametrize("name", ORDERS)
def test_growth(name: str) -> None:
    """The largest terms of a stage have the extents that they must have, no other."""
    text, wanted = ORDERS[name]
    program = stabilise(read(text))
    adjoint = reverse(program, [i.tensor.name for i in program.inputs if not i.tensor.integer])
    plan = lower(adjoint.program, [program.output.tensor.name, *(gradient for _, gradient in adjoint.gradients)])
    found = {}
    for stage in plan.stages:
        terms = [term for term, factor in stage.cost.operations.terms.items() if factor]
        degree = max(map(len, terms), default=0)
        found[stage.name] = ", ".join(sorted(" ".join(term) for term in terms if len(term) == degree))
    assert {key: found[key] for key in wanted} == wanted
