"""Calls at points with what is due there: the function's gradients beside those of the definition, flat over all entries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorderiv.algebra.evaluate import evaluate
from tensorderiv.algebra.expression import Derivative, Element, Expr, Tensor
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Program, Statement
from tensorderiv.algebra.sizes import bind
from tensorderiv.errors import TensorDerivError
from tensorderiv.verify.brute import Reference
from tensorderiv.verify.running_error import Judged

Array = npt.NDArray[Any]

ONE = np.ones(())
SINGLE = np.float32

FEW = 2


@dataclass(frozen=True)
class Trial:
    """One call: where, what it gave, and what it changed."""

    program: Program
    sizes: Mapping[str, int]
    arrays: Mapping[str, Array]
    value: Array | None
    gradients: tuple[Array, ...]
    changed: tuple[str, ...] = ()

    def due(self, name: str, dtype: type = np.float64) -> Judged:
        """The gradient by an input, with what rounding in that precision allows."""
        return Reference(self.program, self.arrays, dtype).vjp(name, ONE)

    def due_value(self, dtype: type = np.float64) -> Judged:
        return Reference(self.program, self.arrays, dtype).value()


def precision(array: Array) -> type:
    """The precision in which a result is judged: its own; double for integers."""
    return array.dtype.type if array.dtype.kind == "f" and array.dtype.itemsize < 8 else np.float64


def share(found: Array, due: Judged) -> Array:
    """How much of what rounding allows each entry takes; inf for nan, 0 where nothing is determined."""
    with np.errstate(all="ignore"):
        error = np.abs(found.astype(float) - due.value)
        taken = np.where(error == 0, 0.0, error / due.tolerance)
    return np.where(due.determined, np.where(np.isnan(taken), np.inf, taken), 0.0)


@dataclass(frozen=True)
class Bench:
    """Trials at which formulas are compared with one of the gradients returned. All arrays are flat over trials and entries."""

    trials: Sequence[Trial]
    variable: Element
    number: int
    known: dict[Any, Array] = field(default_factory=dict, repr=False, compare=False)

    @property
    def name(self) -> str:
        return self.variable.tensor.name

    @property
    def own(self) -> tuple[Index, ...]:
        """The indices of one entry of the gradient."""
        return tuple(sub for sub in self.variable.subscripts if isinstance(sub, Index))

    @property
    def program(self) -> Program:
        return self.trials[0].program

    @cached_property
    def quick(self) -> Bench:
        """A few of the trials: what does not fit there need not be computed at the others."""
        return Bench(self.trials[:FEW], self.variable, self.number)

    @cached_property
    def found(self) -> Array:
        """What was returned."""
        return np.concatenate([trial.gradients[self.number].astype(float).ravel() for trial in self.trials])

    @cached_property
    def due(self) -> Judged:
        """What is due, with the tolerances of the precision of the result."""
        return self._due(precision(self.trials[0].gradients[self.number]))

    @cached_property
    def due_single(self) -> Judged:
        """What is due, with the tolerances of single precision."""
        return self._due(SINGLE)

    def _due(self, dtype: type) -> Judged:
        parts = [trial.due(self.name, dtype) for trial in self.trials]
        return Judged(np.concatenate([p.value.ravel() for p in parts]), np.concatenate([p.tolerance.ravel() for p in parts]))

    @cached_property
    def values(self) -> Array:
        """The value of the definition, repeated for the entries of each gradient."""
        return self.repeated([float(trial.due_value().value) for trial in self.trials])

    @cached_property
    def returned_values(self) -> Array | None:
        if self.trials[0].value is None:
            return None
        return self.repeated([float(trial.value) for trial in self.trials if trial.value is not None])

    @cached_property
    def entries(self) -> Array:
        """The number of each entry within its gradient."""
        return np.concatenate([np.arange(trial.gradients[self.number].size) for trial in self.trials])

    def repeated(self, numbers: Sequence[float]) -> Array:
        return np.repeat(np.asarray(numbers, dtype=float), [trial.gradients[self.number].size for trial in self.trials])

    def sizes(self, extent: str) -> Array:
        return self.repeated([float(trial.sizes[extent]) for trial in self.trials])

    def evaluate(
        self,
        expr: Expr,
        statements: Sequence[Statement] | None = None,
        extra: Mapping[str, str] | None = None,
        numbers: Mapping[str, float] | None = None,
    ) -> Array:
        """A formula of one entry, at all entries; nan where it has no value.

        `extra`: copies of inputs under other names; `numbers`: further scalars.
        """
        key = (
            expr,
            statements if statements is None else tuple(statements),
            tuple((extra or {}).items()),
            tuple((numbers or {}).items()),
        )
        if key not in self.known:
            self.known[key] = self._evaluated(expr, statements, extra or {}, numbers or {})
        return self.known[key]

    @cached_property
    def bound(self) -> list[tuple[dict[str, Any], dict[str, int]]]:
        """Arrays and sizes of each trial."""
        return [bind(trial.program, trial.arrays) for trial in self.trials]

    def _evaluated(
        self, expr: Expr, statements: Sequence[Statement] | None, extra: Mapping[str, str], numbers: Mapping[str, float]
    ) -> Array:
        found = []
        for trial, (bound, sizes) in zip(self.trials, self.bound, strict=True):
            arrays = {**bound, **{new: bound[old] for new, old in extra.items()}, **numbers}
            try:
                with np.errstate(all="ignore"):
                    part = evaluate(
                        expr,
                        axes=self.own,
                        arrays=arrays,
                        sizes=sizes,
                        statements=trial.program.statements if statements is None else statements,
                    )
            except (TensorDerivError, ArithmeticError, ValueError):
                part = np.full(trial.gradients[self.number].shape, np.nan)
            found.append(part.ravel())
        return np.concatenate(found)

    def gradient_of(
        self,
        statements: Sequence[Statement],
        by: Tensor | None = None,
        extra: Mapping[str, str] | None = None,
        numbers: Mapping[str, float] | None = None,
    ) -> Array:
        """The gradient of the last statement by the variable, or by another tensor of its shape."""
        variable = self.variable if by is None else Element(by, self.variable.subscripts)
        return self.evaluate(Derivative(statements[-1].element, variable), statements, extra, numbers)
