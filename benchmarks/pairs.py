"""Pairwise functions written by hand in NumPy, one row against a table: the judge of values and of vector-Jacobian products.

All are symmetric, f(x, y) = f(y, x): the gradient by a row of Y is the one by the first argument, with the tables exchanged.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from benchmarks.inputs import spd

Table = np.ndarray


@dataclass(frozen=True)
class PairFunction:
    """`value(x, Y)`: shape (m,). `gradient(x, Y, w)`: the gradient of sum_j w_j f(x, Y_j) by x, shape (d,).

    `matrix`: it has a d x d parameter M as well, for which `spd(d)` stands.
    """

    name: str
    value: Callable[[Table, Table], Table]
    gradient: Callable[[Table, Table, Table], Table]
    matrix: bool = False


GAMMA = 0.01


def _squares(x: Table, Y: Table) -> Table:
    total: Table = ((x - Y) ** 2).sum(axis=1)
    return total


def _euclidean_gradient(x: Table, Y: Table, w: Table) -> Table:
    distance = np.sqrt(_squares(x, Y))
    total: Table = (w / distance) @ (x - Y)
    return total


def _mahalanobis(x: Table, Y: Table) -> Table:
    total: Table = np.sqrt(np.einsum("jp,pq,jq->j", x - Y, spd(len(x)), x - Y, optimize=True))
    return total


def _mahalanobis_gradient(x: Table, Y: Table, w: Table) -> Table:
    total: Table = (w / _mahalanobis(x, Y)) @ ((x - Y) @ spd(len(x)))
    return total


def _cosine(x: Table, Y: Table) -> Table:
    total: Table = Y @ x / (np.linalg.norm(x) * np.linalg.norm(Y, axis=1))
    return total


def _units(x: Table, Y: Table) -> tuple[Table, Table]:
    return x / np.linalg.norm(x), Y / np.linalg.norm(Y, axis=1, keepdims=True)


def _cosine_gradient(x: Table, Y: Table, w: Table) -> Table:
    u, V = _units(x, Y)
    along = w @ V
    total: Table = (along - (along @ u) * u) / np.linalg.norm(x)
    return total


def _geodesic(x: Table, Y: Table) -> Table:
    u, V = _units(x, Y)  # the angle by its half: exact at 0 and at pi, where acos is not
    total: Table = 2 * np.arctan2(np.linalg.norm(u - V, axis=1), np.linalg.norm(u + V, axis=1))
    return total


def _geodesic_gradient(x: Table, Y: Table, w: Table) -> Table:
    u, V = _units(x, Y)
    across = V - (V @ u)[:, None] * u
    total: Table = -(w / np.linalg.norm(across, axis=1)) @ across / np.linalg.norm(x)
    return total


PAIRS = (
    PairFunction("sqeuclidean", _squares, lambda x, Y, w: 2 * w @ (x - Y)),
    PairFunction("euclidean", lambda x, Y: np.sqrt(_squares(x, Y)), _euclidean_gradient),
    PairFunction("cityblock", lambda x, Y: np.abs(x - Y).sum(axis=1), lambda x, Y, w: w @ np.sign(x - Y)),
    PairFunction("cosine", lambda x, Y: 1 - _cosine(x, Y), lambda x, Y, w: -_cosine_gradient(x, Y, w)),
    PairFunction("cosine_similarity", _cosine, _cosine_gradient),
    PairFunction("geodesic", _geodesic, _geodesic_gradient),
    PairFunction("mahalanobis", _mahalanobis, _mahalanobis_gradient, matrix=True),
    PairFunction(
        "rbf",
        lambda x, Y: np.exp(-GAMMA * _squares(x, Y)),
        lambda x, Y, w: -2 * GAMMA * (w * np.exp(-GAMMA * _squares(x, Y))) @ (x - Y),
    ),
)
"""The entries of the catalogue over two tables for which a peer has a function."""

CUBES = PairFunction(
    "cubes", lambda x, Y: (np.abs(x - Y) ** 3).sum(axis=1), lambda x, Y, w: 3 * w @ (np.sign(x - Y) * (x - Y) ** 2)
)
"""A definition that no library has a function for."""


def pair(name: str) -> PairFunction:
    return next(found for found in (*PAIRS, CUBES) if found.name == name)
