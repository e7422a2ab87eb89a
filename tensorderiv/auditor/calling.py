"""Calling the function on copies of its arguments, and taking apart what it returns."""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorderiv.auditor.binding import Binding
from tensorderiv.auditor.loading import said
from tensorderiv.errors import DomainProblem, ExtentMismatch

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Outcome:
    """What one call gave: the arrays it returned in order, and the arguments that it changed in place."""

    returned: tuple[Array, ...]
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Layout:
    """Where the value and the gradients stand among what is returned. `padded`: a gradient has more entries than its vector."""

    value: int | None
    gradients: tuple[int, ...]
    padded: bool = False
    reshaped: bool = False

    @property
    def words(self) -> str:
        names = [(self.value, "value")] if self.value is not None else []
        names += [(place, "gradient") for place in self.gradients]
        told = [word for _, word in sorted(names)]
        return told[0] if len(told) == 1 else f"({', '.join(told)})"


@dataclass(frozen=True)
class Called:
    """The function as it is bound to the definition."""

    function: Callable[..., Any]
    binding: Binding

    def __call__(self, arrays: Mapping[str, Any]) -> Outcome:
        """Raises DomainProblem with what the function raised, ExtentMismatch where it returns something that is no array."""
        copies = {name: self._copy(name, arrays) for name in (*self.binding.positional, *self.binding.keywords)}
        before = {name: np.array(copy) for name, copy in copies.items()}
        with _quiet():
            try:
                result = self.function(
                    *(copies[name] for name in self.binding.positional), **{name: copies[name] for name in self.binding.keywords}
                )
            except (Exception, SystemExit) as error:  # whatever the function does
                raise DomainProblem(f"the function raised {said(error)}") from error
        changed = tuple(name for name, copy in copies.items() if not np.array_equal(copy, before[name], equal_nan=True))
        return Outcome(tuple(_flattened(result)), changed)

    def _copy(self, name: str, arrays: Mapping[str, Any]) -> Any:
        if name in self.binding.fixed and name not in arrays:
            return self.binding.fixed[name]
        array = np.array(arrays[name], dtype=None if np.asarray(arrays[name]).dtype.kind == "i" else np.float64)
        return array if array.ndim else array.item()


def layout_of(outcome: Outcome, shapes: Mapping[str, tuple[int, ...]]) -> Layout:
    """What is the value and what are gradients, by their shapes, at sizes where they differ.

    Raises ExtentMismatch where neither is returned.
    """
    wanted = list(shapes.values())
    values = [place for place, array in enumerate(outcome.returned) if array.size == 1 and wanted[0] != ()]
    gradients = [place for place, array in enumerate(outcome.returned) if place not in values]
    if wanted[0] == () and outcome.returned:  # everything is a number: value first
        values, gradients = ([0], list(range(1, len(outcome.returned)))) if len(outcome.returned) > 1 else ([], [0])
    sizes = [np.prod(shape, dtype=int) for shape in wanted]
    told = ", ".join(str(array.shape) for array in outcome.returned)
    if len(values) > 1 or len(gradients) > len(wanted) or not (values or gradients):
        due = " and ".join(f"{shape} for {name}" for name, shape in shapes.items())
        raise ExtentMismatch(f"what is returned (shapes {told}) is no value with gradients; a gradient has the shape {due}")
    padded = reshaped = False
    for number, place in enumerate(gradients):
        array = outcome.returned[place]
        fits = [number] if len(gradients) > 1 else range(len(wanted))
        if any(array.shape == wanted[fit] for fit in fits):
            continue
        if any(array.size == sizes[fit] for fit in fits):
            reshaped = True
        elif array.ndim == 1 and any(len(wanted[fit]) == 1 and array.size > sizes[fit] for fit in fits):
            padded = True
        else:
            raise ExtentMismatch(
                f"the gradient returned has the shape {array.shape}, that of {next(iter(shapes))} is {wanted[0]}"
            )
    return Layout(values[0] if values else None, tuple(gradients), padded, reshaped)


def value_in(outcome: Outcome, layout: Layout) -> Array | None:
    """The value returned, 0-dimensional."""
    return None if layout.value is None else outcome.returned[layout.value].reshape(())


def gradient_in(outcome: Outcome, layout: Layout, number: int, shape: tuple[int, ...]) -> Array:
    """A gradient returned, in the shape of its vector."""
    array = outcome.returned[layout.gradients[number]]
    return array.ravel()[: np.prod(shape, dtype=int)].reshape(shape)


def _flattened(result: Any) -> Iterator[Array]:
    """The parts of a tuple, of tuples within it too; a list is an array."""
    if isinstance(result, tuple):
        for part in result:
            yield from _flattened(part)
        return
    try:
        array = np.asarray(result)
    except ValueError:
        array = np.asarray(None)
    if array.dtype.kind not in "fiub":
        raise ExtentMismatch(f"the function returns a {type(result).__name__}, no real number or array")
    yield array


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """What the function prints a hundred times, and the warnings of its arithmetic, are not shown."""
    with contextlib.redirect_stdout(io.StringIO()), np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
