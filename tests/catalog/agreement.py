"""An entry against a package's own function: fresh random input from the entry's domain, and agreement within rounding.

How far two honest computations may differ follows from the definition, the input and the precision (`verify.running_error`); no
tolerance is chosen here.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

import tensorderiv as td
from tensorderiv.verify.brute import Reference
from tensorderiv.verify.draw import Drawer, draw, normal

Array = npt.NDArray[Any]

SIZES = {"n": 5, "d": 4, "m": 2, "C": 3, "K": 2}


def fresh(name: str, assumed: Drawer = normal, dtype: type = np.float64, **given: Any) -> dict[str, Array]:
    """Random inputs of an entry within its domain, other than those of any other test; `given` are taken as they are."""
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    arrays: dict[str, Array] = {}
    for item in td.catalog[name].program.inputs:
        tensor = item.tensor
        if tensor.name in given:
            arrays[tensor.name] = np.asarray(given[tensor.name])
            continue
        shape = tuple(extent if isinstance(extent, int) else SIZES[extent] for extent in tensor.extents)
        array = draw(item, shape, SIZES, rng, assumed)
        arrays[tensor.name] = np.asarray(array) if tensor.integer else np.asarray(array, dtype=dtype)
    return arrays


def off_diagonal(shape: tuple[int, ...]) -> npt.NDArray[np.bool_]:
    """The entries D_ij with i != j, or all of an output that is no table of pairs: at i = j many definitions are singular."""
    return ~np.eye(*shape, dtype=bool) if len(shape) == 2 else np.ones(shape, dtype=bool)


def meaning(entry: str | td.Definition, arrays: Mapping[str, Any], dtype: type) -> Reference:
    """The reference meaning of an entry, or of a definition made from one."""
    return Reference((td.catalog[entry] if isinstance(entry, str) else entry).program, arrays, dtype)


def changed(name: str, old: str, new: str) -> td.Definition:
    """An entry with a piece of its text changed: what a package computes that is not quite the entry."""
    text = td.catalog.entry(name).definition
    assert old in text
    return td.define(text.replace(old, new), name=name)


def excess(found: Any, entry: str | td.Definition, arrays: Mapping[str, Any], dtype: type = np.float64) -> float:
    """The largest difference from the entry's value in units of what rounding allows: at most 1 where the two agree."""
    value = meaning(entry, arrays, dtype).value()
    return _largest(np.asarray(found, dtype=float), value.value, value.tolerance, off_diagonal(value.value.shape))


def gradient_excess(
    found: Any, entry: str | td.Definition, arrays: Mapping[str, Any], wrt: str, dtype: type = np.float64
) -> float:
    """The same for the gradient by an input of a loss, or of the sum of D_ij over all i != j."""
    reference = meaning(entry, arrays, dtype)
    gradient = reference.vjp(wrt, off_diagonal(reference.value().value.shape).astype(float))
    return _largest(np.asarray(found, dtype=float), gradient.value, gradient.tolerance, np.ones(gradient.value.shape, dtype=bool))


def pair_gradient_excess(found: Any, entry: str | td.Definition, arrays: Mapping[str, Any], dtype: type = np.float64) -> float:
    """The same for the gradient of D_01 by the row X_0."""
    reference = meaning(entry, arrays, dtype)
    weights = np.zeros(reference.value().value.shape)
    weights[0, 1] = 1
    gradient = reference.vjp("X", weights)
    return _largest(
        np.asarray(found, dtype=float), gradient.value[0], gradient.tolerance[0], np.ones(len(arrays["X"][0]), dtype=bool)
    )


def _largest(found: Array, value: Array, tolerance: Array, where: npt.NDArray[np.bool_]) -> float:
    assert found.shape == value.shape, f"shape {found.shape}, not {value.shape}"
    assert np.isfinite(tolerance[where]).all(), "the sample sits at a kink"
    difference, allowed = np.abs(found - value)[where], tolerance[where]
    return float(np.max(np.divide(difference, allowed, out=np.zeros_like(difference), where=difference != 0)))
