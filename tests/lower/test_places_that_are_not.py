"""Labels outside the range of an index, and maxima over nothing: no entry is read that is not there."""

from __future__ import annotations

import numpy as np
import pytest

from tensorderiv.adjoint import forward, reverse
from tensorderiv.algebra.evaluate import evaluate_program
from tensorderiv.algebra.expression import Tensor
from tensorderiv.algebra.sizes import sizes_of
from tensorderiv.derivation import derive
from tensorderiv.language import read, read_variable
from tensorderiv.lower import lower
from tests.support.nests import run_plan

OUTSIDE = "tensor y[n], z[k]\nlabels c[n]\nL = sum_g z_g (sum_{i: c_i = g} y_i)^2"
INPUTS = {"y": np.ones(3), "z": np.ones(2), "c": np.array([0, 7, 1])}


def test_a_label_outside_the_range_matches_nothing() -> None:
    """A condition [c_i = g] is no delta: c_i need not be a value of g."""
    program = read(OUTSIDE)
    assert evaluate_program(program, INPUTS) == 2.0
    np.testing.assert_array_equal(derive(program, read_variable("y_a", program)).evaluate(**INPUTS), [2.0, 0.0, 2.0])
    adjoint = reverse(program, ["y"])
    (name,) = (gradient for _, gradient in adjoint.gradients)
    made = run_plan(lower(adjoint.program, [name]), dict(INPUTS), sizes_of(adjoint.program, INPUTS))
    np.testing.assert_array_equal(made[name], [2.0, 0.0, 2.0])


@pytest.mark.parametrize(("labels", "expected"), [([0, 0], [0.0, 0.0]), ([0, 1], [3.0, 7.0])])
def test_the_minimum_over_nothing_moves_with_nothing(labels: list[int], expected: list[float]) -> None:
    program = read("tensor D[n,n]\nlabels c[n]\nr_a = min_{k: c_k != c_a} D_ak")
    tangent = forward(program, {"D": Tensor("V", ("n", "n"))})
    arrays = {"D": np.ones((2, 2)), "c": np.array(labels), "V": np.array([[5.0, 3.0], [7.0, 2.0]])}
    name = tangent.output.tensor.name
    made = run_plan(lower(tangent, [name]), arrays, sizes_of(tangent, arrays))
    np.testing.assert_array_equal(made[name], expected)
