"""Kernels of every published definition against recorded values and gradients, run as plain Python (nothing is compiled)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import sys
import numpy as np
from tensorderiv.emit import emit
from tensorderiv.language import read
from tensorderiv.run import load_source
from tests.support.published import CASES, inputs_of, variable_of

np.seterr(all="ignore")
failures = []
for case in CASES[int(sys.argv[1])::3]:
    program = read(case["td"], case["name"])
    kernel = load_source(emit(program, case["name"]), case["name"])
    arrays, wrt = inputs_of(program, case), variable_of(program, case)
    if kernel.KIND == "pair":
        points = [name for name, _ in kernel.POINTS]
        others = {name: array for name, array in arrays.items() if name not in points}
        value = kernel.pairwise(*(arrays[name] for name in points), **others)[0, 0]
        gradient = kernel.vjp(*(arrays[name] for name in points), np.ones((1, 1)), wrt=wrt, **others)
    else:
        given = [arrays[i.tensor.name] for i in program.inputs if i.tensor.order or i.tensor.integer]
        names = [i.tensor.name for i in program.inputs if not (i.tensor.order or i.tensor.integer)]
        scalars = {name: float(arrays[name]) for name in names}
        given = [array if array.ndim else int(array) for array in given]
        value, gradient = kernel.value_and_grad(*given, wrt=wrt, **scalars)
    recorded = np.asarray(case["gradient"]).reshape(np.shape(gradient))
    value_error = abs(value - case["value"]) / abs(case["value"])
    gradient_error = np.abs(gradient - recorded).max() / (np.abs(recorded).max() or 1)
    if not (value_error < 1e-11 and gradient_error < 1e-10):
        failures.append(f"{case['name']}: value off by {value_error:.1e}, gradient by {gradient_error:.1e}")
print(len(CASES[int(sys.argv[1])::3]), "cases")
sys.exit("; ".join(failures) or 0)
"""


@pytest.mark.rotating
@pytest.mark.parametrize("part", range(3))
def test_values_and_gradients(part: int, tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "TENSORDERIV_CACHE": str(tmp_path), "PYTHONPATH": str(root)}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(part)], capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout == "36 cases\n"
