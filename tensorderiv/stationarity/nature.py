"""What a stationary point is, by the signs of the eigenvalues; and whether the loss is smooth enough there for that to count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from tensorderiv.stationarity.hessian import Hessian, Spectrum

Array = npt.NDArray[Any]
Kind: TypeAlias = Literal["minimum", "maximum", "saddle", "degenerate", "bend", "kink"]

ZERO_BELOW = 1e-9
"""An eigenvalue counts as 0 below this part of the scale: rounding makes some 1e-15 of it."""

STEPS = (1e-3, 1e-4)
JUMPS = 0.5
"""What the Hessian does not tell of the change of the gradient falls, by a tenth of the step, to 1/100; at a kink it stays."""

BENDS = 0.05
"""Where the second derivative jumps it falls to 1/10."""

DIRECTIONS = 3


@dataclass(frozen=True)
class Nature:
    """The kind of the point; eigenvalues counted by sign; the bound below which one counts as 0.

    `counts` are negative, zero, positive; None where only the extreme eigenvalues are known. `direction` belongs to the smallest
    eigenvalue where that is negative, one array an input.
    """

    kind: Kind
    spectrum: Spectrum
    bound: float
    counts: tuple[int, int, int] | None = None
    direction: dict[str, Array] | None = None


def nature(hessian: Hessian, spectrum: Spectrum) -> Nature:
    """The kind of a stationary point."""
    bound = ZERO_BELOW * scale(hessian, spectrum)
    values = spectrum.values
    negative, positive = int((values < -bound).sum()), int((values > bound).sum())
    zero = len(values) - negative - positive
    rough = roughness(hessian, bound)
    if rough > BENDS:
        kind: Kind = "kink" if rough > JUMPS else "bend"
    elif negative and positive:
        kind = "saddle"
    elif zero or not len(values):
        kind = "degenerate"
    else:
        kind = "minimum" if positive else "maximum"
    down = fall(hessian, spectrum, bound) if negative and kind != "kink" else None
    return Nature(kind, spectrum, bound, (negative, zero, positive) if spectrum.complete else None, down)


def fall(hessian: Hessian, spectrum: Spectrum, bound: float) -> dict[str, Array]:
    """The eigenvector of the smallest eigenvalue; of several the one nearest to a single coordinate: the same each time."""
    space = hessian.basis @ spectrum.vectors[:, spectrum.values <= spectrum.values[0] + bound]
    weights = (space * space).sum(axis=1)
    nearest = int((weights >= weights.max() / 2).argmax())
    vector = space @ space[nearest]
    return dict(zip(hessian.names, hessian.split(vector / np.sqrt(vector @ vector)), strict=True))


def scale(hessian: Hessian, spectrum: Spectrum) -> float:
    """The size of the second derivatives: the largest eigenvalue, or the product with a random unit vector beside the point."""
    rng = np.random.default_rng(1)
    size = len(hessian.gradient)
    beside = moved(hessian, rng.normal(size=size))
    unit = rng.normal(size=size)
    there = np.abs(beside.ambient(unit / np.sqrt(unit @ unit)))
    largest = float(np.abs(spectrum.values).max()) if len(spectrum.values) else 0.0
    return max(largest, float(there.max()) if np.isfinite(there).all() else 0.0)


def roughness(hessian: Hessian, bound: float) -> float:
    """How much of the change of the gradient that the Hessian does not tell is left when the step is a tenth: 1/100 if smooth."""
    rng = np.random.default_rng(2)
    worst = 0.0
    for _ in range(DIRECTIONS):
        along = rng.normal(size=len(hessian.gradient))
        along /= np.sqrt(along @ along)
        told = hessian.ambient(along)
        changes = [moved(hessian, step * along).gradient - hessian.gradient for step in STEPS]
        left = [float(np.abs(change - step * told).max()) for change, step in zip(changes, STEPS, strict=True)]
        if not np.isfinite(told).all() or not np.isfinite(left).all():
            return float("inf")
        if np.abs(changes[1]).max() > max(JUMPS * np.abs(changes[0]).max(), bound * STEPS[0]):
            return float("inf")  # the gradient itself jumps; the Hessian may be anything there
        if left[0] > max(bound * STEPS[0], 1e-12 * float(np.abs(hessian.gradient).max(initial=0.0))):
            worst = max(worst, left[1] / left[0])
    return worst


def moved(hessian: Hessian, step: Array) -> Hessian:
    """The same loss at another point."""
    arrays = dict(hessian.arrays)
    for name, part in zip(hessian.names, hessian.split(step), strict=True):
        arrays[name] = hessian.arrays[name] + part
    return Hessian(hessian.program, arrays, hessian.names)
