"""The compiled pair functions never read beyond an argument, also when other compiled code calls them."""

from __future__ import annotations

import numpy as np
import pytest
from numba import njit

from tensorderiv.language import read
from tensorderiv.run import compile_program


def test_points_of_different_lengths_are_refused() -> None:
    module = compile_program(read("D_ij = sum_p w_p abs(X_ip - X_jp)", "weighted"), "weighted")
    x, w = np.ones(3), np.ones(3)
    assert module.pair(x, 2 * x, w) == 3

    @njit
    def caller(x: np.ndarray, y: np.ndarray, w: np.ndarray) -> float:
        return module_pair(x, y, w)

    module_pair = module.pair
    assert caller(x, 2 * x, w) == 3
    for y, weights in ((np.ones(2), w), (np.ones(4), w), (x, np.ones(2))):
        with pytest.raises(ValueError, match="has another size than the extent d"):
            caller(x, y, weights)
        with pytest.raises(ValueError, match="pair_grad: axis 0 of"):
            module.pair_grad(x, y, weights)
