"""Is a result right? It is compared with a float64 reference before anything of its peer is timed."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np


@dataclass(frozen=True)
class Part:
    """What one result must be: its shape, its entries at some rows (None: all), and how many rounded terms an entry has."""

    shape: tuple[int, ...]
    expected: np.ndarray
    terms: int
    rows: np.ndarray | None = None


class Verdict(NamedTuple):
    """`status`: right, inexact or wrong; `deviation` relative to the largest entry; `note`: why it is not simply right."""

    status: str
    deviation: float
    note: str = ""


def arrays_of(result: Any) -> list[np.ndarray]:
    """The results of a peer as NumPy arrays: a tuple or list part by part."""
    if isinstance(result, (tuple, list)):
        return [array for item in result for array in arrays_of(item)]
    return [np.asarray(result)]


def deviation(results: Sequence[np.ndarray], parts: Sequence[Part]) -> float:
    """The largest error, relative to the largest entry of the part; infinite for another shape or an entry that is not finite."""
    if len(results) != len(parts):
        return float("inf")
    worst = 0.0
    for got, part in zip(results, parts, strict=True):
        if got.shape != part.shape or not np.isfinite(got).all():
            return float("inf")
        chosen = got if part.rows is None else got[part.rows]
        size = float(np.abs(part.expected).max(initial=0.0)) or 1.0
        worst = max(worst, float(np.abs(chosen.astype(np.float64) - part.expected).max(initial=0.0)) / size)
    return worst


def allowed(parts: Sequence[Part], dtype: str) -> float:
    """The first-order bound of rounding: the unit of the dtype for each term that goes into an entry."""
    return float(np.finfo(np.dtype(dtype)).eps) * max(part.terms for part in parts)


def verdict(results: Sequence[np.ndarray], parts: Sequence[Part], dtype: str, inexact: str = "", within: float = 0.0) -> Verdict:
    """Right within the bound of rounding; within its square root, or `within`, where `inexact` gives a reason; else wrong.

    The square root: an error of the size of rounding may stand under a square root, as in distances from inner products.
    """
    found, bound = deviation(results, parts), allowed(parts, dtype)
    if found <= bound:
        return Verdict("right", found)
    if inexact and found <= (within or bound**0.5):
        return Verdict("inexact", found, inexact)
    return Verdict("wrong", found, f"deviates by {found:.1e}, rounding allows {bound:.1e}; not timed")


def save(parts: Sequence[Part], folder: Path) -> None:
    """The parts as a file that `load` reads in the process of a peer."""
    (folder / "parts.pickle").write_bytes(pickle.dumps(list(parts)))


def load(folder: Path) -> list[Part]:
    """What `save` wrote there."""
    found: list[Part] = pickle.loads((folder / "parts.pickle").read_bytes())
    return found
