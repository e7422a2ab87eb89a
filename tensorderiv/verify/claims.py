"""What a kernel module claims: one record a function, with the meaning it must have. The judges go through them.

A `Form` is a program with the claims made about it. A pair module makes two forms: the two-tensor one, and the one in which a
single tensor stands in both slots; a scalar or tensor module makes one.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorderiv.algebra.program import Input, Program
from tensorderiv.errors import VerificationFailed
from tensorderiv.verify.brute import Reference
from tensorderiv.verify.gram import Loosened, loosened
from tensorderiv.verify.oracles import Oracle
from tensorderiv.verify.running_error import Judged

Array = npt.NDArray[Any]
Arrays = Mapping[str, Array]


@dataclass(frozen=True)
class Directions:
    """The random weights of one sample: a cotangent of the output and a tangent for each real input."""

    cotangent: Array
    tangents: Arrays


@dataclass(frozen=True)
class Claim:
    """One function: what the kernel returns, what it means, what autodiff says."""

    name: str
    kernel: Callable[[Arrays, Directions], Any]
    meaning: Callable[[Reference, Directions], Judged]
    oracle: Callable[[Oracle, Arrays, Directions], Array]


@dataclass(frozen=True)
class SlopeClaim:
    """A derivative that must be the slope of another function of the same module, along the tangents."""

    name: str
    value: Callable[[Arrays, Directions], Any]
    """An array; its sum is differentiated."""
    along: Callable[[Arrays, Directions], float]
    moving: tuple[str, ...]
    oracle: Callable[[Oracle, Arrays, Directions], Array] = lambda o, arrays, _: o.value(arrays)
    """What the value is made of, by autodiff: how far the method of the module may take it off."""


@dataclass(frozen=True)
class Form:
    """A program, the claims about it that are checked on every sample, and those checked on general samples only."""

    name: str
    program: Program
    claims: tuple[Claim, ...]
    general_claims: tuple[Claim, ...] = ()
    slopes: tuple[SlopeClaim, ...] = ()
    fill: Callable[[Arrays], Arrays] | None = None
    """Changes the arrays of a sample: where one tensor stands in both slots, the second is the first."""
    loose: Loosened | None = None
    """What the method of the module allows beside rounding."""

    def reference(self, arrays: Arrays, dtype: type = np.float64) -> Reference:
        """The meaning of the program at these arrays, by the method of the module."""
        if self.loose is None:
            return Reference(self.program, arrays, dtype)
        return Reference(self.loose.program, {**arrays, **self.loose.unknowns(arrays, dtype)}, dtype)


def by_method(module: Any, forms: Sequence[Form]) -> tuple[Form, ...]:
    """The forms, with what the method allows that the module names."""
    if getattr(module, "__method__", "exact") != "gram":
        return tuple(forms)
    return tuple(replace(form, loose=loosened(form.program)) for form in forms)


def real_arrays(program: Program) -> tuple[str, ...]:
    """The real inputs that are arrays: what a gradient is taken by when nothing is said."""
    return tuple(item.tensor.name for item in program.inputs if item.tensor.order and not item.tensor.integer)


def real_inputs(program: Program) -> tuple[str, ...]:
    """Every input that a derivative can be taken by."""
    return tuple(item.tensor.name for item in program.inputs if not item.tensor.integer)


def spelling(name: str) -> str:
    """An input's name as a Python identifier, as generated modules spell it: j' is j_p."""
    text = re.sub(r"[^A-Za-z0-9_]", "_", name.replace("'", "_p"))
    return text if text[:1].isalpha() else f"v{text}"


def keywords(function: Any, inputs: Iterable[Input], arrays: Arrays) -> dict[str, Any]:
    """The keyword arguments for the inputs, by the names the function has for them: `lambda` may be `lambda_`."""
    known = parameters_of(function)
    found = {}
    for item in inputs:
        value = arrays[item.tensor.name]
        found[called(item.tensor.name, known)] = value if item.tensor.order else value.item()
    return found


def called(name: str, known: Sequence[str]) -> str:
    """The parameter that stands for an input. VerificationFailed when there is none."""
    for candidate in (name, spelling(name), f"{spelling(name)}_"):
        if candidate in known:
            return candidate
    raise VerificationFailed(f"the kernel has no parameter for {name}", hint=f"it has {', '.join(known)}")


def parameters_of(function: Any) -> tuple[str, ...]:
    """The parameter names of a function, compiled or not."""
    return tuple(inspect.signature(getattr(function, "py_func", function)).parameters)


def inner(left: Any, right: Any) -> float:
    """sum left * right, where a weight 0 wins over everything."""
    a, b = np.asarray(left, dtype=float), np.asarray(right, dtype=float)
    with np.errstate(all="ignore"):
        return float(np.sum(np.where((a == 0) | (b == 0), 0.0, a * b)))


def both(first: Judged, second: Judged) -> Judged:
    """The sum of two references."""
    return Judged(first.value + second.value, first.tolerance + second.tolerance)
