"""Definitions in no catalogue, by text alone, through derive, generate and verify."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tensorderiv as td

TEXTS = {
    "canberra": "D_ij = sum_p abs(X_ip - Y_jp) / (abs(X_ip) + abs(Y_jp))",
    "braycurtis": "D_ij = (sum_p abs(X_ip - Y_jp)) / (sum_q abs(X_iq + Y_jq))",
    "chi_square": "tensor X[n,d] > 0\ntensor Y[m,d] > 0\nD_ij = sum_p (X_ip - Y_jp)^2 / (X_ip + Y_jp)",
    "hellinger": "tensor X[n,d] in simplex\nD_ij = sqrt(1/2 sum_p (sqrt(X_ip) - sqrt(X_jp))^2)",
    "jensen_shannon": """tensor X[n,d] in simplex
        tensor Y[m,d] in simplex
        M_ijp = (X_ip + Y_jp) / 2
        D_ij = 1/2 sum_p X_ip log(X_ip / M_ijp) + 1/2 sum_p Y_jp log(Y_jp / M_ijp)""",
    "poincare": "D_ij = acosh(1 + 2 |X_i - X_j|^2 / ((1 - |X_i|^2)(1 - |X_j|^2)))",
    "lorentz": "D_ij = sum_p log(1 + abs(X_ip - Y_jp))",
    "lennard_jones": "S_ij = sum_p (X_ip - X_jp)^2\nE = 4 sum_{i<j} (S_ij^(-6) - S_ij^(-3))",
    "gaussian_mmd": """tensor X[n,d], Y[m,d]
        scalar s > 0 default 1
        L = 1/n^2 sum_{i,j} exp(-|X_i - X_j|^2 / (2 s)) + 1/m^2 sum_{a,b} exp(-|Y_a - Y_b|^2 / (2 s))
          - 2/(n m) sum_{i,a} exp(-|X_i - Y_a|^2 / (2 s))""",
    "attention": "O_l = sum_{i,j} softmax_j(<X_i, Y_j>) Z_jl",
    "logistic": "tensor X[n,d], y[n], w[d]\nL = 1/n sum_i log(1 + exp(-y_i sum_p X_ip w_p))",
    "cubic": "L = sum_{i,j,k} <X_i, X_j> <X_j, X_k> <X_k, X_i>",
}
"""Joined lines keep their leading spaces: a definition may be written with its margin."""


def arrays(definition: td.Definition, seed: int = 0) -> dict[str, Any]:
    """Small inputs inside every domain used above: positive rows that sum to 1, away from ties."""
    sizes = {"n": 3, "m": 2}
    rng = np.random.default_rng(seed)
    given: dict[str, Any] = {}
    for item in definition.inputs:
        if item.order == 0:
            given[item.name] = 0.8
            continue
        values = rng.uniform(0.2, 1.0, size=tuple(sizes.get(str(extent), 4) for extent in item.extents))
        given[item.name] = values / values.sum(axis=-1, keepdims=True)
    return given


@pytest.fixture(params=list(TEXTS))
def named(request: pytest.FixtureRequest) -> td.Definition:
    return td.define(TEXTS[request.param], name=request.param)


def test_the_derivative_is_that_of_the_definition(named: td.Definition) -> None:
    """Result and every step against central differences of the reference meaning."""
    given = arrays(named)
    derivation = named.derive()
    name = derivation.wrt.tensor.name
    value = derivation.evaluate(**given)
    h = 1e-6
    for entry in np.ndindex(given[name].shape):
        moved = [given | {name: given[name].copy()} for _ in range(2)]
        for side, sign in zip(moved, (1, -1), strict=True):
            side[name][entry] += sign * h
        slope = (np.asarray(named.evaluate(**moved[0])) - np.asarray(named.evaluate(**moved[1]))) / (2 * h)
        scale = 1 + np.abs(slope).max()
        np.testing.assert_allclose(value[(..., *entry)], slope, rtol=0, atol=1e-7 * scale)
    for step in derivation.steps:
        np.testing.assert_allclose(step.evaluate(**given), value, rtol=1e-9, atol=1e-9 * (1 + np.abs(value).max()))


@pytest.mark.rotating
def test_a_kernel_is_verified_and_written(named: td.Definition, tmp_path: Path) -> None:
    """`generate` verifies against brute force, finite differences and autodiff, or raises."""
    written = td.generate([named], out=tmp_path)
    assert tmp_path / f"{named.name}.py" in written
