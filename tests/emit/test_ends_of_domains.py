"""Inverse functions at the ends of their domains, compiled: rounding beyond the end is forgiven, more is not."""

from __future__ import annotations

import numpy as np

from tensorderiv.algebra.evaluate import evaluate_program
from tensorderiv.language import read
from tensorderiv.run import compile_program

TEXT = """
    tensor x[n]
    Y_ik = if(k = 0, acos(x_i), if(k = 1, asin(x_i), acosh(x_i))) + 0 w_k
"""


def test_as_the_reference_meaning_does() -> None:
    program = read(TEXT, "ends")
    x = np.array([1.0, 1 + 4e-16, 1 - 2e-16, -1 - 4e-16, 0.5, 1 + 1e-12, -1 - 1e-12, 2.0])
    got = compile_program(program, "ends").evaluate(x, np.zeros(3))
    want = evaluate_program(program, {"x": x, "w": np.zeros(3)})
    np.testing.assert_allclose(got, want, rtol=1e-14, atol=0)
    assert got[1, 0] == 0
    assert got[2, 2] == 0
    assert np.isnan(got[5, 0])
