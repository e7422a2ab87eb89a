"""Random points: sizes of the extents and exact rational values of the inputs, inside their domains."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorderiv.algebra.program import Domain, Input
from tensorderiv.equality.claim import Claim

LARGEST = 3
"""Extents are tried from their least size up to this one, or to the number of free indices that range over them."""

MOST_SIZES = 27
"""Combinations of sizes tried in one pass; of more, a random choice."""

LABELS = 3
"""How many labels there are where nothing bounds them."""

Entry = Callable[[Random], Fraction]


@dataclass(frozen=True)
class Manner:
    """How the entries of undeclared inputs are drawn. `generic`: no ties, zeros or integers by accident."""

    entry: Entry
    generic: bool = True


def _near(random: Random, low: int, high: int) -> Fraction:
    """A rational with the denominator 997: arithmetic stays short, coincidences are rare."""
    return Fraction(random.randint(low, high), 997)


def _signed(random: Random, low: int, high: int) -> Fraction:
    return random.choice((-1, 1)) * _near(random, low, high)


MANNERS: tuple[Manner, ...] = (
    Manner(lambda random: Fraction(random.randint(-3, 5)), generic=False),
    Manner(lambda random: _signed(random, 50, 1999)),
    Manner(lambda random: Fraction(random.randint(1, 3)), generic=False),
    Manner(lambda random: _near(random, 50, 950)),
    Manner(lambda random: _signed(random, 50, 250)),
    Manner(lambda random: _near(random, 1050, 2900)),
)
"""Small integers first, so that a counterexample is easy to read; then what definitions without a declared domain may need."""


@dataclass(frozen=True)
class Point:
    """Sizes and exact inputs."""

    sizes: Mapping[str, int]
    inputs: Mapping[str, npt.NDArray[Any]]
    generic: bool


def passes(claim: Claim, seed: int) -> Iterator[Iterator[Point]]:
    """Pass after pass over the sizes, each with another manner of drawing, without an end."""
    for number, manner in enumerate(itertools.cycle(MANNERS)):
        yield (
            point_at(claim, sizes, manner, f"{seed} {number} {again}")
            for sizes in sizes_of(claim)
            for again in range(1 if manner.generic else 2)
        )


def point_at(claim: Claim, sizes: Mapping[str, int], manner: Manner, seed: object) -> Point:
    """The random point of these sizes; the same for the same seed."""
    random = Random(f"{seed} {sorted(sizes.items())}")
    return Point(sizes, {item.tensor.name: draw(item, sizes, manner, random) for item in claim.needed}, manner.generic)


def sizes_of(claim: Claim) -> list[dict[str, int]]:
    """Combinations of sizes, the smallest first."""
    least = claim.least
    most = {name: max(low, LARGEST, min(4, sum(index.extent == name for index in claim.axes))) for name, low in least.items()}
    usual = [tuple(range(low, max(low, LARGEST) + 1)) for low in least.values()]
    count = 1
    for choices in usual:
        count *= len(choices)
    if count <= MOST_SIZES:
        chosen = set(itertools.product(*usual))
    else:
        random = Random(count)
        chosen = {tuple(choices[min(step, len(choices) - 1)] for choices in usual) for step in range(LARGEST)}
        while len(chosen) < MOST_SIZES:
            chosen.add(tuple(random.choice(choices) for choices in usual))
    chosen.add(tuple(most.values()))
    return [dict(zip(least, values, strict=True)) for values in sorted(chosen, key=lambda values: (sum(values), values))]


def draw(item: Input, sizes: Mapping[str, int], manner: Manner, random: Random) -> npt.NDArray[Any]:
    """A random array of the input's domain: rationals, or ints for labels."""
    shape = tuple(extent if isinstance(extent, int) else sizes[extent] for extent in item.tensor.extents)
    if item.tensor.integer:
        extent = item.label_extent
        count = LABELS if extent is None else extent if isinstance(extent, int) else sizes[extent]
        return _filled(shape, lambda: random.randrange(count))
    domain = item.domain
    whole = not manner.generic
    match domain.kind:
        case "simplex":
            weights = _filled(shape, lambda: Fraction(random.randint(1, 3)) if whole else _near(random, 50, 950))
            return np.asarray(weights / weights.sum(axis=-1, keepdims=True), dtype=object)
        case "sphere":
            return _by_rows(shape, lambda size: unit_row(random, size, whole))
        case "symmetric" | "spd":
            matrices = _filled(shape, lambda: manner.entry(random))
            turned = np.swapaxes(matrices, -1, -2)
            if domain.kind == "symmetric":
                return np.asarray(matrices + turned, dtype=object)
            return np.asarray(matrices @ turned + np.vectorize(Fraction, otypes=[object])(np.eye(shape[-1], dtype=int)))
    return _filled(shape, lambda: number_of(domain, manner, random))


def number_of(domain: Domain, manner: Manner, random: Random) -> Fraction:
    """One number of a domain of numbers."""
    drawn = manner.entry(random)
    if domain.kind == "real" and domain.lower is None and domain.upper is None:
        return drawn
    if domain.kind in ("positive", "nonnegative"):
        if not manner.generic:
            return Fraction(random.randint(1 if domain.kind == "positive" else 0, 3))
        return abs(drawn)
    if inside(drawn, domain):
        return drawn
    high = domain.upper if domain.upper is not None else (domain.lower or Fraction(0)) + 2
    low = domain.lower if domain.lower is not None else high - 2
    share = _near(random, 50, 947) if manner.generic else Fraction(random.randint(1, 3), 4)
    return low + (high - low) * share


def inside(value: Fraction, domain: Domain) -> bool:
    """Whether a number lies in a domain of numbers."""
    match domain.kind:
        case "positive":
            return value > 0
        case "nonnegative":
            return value >= 0
        case "real" | "interval":
            low = domain.lower is None or value > domain.lower or (value == domain.lower and not domain.open_ends[0])
            high = domain.upper is None or value < domain.upper or (value == domain.upper and not domain.open_ends[1])
            return low and high
    return False


def unit_row(random: Random, size: int, whole: bool) -> list[Fraction]:
    """A rational point on the sphere: (2 t, |t|^2 - 1) / (|t|^2 + 1), its coordinates in random order.

    >>> sum(x * x for x in unit_row(Random(1), 3, whole=False))
    Fraction(1, 1)
    """
    t = [Fraction(random.randint(-2, 2)) if whole else Fraction(random.randint(-40, 40), 17) for _ in range(size - 1)]
    square = sum((x * x for x in t), Fraction(0))
    row = [*(2 * x / (square + 1) for x in t), random.choice((-1, 1)) * (square - 1) / (square + 1)]
    random.shuffle(row)
    return row


def _filled(shape: tuple[int, ...], entry: Callable[[], Any]) -> npt.NDArray[Any]:
    array: npt.NDArray[Any] = np.empty(shape, dtype=object)
    for place in np.ndindex(shape):
        array[place] = entry()
    return array


def _by_rows(shape: tuple[int, ...], row: Callable[[int], list[Fraction]]) -> npt.NDArray[Any]:
    array: npt.NDArray[Any] = np.empty(shape, dtype=object)
    for place in np.ndindex(shape[:-1]):
        array[place] = row(shape[-1])
    return array
