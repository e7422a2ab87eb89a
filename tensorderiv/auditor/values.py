"""The value that is returned: right, or a function of the one that is due; and whether the gradient is that of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorderiv.algebra.expression import Element
from tensorderiv.auditor.epsilons import ADDED, moved_definitions, solve
from tensorderiv.auditor.example import Try
from tensorderiv.auditor.fit import LOST
from tensorderiv.auditor.mirror import slipped
from tensorderiv.auditor.report import Finding
from tensorderiv.auditor.transforms import of_value
from tensorderiv.auditor.trials import SINGLE, Bench, Trial, precision, share
from tensorderiv.errors import TensorDerivError
from tensorderiv.verify.running_error import Judged

Array = npt.NDArray[Any]

STEP = 2.0**-12
"""Of central differences of fourth order: what they lose by rounding, and by their own error, is about 1e-12."""

ACCURACY = LOST
"""Part of its size to which the two must agree: a constant added to a denominator is not what is asked here."""


def judge_value(trials: Sequence[Trial]) -> Finding:
    """The verdict on the values returned."""
    found = np.array([float(trial.value) for trial in trials if trial.value is not None])
    first = trials[0].value
    assert first is not None, "a value is returned"
    due, single = _due(trials, precision(first)), _due(trials, SINGLE)
    if (share(found, due) <= 1).all():
        return Finding("value", "right", "agrees within rounding", "within rounding")
    known = due.determined
    candidates = [
        (words, lambda size, moved=moved: _outputs(trials, moved, {ADDED.tensor.name: size}))
        for words, moved in moved_definitions(trials[0].program)
    ]
    added = solve(found, due.value, due.tolerance, known, candidates)
    if added is not None:
        return Finding("value", "right", f"up to {added}", "added constant")
    if (share(found, single) <= 1).all():
        return Finding("value", "right", "agrees within the rounding of single precision", "single precision")
    name = trials[0].program.output.tensor.name
    if not np.isfinite(found[known]).all():
        return Finding("value", "wrong", "it is not finite at ordinary points", "not finite")
    for judged in (due, single):
        words = of_value(found[known], judged.value[known], judged.tolerance[known])
        if words is not None:
            return Finding("value", "wrong", f"it is {words.replace('D', name)}, not {name}", "function of the value")
    for telling, statements in slipped(trials[0].program.statements, {}):
        values = _outputs(trials, statements)
        with np.errstate(all="ignore"):
            if (np.abs(found - values) <= single.tolerance)[known].all():
                return Finding("value", "wrong", f"it is that of another definition: {telling()}", "definition")
    return Finding("value", "wrong", "no slip that was tried explains it", "unexplained")


def own_gradient(attempt: Try, trials: Sequence[Trial], number: int, name: str) -> str:
    """Whether the gradient returned is that of the value returned, by differences of it; nothing where that cannot be told."""
    agree = 0
    for trial in trials[:6]:
        array = np.asarray(trial.arrays[name], dtype=float)
        found = np.empty(array.shape)
        for place in np.ndindex(array.shape):
            values = []
            for steps in (-2, -1, 1, 2):
                moved = array.copy()
                moved[place] += steps * STEP
                try:
                    value = attempt(trial.sizes, {**trial.arrays, name: moved}).value
                except TensorDerivError:
                    return ""
                if value is None or value.dtype.itemsize < 8:
                    return ""
                values.append(float(value))
            found[place] = (values[0] - 8 * values[1] + 8 * values[2] - values[3]) / (12 * STEP)
        size = np.abs(found).max(initial=0.0)
        agree += bool((np.abs(found - trial.gradients[number]) <= ACCURACY * size).all())
    if agree == len(trials[:6]):
        return "it is the gradient of the value that is returned"
    return "it is not the gradient of the value that is returned either"


def _due(trials: Sequence[Trial], dtype: type) -> Judged:
    parts = [trial.due_value(dtype) for trial in trials]
    return Judged(np.array([float(p.value) for p in parts]), np.array([float(p.tolerance) for p in parts]))


def _outputs(trials: Sequence[Trial], statements: Sequence[Any], numbers: dict[str, float] | None = None) -> Array:
    """The values of a definition with other statements."""
    found = []
    for trial in trials:
        single = Trial(trial.program, trial.sizes, trial.arrays, None, (np.zeros(()),))
        bench = Bench([single], Element(trial.program.output.tensor), 0)
        found.append(bench.evaluate(statements[-1].element, statements, numbers=numbers)[0])
    return np.array(found)
