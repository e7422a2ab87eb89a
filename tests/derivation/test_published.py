"""Every published definition is derived: each step denotes the array of the step before."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tensorderiv.algebra.program import Program
from tensorderiv.derivation import derive
from tensorderiv.language import read
from tensorderiv.pipeline import default_variable
from tests.support.published import PUBLISHED

SIZES = {"d": 3, "B": 4, "n": 2, "m": 2}


def small_inputs(program: Program, **sizes: int) -> dict[str, Any]:
    """Numbers between 0.2 and 0.6, inside the domain of every published definition; labels 0, 1, 0, 1."""
    rng = np.random.default_rng(0)
    arrays: dict[str, Any] = {}
    for item in program.inputs:
        shape = [e if isinstance(e, int) else sizes.get(e, 2) for e in item.tensor.extents]
        arrays[item.tensor.name] = (
            np.arange(np.prod(shape, dtype=int)).reshape(shape) % 2 if item.tensor.integer else rng.uniform(0.2, 0.6, shape)
        )
        if not shape:
            arrays[item.tensor.name] = arrays[item.tensor.name].item()
    return arrays


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_step_denotes_the_same_array(name: str) -> None:
    text = PUBLISHED[name]
    program = read(text, name)
    derivation = derive(program, default_variable(program))
    wide = {"d": 5} if "x[4]" in text or "x[3]" in text else {}
    arrays = small_inputs(program, **SIZES | wide)
    with np.errstate(all="ignore"):
        expected = derivation.steps[0].evaluate(**arrays)
        assert np.isfinite(expected).any()
        for step in derivation.steps[1:]:
            found = step.evaluate(**arrays)
            np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12, err_msg=step.rule)
