"""How many units in the last place a kernel's values are off, against mpmath with forty digits."""

from __future__ import annotations

from typing import Any

import numpy as np

from tensorderiv.algebra.evaluate import evaluate_program
from tensorderiv.algebra.numbers import mp
from tensorderiv.verify.claims import Form
from tensorderiv.verify.directions import directions_for
from tensorderiv.verify.judges import attempt
from tensorderiv.verify.samples import Sample

DIGITS = 40


def ulps(found: Any, exact: Any, dtype: type = np.float64) -> float:
    """The largest error in units of the last place of the exact value; entries that are exactly 0 are left out.

    >>> ulps(np.array([1.0 + 2**-52]), np.array([1.0]))
    1.0
    """
    worst = 0.0
    for value, true in zip(np.ravel(found), np.ravel(exact), strict=True):
        nearest = dtype(true)
        if nearest != 0 and np.isfinite(nearest):
            worst = max(worst, float(abs(true - type(true)(float(value))) / type(true)(float(np.spacing(abs(nearest))))))
    return worst


def value_ulps(form: Form, sample: Sample) -> float:
    """The error of the kernel's values (the first claim of a form) on a sample; nan where the kernel fails."""
    found = attempt(lambda: form.claims[0].kernel(sample.arrays, directions_for(form, sample, masked=False)))
    exact = evaluate_program(form.program, sample.arrays, mp(DIGITS))
    return ulps(found, exact) if np.shape(found) == exact.shape and not isinstance(found, Exception) else float("nan")
