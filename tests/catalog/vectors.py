"""The recorded cases as inputs of our entries: other names for some parameters, and rows where the cases have vectors."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import tensorderiv as td
from tensorderiv.verify.brute import Reference
from tensorderiv.verify.running_error import Judged

Array = npt.NDArray[Any]

RENAMED = {
    "a": "a0",
    "b": "b0",
    "c": "c0",
    "base": "lam",
    "m": "m0",
    "M": "V",
    "p": "p0",
    "s": "sigma",
    "X": "E",
    "Y": "G",
}
"""Our name of an input -> its name in the cases, where they have none of ours."""


@dataclass(frozen=True)
class Case:
    """One recorded case, told in the names of our entry."""

    name: str
    inputs: dict[str, Any]
    wrt: str
    value: float
    gradient: Array

    @cached_property
    def definition(self) -> td.Definition:
        return td.catalog[self.name]

    @property
    def of_pair(self) -> bool:
        """Whether the case is of two vectors, which are the rows 0 and 1 of our X."""
        return len(self.definition.output.extents) == 2

    @cached_property
    def arrays(self) -> dict[str, Array]:
        found = {}
        for tensor in self.definition.inputs:
            if self.of_pair and tensor.name == "X":
                found["X"] = np.array([self.inputs["x"], self.inputs["y"]])
            elif tensor.name in self.inputs or RENAMED.get(tensor.name) in self.inputs:
                own = tensor.name if tensor.name in self.inputs else RENAMED[tensor.name]
                found[tensor.name] = np.asarray(self.inputs[own])
        return found

    @property
    def variable(self) -> str:
        """Our name of the input that the gradient is by."""
        if self.of_pair:
            return "X"
        names = {RENAMED.get(tensor.name, tensor.name): tensor.name for tensor in self.definition.inputs}
        return self.wrt if self.wrt in {tensor.name for tensor in self.definition.inputs} else names[self.wrt]

    @cached_property
    def judged_value(self) -> Judged:
        """The value by our definition, with what rounding allows."""
        return Reference(self.definition.program, self.arrays).value()

    @cached_property
    def judged_gradient(self) -> Judged:
        """The gradient by our definition, with what rounding allows: of a pair, of D_01 by X_0."""
        cotangent = np.zeros(self.judged_value.value.shape)
        cotangent[self.place] = 1
        gradient = Reference(self.definition.program, self.arrays).vjp(self.variable, cotangent)
        return Judged(gradient.value[self.place[:1]], gradient.tolerance[self.place[:1]])

    @property
    def place(self) -> tuple[int, ...]:
        """Where the value stands in our output: D_01 of a pair."""
        return (0, 1) if self.of_pair else ()


def read_cases() -> list[Case]:
    """All recorded cases, in their order."""
    recorded = json.loads((Path(__file__).parent / "data" / "vectors.json").read_text(encoding="utf-8"))
    return [Case(r["name"], r["inputs"], r["wrt"], r["value"], np.asarray(r["gradient"])) for r in recorded]


CASES = read_cases()
