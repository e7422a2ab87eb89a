"""What the numbers say of a wrong line that no repair makes right: where it differs from the line before."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import combinations

from tensorderiv.checker.explain.scene import Scene
from tensorderiv.checker.explain.trial import Entry, Trial

CLOSE = 1e-9
FEW = 4
"""Entries that must bear a finding out."""


def diagnosed(scene: Scene, trial: Trial) -> tuple[str, str] | None:
    """The kind of the slip and why, where the entries tell."""
    line = trial.sample(scene.line) if scene.step.meaning is not None else None
    if line is None:
        return None
    both = {entry: (a, line[entry]) for entry, a in trial.values.items() if math.isfinite(a) and math.isfinite(line[entry])}
    return next(_findings(scene, both), None) if len(both) >= FEW else None


def _findings(scene: Scene, both: dict[Entry, tuple[float, float]]) -> Iterator[tuple[str, str]]:
    letters = scene.free
    for i, k in combinations(range(len(letters)), 2):
        if scene.extent(letters[i]) != scene.extent(letters[k]):
            continue
        pair = f"{letters[i]} = {letters[k]}"
        on = [values for (_, place), values in both.items() if place[i] == place[k]]
        off = [values for (_, place), values in both.items() if place[i] != place[k]]
        if len(on) < FEW or len(off) < FEW:
            continue
        if all(a == 0 for a, _ in off) and any(b != 0 for _, b in off):
            yield (
                "dropped delta",
                rf"the line before is 0 unless {pair}, this line is not: \delta_{{{letters[i]}{letters[k]}}} was lost",
            )
        if all(_same(a, b) for a, b in off):
            yield "forgot terms", f"the line is right unless {pair}"
    for i, k in combinations(range(len(letters)), 2):
        if scene.extent(letters[i]) == scene.extent(letters[k]) and _transposed(both, i, k):
            yield "transposed index", f"the line is right with {letters[i]} and {letters[k]} exchanged"


def _same(a: float, b: float) -> bool:
    return abs(a - b) <= CLOSE * max(1.0, abs(a), abs(b))


def _transposed(both: dict[Entry, tuple[float, float]], i: int, k: int) -> bool:
    """Whether the line equals the line before with two axes exchanged, wherever both entries were computed."""
    compared = 0
    for (sizes, place), (_, b) in both.items():
        turned = list(place)
        turned[i], turned[k] = turned[k], turned[i]
        if place[i] != place[k] and (other := both.get((sizes, tuple(turned)))) is not None:
            if not _same(other[0], b):
                return False
            compared += 1
    return compared >= FEW
