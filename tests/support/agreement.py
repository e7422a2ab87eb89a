"""Whether a plan computes what its statements mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tensorderiv.algebra.evaluate import evaluate
from tensorderiv.algebra.program import Program
from tensorderiv.lower import lower
from tests.support.nests import run_plan


def arrays_of(program: Program, sizes: Mapping[str, int], seed: int = 0) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    found: dict[str, Any] = {}
    for item in program.inputs:
        shape = tuple(e if isinstance(e, int) else sizes[e] for e in item.tensor.extents)
        if item.tensor.integer:
            found[item.tensor.name] = np.arange(shape[0]) % 2
        else:
            value = rng.uniform(0.2, 1.5, shape)
            found[item.tensor.name] = value if shape else float(value)
    return found


def agrees(program: Program, names: Sequence[str], arrays: dict[str, Any], sizes: dict[str, int]) -> None:
    """Each output of the plan is what its statement means."""
    made = run_plan(lower(program, names), arrays, sizes)
    for name in names:
        statement = program.statement(name)
        assert statement is not None
        meant = evaluate(statement.body, axes=statement.indices, arrays=arrays, sizes=sizes, statements=program.statements)
        np.testing.assert_allclose(made[name], meant, rtol=1e-11, atol=1e-11, err_msg=name)
