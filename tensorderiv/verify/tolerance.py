"""Comparing a kernel's array with a reference: tolerances follow from precision, operation count and size, never from a case.

Small samples carry a tolerance per entry (`running_error`). For larger ones the rule is norm-wise,

    |kernel - reference| <= SAFETY * eps * operations * max |reference|,

with the number of terms that the longest accumulation adds.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from tensorderiv.algebra.program import Program
from tensorderiv.verify import shapes
from tensorderiv.verify.report import Record
from tensorderiv.verify.running_error import SAFETY, Judged

Array = npt.NDArray[Any]


def normwise(program: Program, sizes: dict[str, int], reference: Array, dtype: type = np.float64) -> Judged:
    """The reference with one tolerance for all its entries."""
    count = shapes.tuples(program, sizes)
    finite = np.abs(reference[np.isfinite(reference)])
    size = float(finite.max()) if finite.size else 0.0
    return Judged(reference, np.full(reference.shape, SAFETY * float(np.finfo(dtype).eps) * count * size))


def compare(judge: str, name: str, sample: str, kernel: Any, reference: Judged, note: str = "") -> Record:
    """The record of a comparison, told by its worst entry. A wrong shape fails; so does nan where the reference is determined."""
    array = np.asarray(kernel)
    if array.shape != reference.value.shape:
        problem = f"shape {array.shape} where {reference.value.shape} is due"
        return Record(judge, name, sample, array.shape, np.inf, 0.0, False, array.size, array.size, problem)
    determined = reference.determined
    with np.errstate(all="ignore"):
        error = np.where(determined, np.abs(array.astype(float) - reference.value), 0.0)
        error = np.where(np.isnan(error), np.inf, error)
        share = np.where(error <= reference.tolerance, 0.0, np.inf)
        share = np.where((error > 0) & (reference.tolerance > 0), error / reference.tolerance, share)
    share = np.where(determined, share, 0.0)
    worst = np.unravel_index(int(np.argmax(share)), share.shape) if share.size else None
    if worst is None:
        return Record(judge, name, sample, array.shape, 0.0, 0.0, True, 0, 0, note)
    ok = bool(share[worst] <= 1)
    place = "" if ok or not array.ndim else f"at {tuple(int(axis) for axis in worst)}: "
    values = "" if ok else f"{place}{array[worst]!r} where {reference.value[worst]!r} is due"
    count = int(determined.sum())
    allowed = float(reference.tolerance[worst]) if determined[worst] else 0.0
    told = "; ".join(part for part in (values, note) if part)
    return Record(judge, name, sample, array.shape, float(error[worst]), allowed, ok, count, array.size, told)
