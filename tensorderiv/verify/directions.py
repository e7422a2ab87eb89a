"""Random weights for a sample: a cotangent of the output, a tangent for each real input."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorderiv.algebra.sizes import sizes_of
from tensorderiv.verify.claims import Directions, Form, real_inputs
from tensorderiv.verify.judges import Trial
from tensorderiv.verify.samples import Sample

Array = npt.NDArray[Any]


def directions_for(form: Form, sample: Sample, *, masked: bool = True) -> Directions:
    """Random weights. Tangents keep to the domain: entries that are all positive move by less than themselves.

    Where the derivative of an entry of the output is not determined by the definition in float64 (a square root at a zero that
    rounding makes), its cotangent is 0, so that it does not blur the gradients of all the others.
    """
    program, rng = form.program, np.random.default_rng(11)
    tangents = {}
    for name in real_inputs(program):
        array = np.asarray(sample.arrays[name], dtype=float)
        size = np.abs(array) if array.size and (array > 0).all() else np.ones(array.shape)
        tangents[name] = size * rng.uniform(0.5, 1.0, array.shape) * rng.choice([-1.0, 1.0], array.shape)
    sizes = sizes_of(program, sample.arrays)
    shape = tuple(index.extent if isinstance(index.extent, int) else sizes[index.extent] for index in program.output.indices)
    cotangent = rng.normal(size=shape)
    if masked and shape and tangents:
        moving = {name: tangent for name, tangent in tangents.items() if tangent.ndim}
        clear = form.reference(sample.arrays).jvp(moving or tangents).determined
        cotangent = np.where(clear, cotangent, 0.0)
    return Directions(np.asarray(cotangent), tangents)


def single_precision(trial: Trial) -> Trial:
    """The same trial with all real arrays rounded to float32; every entry at the tolerance of that precision."""
    arrays = {name: _single(array) for name, array in trial.sample.arrays.items()}
    tangents = {name: _single(array) for name, array in trial.directions.tangents.items()}
    return Trial(
        trial.form,
        replace(trial.sample, arrays=arrays),
        Directions(_single(trial.directions.cotangent), tangents),
        trial.form.claims,
        np.float32,
    )


def _single(array: Array) -> Array:
    return array if np.asarray(array).dtype.kind in "iu" else np.asarray(array, dtype=np.float32)
