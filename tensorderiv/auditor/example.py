"""The smallest point where what is returned clearly is not what is due: small sizes, small integers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorderiv.algebra.program import Domain as Declared
from tensorderiv.algebra.program import Input, Program
from tensorderiv.auditor.points import Domain, Sizes, is_open
from tensorderiv.auditor.trials import Trial, share
from tensorderiv.equality.points import Manner, draw, inside
from tensorderiv.errors import TensorDerivError
from tensorderiv.verify import shapes
from tensorderiv.verify.running_error import Judged

Array = npt.NDArray[Any]
Try = Callable[[Sizes, Mapping[str, Array]], Trial]
Compare = Callable[[Trial], tuple[Array, Judged]]

CLEAR = 1e-2
"""Part of the size of what is due by which the two must differ to be shown."""

MOST_TRIES = 40
MOST_SIZES = 4

WHOLE = Manner(lambda random: Fraction(random.randint(-3, 3)), generic=False)
EIGHTHS = Manner(lambda random: Fraction(random.randint(-3, 3), 8), generic=False)
SIMPLE = (0, 1, -1, 2)

ASSUMED: dict[str | None, Declared] = {
    "entries in (0.1, 1)": Declared("positive"),
    "entries in (1.1, 3)": Declared("interval", Fraction(1), Fraction(5)),
    "rows on the simplex": Declared("simplex"),
    "unit rows": Declared("sphere"),
}
"""Domains of numbers that people read easily, for those assumed."""


@dataclass(frozen=True)
class Example:
    """A point, what was returned there and what is due."""

    sizes: Mapping[str, int]
    inputs: Mapping[str, Array]
    what: str
    returned: Array
    due: Array

    def as_dict(self) -> dict[str, Any]:
        return {
            "sizes": dict(self.sizes),
            "inputs": {name: np.asarray(array).tolist() for name, array in self.inputs.items()},
            "what": self.what,
            "returned": _plain(self.returned),
            "due": _plain(self.due),
        }


def smallest_example(
    program: Program, domain: Domain, fixed: Mapping[str, float], attempt: Try, compare: Compare, what: str
) -> Example | None:
    """The first of the small points at which they differ clearly, made simple; None where there is none."""
    for ordinary in (True, False):
        for sizes, arrays in _small_points(program, domain, fixed):
            found = _differ(sizes, arrays, attempt, compare, what, ordinary)
            if found is not None:
                return _simplified(program, domain, fixed, found, attempt, compare) if ordinary else found
    return None


def _small_points(program: Program, domain: Domain, fixed: Mapping[str, float]) -> Iterator[tuple[Sizes, dict[str, Array]]]:
    least = shapes.least(program)
    inputs = [replace(item, domain=_declared(item, domain)) for item in program.inputs]
    manner = EIGHTHS if any(assumed == "rows in the ball of radius 0.3" for _, assumed in domain.assumed) else WHOLE
    for more in range(MOST_SIZES):
        sizes = {extent: low + more for extent, low in least.items()}
        for number in range(MOST_TRIES):
            random = Random(f"{number} {more}")
            yield sizes, {item.tensor.name: _drawn(item, sizes, domain, manner, random, fixed) for item in inputs}


def _declared(item: Input, domain: Domain) -> Declared:
    assumed = domain.of(item.tensor.name)
    if assumed in ASSUMED:
        return ASSUMED[assumed]
    if item.tensor.order == 0 and item.domain == Declared():
        return Declared("positive")
    return item.domain


def _drawn(item: Input, sizes: Sizes, domain: Domain, manner: Manner, random: Random, fixed: Mapping[str, float]) -> Array:
    name = item.tensor.name
    if name in fixed:
        return np.asarray(fixed[name])
    array = draw(item, sizes, manner, random)
    square = item.tensor.order == 2 and item.tensor.extents[0] == item.tensor.extents[1]
    if square and (domain.of(name) or "").endswith("definite"):
        array = array @ array.T + np.eye(len(array), dtype=int)
    return np.asarray(array, dtype=int if item.tensor.integer else float)


def _differ(
    sizes: Sizes, arrays: Mapping[str, Array], attempt: Try, compare: Compare, what: str, ordinary: bool = True
) -> Example | None:
    """The example of that point; None where they do not differ clearly, or (if `ordinary`) what is returned is not finite."""
    try:
        found, due = compare(attempt(sizes, arrays))
    except TensorDerivError:
        return None
    if not due.determined.all() or (ordinary and not np.isfinite(found).all()):
        return None
    with np.errstate(all="ignore"):
        size = max(float(np.abs(due.value).max(initial=0.0)), 1e-9)
        apart = ~(np.abs(found - due.value) <= CLEAR * size) & (share(found, due) > 1)
    return Example(sizes, arrays, what, found, due.value) if apart.any() else None


def _simplified(
    program: Program, domain: Domain, fixed: Mapping[str, float], example: Example, attempt: Try, compare: Compare
) -> Example:
    """With entries made 0, 1, -1 or 2 one by one, as long as the two differ."""
    for item in program.inputs:
        name, declared = item.tensor.name, _declared(item, domain)
        if item.tensor.integer or name in fixed or declared.kind not in ("real", "positive", "nonnegative", "interval"):
            continue
        if not (is_open(item) or item.tensor.order):
            continue
        for place in np.ndindex(example.inputs[name].shape):
            for value in SIMPLE:
                if example.inputs[name][place] == value:
                    break
                if not inside(Fraction(value), declared):
                    continue
                array = example.inputs[name].copy()
                array[place] = value
                simpler = _differ(example.sizes, {**example.inputs, name: array}, attempt, compare, example.what)
                if simpler is not None:
                    example = simpler
                    break
    return example


def _plain(array: Array) -> Any:
    """For JSON, which has no nan."""
    if array.ndim:
        return [_plain(part) for part in array]
    value = float(array)
    return value if np.isfinite(value) else str(value)
