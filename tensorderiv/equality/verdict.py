"""The answer: equal or not, how that is known, and where the two sides differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorderiv.errors import DomainProblem


@dataclass(frozen=True)
class Counterexample:
    """A point at which the sides differ: sizes of the extents, values of the inputs and of the free indices, both values.

    The inputs are arrays of exact rationals; values are rationals, or numbers of 50 and more digits.
    """

    sizes: Mapping[str, int]
    inputs: Mapping[str, npt.NDArray[Any]]
    indices: Mapping[str, int]
    left: Any
    right: Any

    def __str__(self) -> str:
        places = [_pairs(self.sizes), _pairs(self.indices)]
        where = "  ".join(part for part in places if part)
        head = "   ".join([f"counterexample  {where}".rstrip(), f"left: {written(self.left)}", f"right: {written(self.right)}"])
        return "\n".join([head, *(f"  {name} = {_array(array)}" for name, array in self.inputs.items())])


@dataclass(frozen=True)
class Verdict:
    """Whether two expressions are equal.

    `how` is "proved" (their canonical forms agree, so they are equal wherever both are defined), "holds at N random points", or
    "counterexample". It is true where they are equal.
    """

    equal: bool
    how: str
    points: int = 0
    counterexample: Counterexample | None = None

    def __bool__(self) -> bool:
        return self.equal

    def __str__(self) -> str:
        return f"equal: {self.how}" if self.equal else f"not equal\n{self.counterexample}"


class Nowhere(DomainProblem):
    """No point was found at which both sides are defined. `left`, `right`: whether that side alone is at some."""

    def __init__(self, left: bool, right: bool) -> None:
        self.left, self.right = left, right
        super().__init__(
            "no point was found at which both sides are defined", hint="declare the domain of the inputs, e.g. tensor P[n,d] > 0"
        )


def written(value: Any) -> str:
    """A value for people: rationals exactly where they are short, else six digits.

    >>> written(Fraction(1, 3)), written(Fraction(10**20, 10**19 + 1)), written(20.0)
    ('1/3', '10', '20')
    """
    if isinstance(value, Fraction) and max(abs(value.numerator), value.denominator) < 10_000:
        return str(value)
    return f"{float(value):.6g}"


def _pairs(values: Mapping[str, int]) -> str:
    return " ".join(f"{name}={value}" for name, value in values.items())


def _array(array: npt.NDArray[Any]) -> str:
    if array.ndim == 0:
        return written(array.item())
    return f"[{', '.join(_array(part) if isinstance(part, np.ndarray) else written(part) for part in array)}]"
