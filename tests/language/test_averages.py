"""An undeclared count names the extent it divides by: in 1/n sum_i f_i the n is the number of values of i."""

from __future__ import annotations

import numpy as np
import pytest

from tensorderiv.algebra.evaluate import evaluate_program
from tensorderiv.language import read


@pytest.mark.parametrize(
    ("text", "shapes", "extents"),
    [
        ("h_iq = tanh(sum_p W_qp X_ip)\nL = 1/n sum_i sum_q h_iq^2", {"W": (2, 3), "X": (5, 3)}, {"n": 5}),
        ("L = 1/n sum_q (sum_p W_pq x_p - y_q)^2", {"W": (4, 3), "x": (4,), "y": (3,)}, {"n": 3}),
        ("L = 1/(n m) sum_{i,j} x_i y_j", {"x": (4,), "y": (3,)}, {"n": 4, "m": 3}),
        ("L = 1/n^2 sum_{i,j} (x_i - x_j)^2", {"x": (4,)}, {"n": 4}),
        ("L = (sum_i sum_p X_ip^2)/N", {"X": (5, 3)}, {"N": 5}),
    ],
)
def test_the_mean_is_over_the_summed_index(text: str, shapes: dict[str, tuple[int, ...]], extents: dict[str, int]) -> None:
    program = read(text)
    arrays = {name: np.full(shape, 0.5) for name, shape in shapes.items()}
    assert set(arrays) == {item.tensor.name for item in program.inputs}
    sizes = {e: arrays[i.tensor.name].shape[axis] for i in program.inputs for axis, e in enumerate(i.tensor.extents)}
    assert {name: sizes[name] for name in extents} == extents
    assert np.isfinite(evaluate_program(program, arrays))
