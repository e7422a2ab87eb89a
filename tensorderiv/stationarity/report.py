"""What `stationary` found, for people and as data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorderiv.equality.verdict import written
from tensorderiv.naming import name_from_text
from tensorderiv.stationarity.configuration import Configuration
from tensorderiv.stationarity.hessian import Hessian
from tensorderiv.stationarity.nature import Nature
from tensorderiv.stationarity.point import Point
from tensorderiv.stationarity.vanishing import Vanishing

WIDTH = 16

WORDS = {
    "minimum": "strict local minimum: every eigenvalue is positive",
    "maximum": "strict local maximum: every eigenvalue is negative",
    "saddle": "saddle: the loss falls along some directions and rises along others",
    "degenerate": "degenerate: eigenvalues are 0, and the second order does not decide",
    "bend": "not decided: the second derivative jumps here",
    "kink": "no gradient here: it jumps, and its 0 is the convention for kinks (0/0 = 0, sign(0) = 0)",
}


NOT_A_MINIMUM = (
    "no minimum: the loss falls along some directions; for those of the eigenvalues 0 the second order does not decide"
)
NOT_A_MAXIMUM = (
    "no maximum: the loss rises along some directions; for those of the eigenvalues 0 the second order does not decide"
)


@dataclass(frozen=True, repr=False)
class Stationarity:
    """Whether a configuration is stationary, and what the Hessian says of it there. It is true where it is stationary.

    At a kink it is not: there is no gradient, whatever the derived formula gives.
    """

    configuration: Configuration
    gradients: tuple[Vanishing, ...]
    """One for each input that is differentiated by."""

    point: Point | None = field(default=None, repr=False)
    hessian: Hessian | None = field(default=None, repr=False)
    nature: Nature | None = field(default=None, repr=False)

    def __bool__(self) -> bool:
        return all(gradient.verdict for gradient in self.gradients) and self.kind != "kink"

    @property
    def how(self) -> str:
        """One of "proved", "holds at N random points" (what is known least), "counterexample", at a kink "by convention"."""
        if self.kind == "kink":
            return "by convention"
        known = [gradient.verdict.how for gradient in self.gradients]
        return next((how for how in ("counterexample",) if how in known), min(known, key=lambda how: how == "proved"))

    @property
    def kind(self) -> str | None:
        """One of "minimum", "maximum", "saddle", "degenerate", "bend", "kink"; None where the configuration is not stationary."""
        return None if self.nature is None else self.nature.kind

    @property
    def eigenvalues(self) -> npt.NDArray[Any] | None:
        """Of the Hessian, rising: all, or the extreme ones where there are many."""
        return None if self.nature is None else self.nature.spectrum.values

    def as_dict(self) -> dict[str, Any]:
        """Everything that was found, for JSON."""
        found = self.configuration
        data: dict[str, Any] = {
            "definition": [f"{s.element} = {s.body}" for s in found.program.statements],
            "at": [f"{s.element} = {s.body}" for s in found.given],
            "stationary": bool(self),
            "how": self.how,
            "gradients": [
                {
                    "by": gradient.name,
                    "gradient": f"{gradient.head} = {gradient.formula}",
                    "zero": bool(gradient.verdict),
                    "how": gradient.verdict.how,
                    "counterexample": _example(gradient),
                }
                for gradient in self.gradients
            ],
            "conclusion": self.kind,
        }
        if self.nature is not None and self.point is not None and self.hessian is not None:
            nature = self.nature
            data["hessian"] = {
                "dimension": self.hessian.dimension,
                "sizes": dict(self.point.sizes),
                "inputs": {name: array.tolist() for name, array in self.point.arrays.items()},
                "eigenvalues": nature.spectrum.values.tolist(),
                "complete": nature.spectrum.complete,
                "zero_below": nature.bound,
                "counts": None
                if nature.counts is None
                else dict(zip(("negative", "zero", "positive"), nature.counts, strict=True)),
                "direction": None
                if nature.direction is None
                else {name: array.tolist() for name, array in nature.direction.items()},
            }
        return data

    def __str__(self) -> str:
        return "\n".join(line.rstrip() for line in self._lines())

    def __repr__(self) -> str:
        return f"<Stationarity of {self.configuration.program.name}: {self.how}, {self.kind or 'not stationary'}>"

    def _lines(self) -> Iterator[str]:
        found = self.configuration
        name = found.program.name
        named = name != name_from_text(found.program.source, found.program.output.tensor.name)
        yield from _entry(name if named else "loss", [f"{s.element} = {s.body}" for s in found.program.statements])
        yield from _entry("at", [f"{s.element} = {s.body}" for s in found.given])
        yield ""
        for gradient in self.gradients:
            yield from _entry(gradient.head, ["0: by convention"] if self.kind == "kink" else _verdict(gradient))
        free = [item.tensor.name for item in found.free]
        yes = "yes, for all sizes" + (f" and all {', '.join(free)}" if free else "")
        yield from _entry("stationary", [yes if self else "no"])
        if self.kind == "kink":
            yield from _entry("conclusion", [WORDS["kink"]])
        elif self.nature is not None:
            yield from self._second_order()

    def _second_order(self) -> Iterator[str]:
        nature, point, hessian = self.nature, self.point, self.hessian
        assert nature is not None and point is not None and hessian is not None
        sizes = ", ".join(f"{name} = {size}" for name, size in point.sizes.items())
        space = " on the sphere" if hessian.sphere else ""
        given = {**{name: array for name, array in point.free.items() if name not in _labels(self.configuration)}}
        shown = [f"{name} = {_numbers(array)}" for name, array in given.items() if array.size <= SHOWN]
        head = f"{hessian.dimension} x {hessian.dimension} by {', '.join(hessian.names)}{space}" + (f", {sizes}" if sizes else "")
        yield from _entry("Hessian", [head, *(["; ".join(shown)] if shown else [])])
        values = nature.spectrum.values
        if len(values):
            said = [f"from {_short(values[0], nature.bound)} to {_short(values[-1], nature.bound)}"]
            if nature.counts is not None:
                negative, zero, positive = nature.counts
                said.append(f"{negative} negative, {zero} zero (below {nature.bound:.1g}), {positive} positive")
            else:
                said.append(f"the extreme ones by Lanczos: {', '.join(_short(value, nature.bound) for value in values)}")
            yield from _entry("eigenvalues", said)
        words = WORDS[nature.kind]
        if nature.kind == "degenerate" and len(values) and (values[0] < -nature.bound or values[-1] > nature.bound):
            words = NOT_A_MINIMUM if values[0] < -nature.bound else NOT_A_MAXIMUM
        yield from _entry("conclusion", [words])
        if nature.direction is not None:
            said = [f"eigenvector of {_short(values[0], nature.bound)}; means of its rows:"]
            for name, array in nature.direction.items():
                means = array.mean(axis=-1) if array.ndim > 1 else array
                said.append(f"{name}: {_numbers(np.ravel(means)[:SHOWN])}" + (" ..." if means.size > SHOWN else ""))
            yield from _entry("falls along", said)


SHOWN = 12
"""Numbers of an array that are printed."""


def _verdict(gradient: Vanishing) -> list[str]:
    """0, and how that is known; else where it is not."""
    verdict, example = gradient.verdict, gradient.verdict.counterexample
    if example is None:
        return [f"0: {verdict.how}"]
    place = " ".join(f"{name}={value}" for name, value in {**example.sizes, **example.indices}.items())
    return [f"not 0: {written(example.left)} at {place}", *str(example).splitlines()[1:]]


def _labels(found: Configuration) -> set[str]:
    return {item.tensor.name for item in found.free if item.tensor.integer}


def _example(gradient: Vanishing) -> dict[str, Any] | None:
    example = gradient.verdict.counterexample
    if example is None:
        return None
    return {
        "sizes": dict(example.sizes),
        "indices": dict(example.indices),
        "inputs": {name: np.array(array, dtype=float).tolist() for name, array in example.inputs.items()},
        "value": float(example.left),
    }


def _entry(name: str, lines: list[str]) -> Iterator[str]:
    """The name beside its first line; a name that is too long stands above them."""
    head = name.ljust(WIDTH)
    if len(name) >= WIDTH:
        yield name
        head = " " * WIDTH
    for line in lines:
        yield head + line
        head = " " * WIDTH


def _short(value: float, bound: float) -> str:
    return "0" if abs(value) <= bound else f"{value:.4g}"


def _numbers(array: npt.NDArray[Any]) -> str:
    """The numbers of an array to three digits; what is rounding beside the largest is 0."""
    if array.ndim == 0:
        return f"{float(array):.3g}"
    if array.ndim > 1:
        return f"[{', '.join(map(_numbers, array))}]"
    least = 1e-9 * float(np.abs(array).max(initial=0.0))
    return f"[{', '.join(f'{float(number):.3g}' if abs(number) > least else '0' for number in array)}]"
