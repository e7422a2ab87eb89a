"""Published distances and losses: value and gradient of the reference meaning and of the autodiff oracle against records."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tensorderiv.algebra.evaluate import evaluate_program
from tensorderiv.language import read
from tensorderiv.verify.brute import Reference
from tensorderiv.verify.oracles import Oracle
from tests.support.published import CASES, inputs_of, variable_of


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_value_and_gradient(case: dict[str, Any]) -> None:
    program = read(case["td"], case["name"])
    arrays, wrt = inputs_of(program, case), variable_of(program, case)

    value = evaluate_program(program, arrays)
    assert value.item() == pytest.approx(case["value"], rel=1e-10)
    gradient = Reference(program, arrays).vjp(wrt, np.ones(value.shape))
    recorded = np.asarray(case["gradient"]).reshape(gradient.value.shape)
    assert np.max(np.abs(gradient.value - recorded)) <= 1e-9 * max(1.0, float(np.max(np.abs(recorded))))

    oracle = Oracle(program)
    by_autodiff = oracle.vjp(arrays, [wrt], np.ones(value.shape))[0]
    assert gradient.determined.all()
    assert (np.abs(by_autodiff - gradient.value) <= gradient.tolerance).all()
    np.testing.assert_allclose(oracle.value(arrays), value, rtol=1e-12)
