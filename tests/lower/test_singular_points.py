"""Nests at singular points do what the language says: strong zeros, stated subgradients, infinities in the same places."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tensorderiv.adjoint import reverse
from tensorderiv.algebra.evaluate import evaluate
from tensorderiv.algebra.sizes import sizes_of
from tensorderiv.language import read
from tensorderiv.lower import lower
from tests.support.nests import run_plan

DEFINITIONS = [
    "D_ij = sqrt(sum_p (X_ip - Y_jp)^2)",
    "D_ij = (sum_p X_ip Y_jp) / (sqrt(sum_p X_ip^2) sqrt(sum_p Y_jp^2))",
    "D_ij = sum_p abs(X_ip - Y_jp) / (abs(X_ip) + abs(Y_jp))",
    "D_ij = sum_p X_ip log(X_ip / Y_jp)",
    "tensor X[n,d], Y[m,d], s[d]\nR_ij = sqrt(sum_p (X_ip - Y_jp)^2 / s_p^2)\nD_ij = (1 + R_ij) exp(-R_ij)",
    "tensor X[n,d], Y[m,d]\nN_i = sqrt(sum_p X_ip^2)\nE_ip = X_ip / N_i\nL = sum_{i,j} (sum_p E_ip Y_jp)^(3/2)",
    "tensor X[n,d], Y[n,d]\nL = (sum_{i,j: i < j} abs(sum_p X_ip Y_jp)) / sum_{i,j: i < j} [X[i,0] > 5]",
]


@pytest.mark.parametrize("text", DEFINITIONS)
def test_zero_rows_and_repeated_rows(text: str) -> None:
    program = read(text)
    real = [item.tensor.name for item in program.inputs if not item.tensor.integer]
    adjoint = reverse(program, real)
    rng = np.random.default_rng(0)
    points = rng.integers(0, 3, (4, 3)).astype(float)
    points[0], points[1] = 0.0, points[2]
    arrays: dict[str, Any] = {"X": points, "Y": points.copy(), "W": rng.integers(0, 2, (4, 4)).astype(float), "s": np.arange(3.0)}
    arrays = {item.tensor.name: arrays[item.tensor.name] for item in adjoint.program.inputs}
    sizes = sizes_of(adjoint.program, arrays)
    names = [program.output.tensor.name, *(gradient for _, gradient in adjoint.gradients)]
    made = run_plan(lower(adjoint.program, names), arrays, sizes)
    for name in names:
        statement = adjoint.program.statement(name)
        assert statement is not None
        with np.errstate(all="ignore"):
            meant = evaluate(
                statement.body, axes=statement.indices, arrays=arrays, sizes=sizes, statements=adjoint.program.statements
            )
        np.testing.assert_allclose(made[name], np.asarray(meant, float), rtol=1e-9, atol=1e-9, err_msg=name)
