"""Random inputs for a program: small arrays of exact rationals in the domains of the inputs."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np

from tensorderiv.algebra.index import Extent
from tensorderiv.algebra.program import Domain, Input, Program


@dataclass(frozen=True)
class Point:
    """Values for the inputs."""

    arrays: dict[str, Any]
    sizes: dict[str, int]


def draw(program: Program, random: Random, *, positive: bool) -> Point:
    """Inputs of their domains with few binary digits; unbounded ones are all positive where asked."""
    sizes = {extent: random.choice((2, 3)) for extent in _extents(program)}
    return Point({item.tensor.name: _array(item, sizes, random, positive) for item in program.inputs}, sizes)


def _extents(program: Program) -> list[str]:
    tensors = [item.tensor for item in program.inputs] + [item.tensor for item in program.statements]
    labels: list[Extent] = [item.label_extent for item in program.inputs if item.label_extent is not None]
    found = [extent for tensor in tensors for extent in tensor.extents] + labels
    return list(dict.fromkeys(extent for extent in found if isinstance(extent, str)))


def _array(item: Input, sizes: dict[str, int], random: Random, positive: bool) -> Any:
    shape = tuple(sizes[extent] if isinstance(extent, str) else extent for extent in item.tensor.extents)
    if item.tensor.integer:
        many = sizes[item.label_extent] if isinstance(item.label_extent, str) else item.label_extent or 2
        return np.array([random.randrange(many) for _ in range(int(np.prod(shape)))], dtype=int).reshape(shape)
    array = np.empty(shape, dtype=object)
    for place in np.ndindex(shape):
        array[place] = _number(item.domain, random, positive)
    return _in_domain(array, item.domain)


def _number(domain: Domain, random: Random, positive: bool) -> Fraction:
    size = Fraction(random.randrange(1, 16), 8)
    if domain.kind == "interval" and domain.lower is not None and domain.upper is not None:
        return domain.lower + (domain.upper - domain.lower) * Fraction(random.randrange(1, 16), 16)
    if domain.kind == "interval" and domain.lower is not None:
        return domain.lower + size
    if domain.kind == "interval" and domain.upper is not None:
        return domain.upper - size
    signed = domain.kind in ("real", "sphere", "symmetric", "spd") and not positive
    return -size if signed and random.random() < 0.5 else size


def _in_domain(array: Any, domain: Domain) -> Any:
    """Rows that sum to 1, rows of length 1, symmetric and positive definite matrices."""
    if domain.kind == "simplex":
        return array / array.sum(axis=-1, keepdims=True)
    if domain.kind == "sphere":
        return _unit_rows(array)
    if domain.kind == "symmetric":
        return array + array.T
    if domain.kind == "spd":
        return array @ array.T + np.array(
            [[Fraction(int(a == b)) for b in range(len(array))] for a in range(len(array))], dtype=object
        )
    return array


def _unit_rows(array: Any) -> Any:
    """Rational points of the sphere, by stereographic projection of all coordinates but the last."""
    flat, last = array[..., :-1], array.shape[-1] - 1
    squares = (flat * flat).sum(axis=-1, keepdims=True) if last else np.zeros_like(array)
    return np.concatenate([2 * flat / (squares + 1), (squares - 1) / (squares + 1)], axis=-1) if last else array / abs(array)
