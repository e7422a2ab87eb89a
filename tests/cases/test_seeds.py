"""The questions this project started from, answered."""

from __future__ import annotations

from time import process_time

import numpy as np
import pytest

import tensorderiv as td
from tests.support.kernels import FEW


def test_the_derivative_of_a_distance_matrix() -> None:
    assert str(td.catalog["sqeuclidean"].derive("X_kl").result) == "2 (X_il - X_jl)(delta_ik - delta_jk)"
    assert str(td.catalog["sqeuclidean_columns"].derive("X_kl").result) == "2 (X_ki - X_kj)(delta_il - delta_jl)"


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_npairs_where_all_rows_agree(sign: float) -> None:
    """Collapsed embeddings: the loss is log 7 and the gradient vanishes, so training stops there."""
    kernel = td.catalog["npairs"].compile()
    X = np.ones((7, 768))
    value, gradients = kernel.value_and_grad(X, sign * X)
    assert value == pytest.approx(np.log(7), abs=1e-14)
    assert round(value, 4) == 1.9459
    assert len(gradients) >= 2
    for gradient in gradients[:2]:
        assert np.abs(gradient).max() <= 1e-15


@pytest.mark.parametrize("name", ["triplet", "triplet_geodesic"])
def test_the_hinge_is_told(name: str) -> None:
    """Value and subgradient at the kink stand in the conditions, and the kernel does the same."""
    conditions = td.catalog[name].derive("A_kl").conditions
    hinge = [condition for condition in conditions if condition.kind == "kink" and "alpha" in condition.where]
    assert len(hinge) == 1
    assert "subgradient 0" in hinge[0].policy
    kernel = td.catalog[name].compile()
    A, P, N = np.eye(3), np.roll(np.eye(3), 1, axis=0), np.roll(np.eye(3), 2, axis=0)  # both distances agree: the hinge is at 0
    value, gradient = kernel.value_and_grad(A, P, N, alpha=0.0, wrt="A")
    assert value == 0
    np.testing.assert_array_equal(gradient, np.zeros((3, 3)))


@pytest.mark.parametrize("name", FEW)
def test_deriving_an_entry_takes_less_than_a_second(name: str) -> None:
    definition = td.define(td.catalog.entry(name).definition, name=name)
    start = process_time()
    definition.derive()
    assert process_time() - start < 1
