"""How many rows, columns and features a tile takes at a time: fewer, the longer its body, so that it compiles soon."""

from __future__ import annotations

from tensorderiv.emit.tiles.lanes import weight
from tensorderiv.lower.tile import Pairwise

CHOICES = (((4, (4, 1)), 16), ((4, (2, 1)), 32), ((2, (2, 1)), 64))
"""Rows and steps of features, up to a weight of the body."""


def body_weight(body: Pairwise) -> int:
    return sum(weight(root) for root in body.roots)


def fold_unrolling(body: Pairwise) -> tuple[int, tuple[int, ...]]:
    """Rows at a time, and features at a time, in falling order down to 1."""
    size = body_weight(body)
    for shape, most in CHOICES:
        if size <= most:
            return shape
    return 1, (1,)


def spread_unrolling(body: Pairwise) -> int:
    """Targets of a spread at a time: twice the rows of a fold, as each keeps half as much."""
    return 2 * fold_unrolling(body)[0] if body_weight(body) <= CHOICES[1][1] else fold_unrolling(body)[0]
