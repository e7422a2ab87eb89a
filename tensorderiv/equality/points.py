"""Random points: sizes of the extents and exact rational values of the inputs, inside their domains."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import islice
from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorderiv.algebra.program import Domain, Input
from tensorderiv.equality.claim import Claim
from tensorderiv.equality.landmarks import Landmarks, landmarks
from tensorderiv.errors import DomainProblem

LARGEST = 3
"""Extents are tried from their least size up to this one, or to the number of free indices that range over them."""

MOST_SIZES = 27
"""Combinations of sizes tried in one pass; of more, a random choice."""

MOST_ENTRIES = 100_000
"""Of one input: its sizes may be written as numbers."""

LABELS = 3
"""How many labels there are where nothing bounds them."""

Entry = Callable[[Random], Fraction]


@dataclass(frozen=True)
class Manner:
    """How the entries of undeclared inputs are drawn. `generic`: no ties, zeros or integers by accident.

    `landmarks` are the numbers of the claim near which the entries lie, if there are such.
    """

    entry: Entry
    generic: bool = True
    landmarks: Landmarks | None = None


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

BEFORE_LANDMARKS = 2
"""Manners that come before those near the numbers that the claim names."""

LANDMARK_POINTS = 72
"""Points of one pass near the numbers that the claim names."""


@dataclass(frozen=True)
class Point:
    """Sizes and exact inputs."""

    sizes: Mapping[str, int]
    inputs: Mapping[str, npt.NDArray[Any]]
    generic: bool


def manners_of(claim: Claim) -> tuple[Manner, ...]:
    """The manners of drawing for a claim: the usual ones, and two near the numbers that it names."""
    found = landmarks(claim)
    if not found:
        return MANNERS
    near = tuple(Manner(partial(found.entry, generic=generic), generic=generic, landmarks=found) for generic in (False, True))
    return (*MANNERS[:BEFORE_LANDMARKS], *near, *MANNERS[BEFORE_LANDMARKS:])


def passes(claim: Claim, manners: Sequence[Manner], seed: int) -> Iterator[Iterator[Point]]:
    """Pass after pass over the sizes, each with another manner of drawing, without an end."""
    for number, manner in enumerate(itertools.cycle(manners)):
        chosen: Iterator[Mapping[str, int]]
        if manner.landmarks is not None:
            chosen = islice(itertools.cycle(sizes_beyond(claim, manner.landmarks)), LANDMARK_POINTS)
        else:
            chosen = (sizes for sizes in sizes_of(claim) for _ in range(1 if manner.generic else 2))
        yield _points(claim, manner, chosen, f"{seed} {number}")


def _points(claim: Claim, manner: Manner, chosen: Iterable[Mapping[str, int]], seed: str) -> Iterator[Point]:
    return (point_at(claim, sizes, manner, f"{seed} {number}") for number, sizes in enumerate(chosen))


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


def sizes_beyond(claim: Claim, found: Landmarks) -> list[dict[str, int]]:
    """A few sizes, all small, and the same with the extents that numbers are compared with made large enough."""
    small = [{name: min(low + more, max(low, LARGEST)) for name, low in claim.least.items()} for more in range(LARGEST)]
    large = {name: max(size, claim.least[name]) for name, size in (found.sizes or {}).items() if name in claim.least}
    return [sizes for few in small for sizes in ([few, {**few, **large}] if large else [few])]


def draw(item: Input, sizes: Mapping[str, int], manner: Manner, random: Random) -> npt.NDArray[Any]:
    """A random array of the input's domain: rationals, or ints for labels."""
    shape = tuple(extent if isinstance(extent, int) else sizes[extent] for extent in item.tensor.extents)
    if math.prod(shape) > MOST_ENTRIES:
        size = " x ".join(map(str, shape))
        raise DomainProblem(f"{item.tensor.name} of size {size} is too large to be tried in numbers", hint="name its sizes: n, d")
    if item.tensor.integer:
        extent = item.label_extent
        count = LABELS if extent is None else extent if isinstance(extent, int) else sizes[extent]
        if (found := manner.landmarks) is None:
            return _filled(shape, lambda: random.randrange(count))
        if extent is None:
            count = max(count, (found.labels or {}).get(item.tensor.name, 0) + 2)
        return _filled(shape, lambda: found.label(item.tensor.name, count, random))
    domain = item.domain
    whole = not manner.generic
    match domain.kind:
        case "simplex":
            large = 99 if manner.landmarks is not None else 1
            weights = _filled(
                shape, lambda: (Fraction(random.randint(1, 3)) if whole else _near(random, 50, 950)) * random.choice((1, large))
            )
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
        if not manner.generic and (manner.landmarks is None or not inside(abs(drawn), domain)):
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
