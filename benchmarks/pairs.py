"""Pairwise functions written by hand in NumPy, one row against a table: the judge of values and of vector-Jacobian products.

All are symmetric, f(x, y) = f(y, x), so the gradient by a row of Y is the gradient by the first argument with the tables exchanged.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Table = np.ndarray


@dataclass(frozen=True)
class PairFunction:
    """`value(x, Y)`: shape (m,). `gradient(x, Y, w)`: the gradient of sum_j w_j f(x, Y_j) by x, shape (d,)."""

    name: str
    value: Callable[[Table, Table], Table]
    gradient: Callable[[Table, Table, Table], Table]


GAMMA = 0.01


def _squares(x: Table, Y: Table) -> Table:
    total: Table = ((x - Y) ** 2).sum(axis=1)
    return total


def _cosine(x: Table, Y: Table) -> Table:
    total: Table = Y @ x / (np.linalg.norm(x) * np.linalg.norm(Y, axis=1))
    return total


def _cosine_gradient(x: Table, Y: Table, w: Table) -> Table:
    length = np.linalg.norm(x)
    unit = x / length
    along = w @ (Y / np.linalg.norm(Y, axis=1, keepdims=True))
    total: Table = (along - (along @ unit) * unit) / length
    return total


def _euclidean_gradient(x: Table, Y: Table, w: Table) -> Table:
    distance = np.sqrt(_squares(x, Y))
    total: Table = (w / distance) @ (x - Y)
    return total


PAIRS = (
    PairFunction("sqeuclidean", _squares, lambda x, Y, w: 2 * w @ (x - Y)),
    PairFunction("euclidean", lambda x, Y: np.sqrt(_squares(x, Y)), _euclidean_gradient),
    PairFunction("cityblock", lambda x, Y: np.abs(x - Y).sum(axis=1), lambda x, Y, w: w @ np.sign(x - Y)),
    PairFunction("cosine", lambda x, Y: 1 - _cosine(x, Y), lambda x, Y, w: -_cosine_gradient(x, Y, w)),
    PairFunction("cosine_similarity", _cosine, _cosine_gradient),
    PairFunction(
        "rbf",
        lambda x, Y: np.exp(-GAMMA * _squares(x, Y)),
        lambda x, Y, w: -2 * GAMMA * (w * np.exp(-GAMMA * _squares(x, Y))) @ (x - Y),
    ),
)
"""The entries of the catalogue over two tables for which a peer has a function."""
