"""Points where a gradient is a convention: equal vectors, zeros, a coordinate in common. Told apart from the verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorderiv.algebra.evaluate import evaluate_program
from tensorderiv.algebra.expression import Derivative, Element, Tensor
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Program, Statement
from tensorderiv.auditor.example import Try
from tensorderiv.auditor.trials import Trial
from tensorderiv.auditor.written import written
from tensorderiv.errors import TensorDerivError

Array = npt.NDArray[Any]
Gradient = Callable[[Trial], Array]


def conventions(trial: Trial, vectors: tuple[str, ...], name: str, attempt: Try, gradient: Gradient) -> Iterator[str]:
    """What the function does at special points where that is not what the definition's own conventions give."""
    for words, arrays in _special(trial, vectors):
        try:
            returned = gradient(attempt(trial.sizes, arrays))
        except TensorDerivError as error:
            yield f"at {words}: {error.message}"
            continue
        due = convention(trial.program, arrays, name)
        with np.errstate(all="ignore"):
            same = np.abs(returned - due) <= 1e-5 * np.maximum(1, np.abs(due))
        if not np.isfinite(due).all():
            if not np.isfinite(returned).all():
                continue
            yield f"at {words}: the gradient by {name} returned is {written(returned)}; the definition has none there"
        elif not same.all():
            told = f"the gradient by {name} returned is {written(returned)}; by the definition's conventions {written(due)}"
            yield f"at {words}: {told}"


def convention(program: Program, arrays: Mapping[str, Array], name: str) -> Array:
    """The gradient by the reference meaning, with its conventions (0/0 = 0, sign(0) = 0, the first of several maximisers)."""
    item = program.input(name)
    assert item is not None, f"{name} is an input"
    axes = tuple(Index(f"<{place}>", extent) for place, extent in enumerate(item.tensor.extents))
    body = Derivative(program.output.element, Element(item.tensor, axes))
    gradient = Statement(Tensor("<gradient>", item.tensor.extents), axes, body)
    with np.errstate(all="ignore"):
        return evaluate_program(program.with_statements(*program.statements, gradient), arrays)


def _special(trial: Trial, vectors: tuple[str, ...]) -> Iterator[tuple[str, dict[str, Array]]]:
    arrays = dict(trial.arrays)
    real = {name: item for name in vectors if (item := trial.program.input(name)) is not None}
    free = [name for name, item in real.items() if item.domain.kind in ("real", "nonnegative", "positive", "simplex", "sphere")]
    if len(free) > 1 and arrays[free[0]].shape == arrays[free[1]].shape:
        first, second = free[:2]
        yield f"{first} = {second}", {**arrays, first: arrays[second].copy()}
    for name in free:
        if real[name].domain.kind in ("real", "nonnegative"):
            yield f"{name} = 0", {**arrays, name: np.zeros_like(arrays[name])}
