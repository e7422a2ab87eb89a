"""Directional derivatives by central differences, Richardson-extrapolated, that notice when they stand on a kink."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

TRIES = 3
"""Steps tried, each a tenth of the one before, before a point is called a kink."""

SHARP = 1e-5
"""Relative error above which a difference is too blunt to judge by, so a smaller step is tried."""


@dataclass(frozen=True)
class Slope:
    """A directional derivative with an estimate of its own error; a kink has none."""

    value: float
    error: float
    kink: bool = False


def slope(function: Callable[[float], float], noise: float, dtype: type = np.float64) -> Slope:
    """d f / d t at 0. `noise` bounds the rounding error of f.

    The step is eps^(1/5), where the truncation error h^4 of the extrapolated difference meets the rounding error eps / h. The
    error is the difference of two extrapolations plus the rounding. At a kink the one-sided differences stay apart as the step
    shrinks; elsewhere they close in proportion to it.
    """
    step = float(np.finfo(dtype).eps) ** 0.2
    best = Slope(math.nan, math.inf)
    for _ in range(TRIES):
        found = _slope(function, noise, step)
        if found.kink:
            return found
        if found.error < best.error:
            best = found
        if best.error <= SHARP * abs(best.value) + 4 * noise / step:
            return best
        step /= 10
    return Slope(best.value, best.error, kink=not best.error <= 1e-2 * abs(best.value) + 100 * noise / step)


def _slope(function: Callable[[float], float], noise: float, step: float) -> Slope:
    middle = function(0.0)
    steps = (step, step / 2, step / 4)
    above, below = [function(h) for h in steps], [function(-h) for h in steps]
    central = [(u - d) / (2 * h) for u, d, h in zip(above, below, steps, strict=True)]
    coarse, fine = (4 * central[1] - central[0]) / 3, (4 * central[2] - central[1]) / 3
    rounding = 8 * noise / step
    gaps = [abs((u - middle) - (middle - d)) / h for u, d, h in zip(above, below, steps, strict=True)]
    kink = gaps[2] > 0.6 * gaps[0] and gaps[2] > 8 * rounding + 1e-6 * abs(fine)
    if not math.isfinite(fine):
        return Slope(math.nan, math.inf, kink=True)
    return Slope(fine, abs(fine - coarse) + rounding, kink)
