"""Inverse and determinant with bounds on their rounding error, for `running_error`.

Elimination computes the exact inverse of A + dA with |dA| <= E + 3 n unit |P L| |U|, where E bounds what the entries of A carry
in already (Higham, Accuracy and Stability of Numerical Algorithms, 9.3). With X = inv(A) and r = | |X| |dA| | < 1/2

    |inv(A + dA) - X| <= |X| |dA| |X| / (1 - r),        |log det(A + dA) - log det(A)| <= tr(|X| |dA|) + n r^2,

and where r is larger nothing is determined: rounding may have made the matrix singular.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

MOST = 0.5
"""The largest r at which a bound is given."""


@dataclass(frozen=True)
class Taken:
    """A matrix taken apart: its inverse, the bound |dA|, r, and the diagonal of U."""

    inverse: Array
    moved: Array
    ratio: float
    diagonal: Array


def take_apart(value: Array, error: Array, unit: float) -> Taken | None:
    """The matrix of values whose entries are off by at most `error`; None where it may be singular or is not finite."""
    if not (np.isfinite(value).all() and np.isfinite(error).all()):
        return None
    lower, upper = _factors(value)
    if not np.all(np.diag(upper)):
        return None
    try:
        inverted = np.linalg.inv(value)
    except np.linalg.LinAlgError:
        return None
    moved: Array = error + 3 * len(value) * unit * (np.abs(lower) @ np.abs(upper))
    ratio = float((np.abs(inverted) @ moved).sum(axis=1).max(initial=0.0))
    return Taken(inverted.astype(np.float64), moved, ratio, np.diag(upper)) if ratio < MOST else None


def inverse_error(taken: Taken, unit: float) -> Array:
    """The bound on each entry of the inverse, and its own rounding."""
    size = np.abs(taken.inverse)
    bound: Array = size @ taken.moved @ size / (1 - taken.ratio) + unit * size
    return bound


def log_error(taken: Taken, unit: float) -> float:
    """The bound on the logarithm of the determinant, that of the matrix alone."""
    return float(np.trace(np.abs(taken.inverse) @ taken.moved)) + len(taken.inverse) * taken.ratio**2


def _factors(value: Array) -> tuple[Array, Array]:
    """(P L, U) by elimination with partial pivoting."""
    upper, size = value.copy(), len(value)
    lower, order = np.zeros_like(value), np.arange(size)
    for k in range(size):
        best = k + int(np.argmax(np.abs(upper[k:, k])))
        for array in (upper, lower, order):
            array[[k, best]] = array[[best, k]]
        lower[k, k] = 1.0
        if upper[k, k] != 0:
            lower[k + 1 :, k] = upper[k + 1 :, k] / upper[k, k]
            upper[k + 1 :] -= np.outer(lower[k + 1 :, k], upper[k])
            upper[k + 1 :, k] = 0.0
    back = np.empty_like(lower)
    back[order] = lower
    return back, upper


def split(matrix: Any) -> tuple[Array, Array]:
    """A matrix of `Bounded` as values and errors."""
    size = len(matrix)
    value = np.array([[x.value for x in row] for row in matrix], dtype=float).reshape(size, size)
    error = np.array([[x.error for x in row] for row in matrix], dtype=float).reshape(size, size)
    return value, error
