"""Random arrays of a domain: declared, or assumed where a definition declares none but is undefined on normal input."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorderiv.algebra.program import Domain, Input
from tensorderiv.errors import DomainProblem

Array = npt.NDArray[Any]
Shape = tuple[int, ...]
Drawer = Callable[[np.random.Generator, Shape], Array]

LABELS = 3
"""How many labels there are where nothing bounds them."""


def normal(rng: np.random.Generator, shape: Shape) -> Array:
    return rng.normal(size=shape)


def positive(rng: np.random.Generator, shape: Shape) -> Array:
    return rng.uniform(0.1, 1.0, size=shape)


def small_ball(rng: np.random.Generator, shape: Shape) -> Array:
    """Rows of norm below 0.3."""
    return 0.3 * unit_rows(rng, shape) * rng.uniform(0.2, 1.0, size=(*shape[:-1], 1) if shape else ())


def simplex(rng: np.random.Generator, shape: Shape) -> Array:
    """Rows that sum to 1, no entry near 0."""
    weights = rng.uniform(0.2, 1.0, size=shape)
    return weights / weights.sum(axis=-1, keepdims=True) if shape else weights


def unit_rows(rng: np.random.Generator, shape: Shape) -> Array:
    vectors = rng.normal(size=shape)
    return vectors / np.sqrt((vectors**2).sum(axis=-1, keepdims=True)) if shape else np.sign(vectors)


def above_one(rng: np.random.Generator, shape: Shape) -> Array:
    return rng.uniform(1.1, 3.0, size=shape)


def symmetric(rng: np.random.Generator, shape: Shape) -> Array:
    matrix = rng.normal(size=shape)
    return matrix + np.swapaxes(matrix, -1, -2)


def positive_definite(rng: np.random.Generator, shape: Shape) -> Array:
    matrix = rng.normal(size=shape)
    return matrix @ np.swapaxes(matrix, -1, -2) / shape[-1] + np.eye(shape[-1])


def definite_or_normal(rng: np.random.Generator, shape: Shape) -> Array:
    """Positive definite where the last two extents agree, as for a metric; else normal."""
    square = len(shape) > 1 and shape[-1] == shape[-2]
    return positive_definite(rng, shape) if square else normal(rng, shape)


def dominant(matrix: Array) -> Array:
    """The matrix with its diagonal raised above the rest of each row: well-conditioned, with a positive determinant."""
    return matrix + np.diag(1.0 + np.abs(matrix).sum(axis=-1))


def turn(matrix: Array) -> Array:
    """The first two rows exchanged, one of them with its sign changed: the determinant stays, pivots have to be looked for."""
    return np.concatenate([-matrix[1:2], matrix[:1], matrix[2:]])


ASSUMPTIONS: dict[str, Drawer] = {
    "any real numbers": normal,
    "any real numbers, square matrices positive definite": definite_or_normal,
    "entries in (0.1, 1)": positive,
    "rows in the ball of radius 0.3": small_ball,
    "rows on the simplex": simplex,
    "unit rows": unit_rows,
    "entries in (1.1, 3)": above_one,
}
"""What may be assumed of undeclared tensors, in the order in which it is tried."""


def draw(item: Input, shape: Shape, sizes: Mapping[str, int], rng: np.random.Generator, assumed: Drawer = normal) -> Array:
    """A random array for an input. Scalars without a domain are drawn from (0.5, 2): they are widths, margins, exponents."""
    if item.tensor.integer or item.domain.kind == "labels":
        extent = item.label_extent
        count = LABELS if extent is None else extent if isinstance(extent, int) else sizes[extent]
        return rng.integers(0, count if shape else min(count, 2), size=shape)  # a single label is one that others have
    match item.domain:
        case Domain("real", None, None):
            return rng.uniform(0.5, 2.0, size=shape) if item.tensor.order == 0 else assumed(rng, shape)
        case Domain("positive" | "nonnegative"):
            return positive(rng, shape)
        case Domain("interval" | "real", lower, upper):
            low = float(lower) if lower is not None else (float(upper) - 2.0 if upper is not None else -1.0)
            high = float(upper) if upper is not None else low + 2.0
            return rng.uniform(low + 0.05 * (high - low), high - 0.05 * (high - low), size=shape)
        case Domain("simplex"):
            return simplex(rng, shape)
        case Domain("sphere"):
            return unit_rows(rng, shape)
        case Domain("symmetric"):
            return symmetric(rng, shape)
        case Domain("spd"):
            return positive_definite(rng, shape)
    raise DomainProblem(f"no way to draw {item.tensor.name} from the domain {item.domain.kind}")
