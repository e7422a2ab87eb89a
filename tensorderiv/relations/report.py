"""What `compare` found, for people and as data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorderiv.algebra.build import MINUS_ONE, ONE
from tensorderiv.algebra.expression import Add, Expr
from tensorderiv.algebra.text import to_text
from tensorderiv.equality.verdict import written
from tensorderiv.relations.example import Difference, difference
from tensorderiv.relations.gradients import Gradients
from tensorderiv.relations.relate import Relation
from tensorderiv.relations.sampled import Sampled
from tensorderiv.relations.spherical import by_angle, length_by_angle

WIDTH = 16


@dataclass(frozen=True, repr=False)
class Compared:
    """Two gradients and how they are related. It is true where a relation was found."""

    names: tuple[str, str]
    gradients: Gradients = field(repr=False)
    relation: Relation
    numbers: Sampled = field(repr=False)

    def __bool__(self) -> bool:
        return self.relation.kind != "different"

    @property
    def kind(self) -> str:
        """One of "equal", "constant" or "factor" (proportional), "parallel" (by a factor that was not found), or "different"."""
        return self.relation.kind

    @property
    def how(self) -> str:
        """It is "proved", "holds at N random points" or "counterexample"."""
        return self.relation.how

    @property
    def factor(self) -> str | None:
        """What makes the first gradient of the second, where it was found."""
        return None if self.relation.factor is None else to_text(self.relation.factor)

    @property
    def factor_by_angle(self) -> str | None:
        """The same by theta, the angle between two points on the sphere."""
        return None if self.relation.factor is None else _text(by_angle(self.relation.factor, self.gradients))

    @property
    def lengths(self) -> tuple[str | None, str | None]:
        """The lengths of both gradients by theta, for two points on the sphere."""
        found = self.gradients
        return _text(length_by_angle(found.first, found)), _text(length_by_angle(found.second, found))

    @cached_property
    def counterexample(self) -> Difference | None:
        """Where the gradients are not along one line."""
        refuted = self.relation.counterexample
        return None if refuted is None else difference(self.gradients, refuted, self.relation.claim)

    def plot(self, path: str | Path) -> None:
        """Draw the distribution of the angle and of the ratio of the lengths over random points. Needs matplotlib."""
        from tensorderiv.relations.plot import plot

        plot(self.gradients, self.relation, self.names, Path(path))

    def as_dict(self) -> dict[str, Any]:
        """Everything that was found, for JSON."""
        found, relation, example = self.gradients, self.relation, self.counterexample
        sides = [
            {
                "name": name,
                "definition": [f"{s.element} = {s.body}" for s in derivation.program.statements],
                "gradient": f"{head} = {formula}",
            }
            for name, derivation, head, formula in zip(self.names, found.derivations, found.heads(), found.formulas, strict=True)
        ]
        return {
            "first": sides[0],
            "second": sides[1],
            "space": "sphere" if found.tangent else "flat",
            "relation": relation.kind,
            "direction": relation.direction if self else None,
            "by_rows": relation.by_rows,
            "factor": self.factor,
            "factor_by_angle": self.factor_by_angle,
            "lengths_by_angle": list(self.lengths),
            "how": relation.how,
            "direction_how": relation.direction_how or None,
            "degrees": _summary(self.numbers.degrees),
            "ratio": _summary(self.numbers.ratios),
            "points": self.numbers.points,
            "sizes": dict(self.numbers.sizes),
            "counterexample": None
            if example is None
            else {
                "sizes": dict(example.sizes),
                "inputs": {name: np.array(array, dtype=float).tolist() for name, array in example.inputs.items()},
                "first": example.first.tolist(),
                "second": example.second.tolist(),
                "degrees": None if np.isnan(example.degrees) else example.degrees,
            },
        }

    def __str__(self) -> str:
        return "\n".join(line.rstrip() for line in self._lines())

    def __repr__(self) -> str:
        return f"<Compared {self.names[0]}, {self.names[1]}: {self.relation.kind}>"

    def _lines(self) -> Iterator[str]:
        found = self.gradients
        heads = found.heads()
        for name, derivation, head, formula in zip(self.names, found.derivations, heads, found.formulas, strict=True):
            said = [f"{s.element} = {s.body}" for s in derivation.program.statements]
            said += [f"{head} = {formula}", *(f"  where {s.element} = {s.body}" for s in formula.names)]
            yield from _entry(name, said)
        yield ""
        yield from _entry("relation", [self._words(heads)])
        if self:
            told = f"; the sign of the factor: {self.relation.direction_how}" if self.relation.direction_how else ""
            yield from _entry("known", [self.relation.how + (told if self.relation.kind in ("factor", "parallel") else "")])
        lengths = self.lengths
        if lengths[0] and lengths[1]:
            yield from _entry("lengths", [f"{lengths[0]} and {lengths[1]}, where theta is the angle between the points"])
        if self.relation.kind != "equal" and self.relation.kind != "constant" and len(self.numbers.ratios):
            yield from _entry("at random", self._statistics())
        if self.relation.kind == "different":
            yield from self._difference(heads)

    def _words(self, heads: tuple[str, str]) -> str:
        relation = self.relation
        tangent = "tangent " if self.gradients.tangent else ""
        if relation.kind == "equal":
            return "the gradients are equal"
        if relation.zero:
            return f"different: the {tangent}gradient of the {relation.zero} is 0 everywhere, that of the other is not"
        if relation.kind == "different":
            return f"different {tangent}directions"
        along = {
            "same": f"the same {tangent}direction",
            "opposite": f"the opposite {tangent}direction",
            "either": f"one {tangent}line, the sign depends on the inputs",
        }[relation.direction]
        rows = ", row by row" if relation.by_rows else ""
        if relation.factor is None:
            return f"{along}{rows}; the factor depends on the inputs"
        what = "proportional, " if relation.kind == "constant" else ""
        text = _factor(relation.factor)
        turned = by_angle(relation.factor, self.gradients)
        by = f" = {_factor(turned)}{heads[1]}" if turned is not None and to_text(turned) != to_text(relation.factor) else ""
        return f"{what}{along}{rows}: {heads[0]} = {text}{heads[1]}{by}"

    def _statistics(self) -> list[str]:
        numbers = self.numbers
        sizes = ", ".join(f"{name} = {size}" for name, size in numbers.sizes.items())
        head = f"{numbers.points} points, {sizes}" if sizes else f"{numbers.points} points"
        both = len(numbers.degrees)
        lines = [head + (f"; both gradients are not 0 at {both}" if both < numbers.points else "")]
        if self.relation.kind == "different":
            lines.append(f"angle between them  {_spread(numbers.degrees)} degrees")
        return [*lines, f"ratio of lengths    {_spread(np.abs(numbers.ratios))}"]

    def _difference(self, heads: tuple[str, str]) -> Iterator[str]:
        example = self.counterexample
        assert example is not None
        said = [" ".join(f"{name}={size}" for name, size in example.sizes.items())]
        said += [f"{name} = {_exact(array)}" for name, array in example.inputs.items()]
        said += [f"{head} = {_numbers(array)}" for head, array in zip(heads, (example.first, example.second), strict=True)]
        said += [f"angle {example.degrees:.4g} degrees"] if not np.isnan(example.degrees) else []
        yield from _entry("counterexample", said)


def _entry(name: str, lines: list[str]) -> Iterator[str]:
    """The name beside its first line; a name that is too long stands above them."""
    head = name.ljust(WIDTH)
    if len(name) >= WIDTH:
        yield name
        head = " " * WIDTH
    for line in lines:
        yield head + line
        head = " " * WIDTH


def _text(expr: Expr | None) -> str | None:
    return None if expr is None else to_text(expr)


def _factor(expr: Expr) -> str:
    if expr in (ONE, MINUS_ONE):
        return "" if expr == ONE else "-"
    return f"({to_text(expr)}) " if isinstance(expr, Add) else f"{to_text(expr)} "


def _spread(numbers: npt.NDArray[Any]) -> str:
    return f"median {np.median(numbers):.3g}, from {numbers.min():.3g} to {numbers.max():.3g}"


def _summary(numbers: npt.NDArray[Any]) -> dict[str, float] | None:
    if not len(numbers):
        return None
    return {"median": float(np.median(numbers)), "least": float(numbers.min()), "largest": float(numbers.max())}


def _exact(array: npt.NDArray[Any]) -> str:
    if array.ndim == 0:
        return written(array.item())
    return f"[{', '.join(_exact(part) if isinstance(part, np.ndarray) else written(part) for part in array)}]"


def _numbers(array: npt.NDArray[Any]) -> str:
    """The numbers of an array to six digits; what is rounding beside the largest is 0."""
    least = 1e-12 * float(np.abs(array).max(initial=0.0))
    if array.ndim == 0:
        return f"{float(array):.6g}"
    return f"[{', '.join(_numbers(np.asarray(part if np.abs(part).max() > least else 0.0 * abs(part))) for part in array)}]"
