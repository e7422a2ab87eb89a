"""The Hessian of a loss at a point, by products with vectors: its extreme eigenvalues, all of them where there are few.

On the sphere the Riemannian Hessian, in orthonormal coordinates of the tangent spaces: for a tangent U,
    (Hess U)_i = P_i (H U)_i - <x_i, g_i> U_i        with the gradient g, the Hessian H and P_i = I - x_i x_i^T.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorderiv.algebra.program import Program
from tensorderiv.verify.oracles import Oracle

Array = npt.NDArray[Any]

MOST_DENSE = 300
"""Dimensions up to which all eigenvalues are computed."""

SEVERAL = 3
"""Eigenvalues computed at each end where there are more."""


@dataclass(frozen=True)
class Hessian:
    """The Hessian by the inputs named, at arrays for all inputs; on the sphere in the tangent spaces of its rows."""

    program: Program
    arrays: Mapping[str, Array]
    names: tuple[str, ...]
    sphere: bool = False

    @cached_property
    def oracle(self) -> Oracle:
        return Oracle(self.program)

    @cached_property
    def gradient(self) -> Array:
        """The gradient by all inputs named, one behind the other."""
        return _flat(self.oracle.gradient(self.arrays, self.names))

    @cached_property
    def basis(self) -> Array:
        """Orthonormal directions, one a column: all of them, on the sphere those that are tangent."""
        from scipy.linalg import block_diag

        if not self.sphere:
            return np.eye(len(self.gradient))
        blocks = []
        for name in self.names:
            array = np.asarray(self.arrays[name])
            blocks += [np.linalg.svd(row[None, :])[2][1:].T for row in array.reshape(-1, array.shape[-1])]
        return np.asarray(block_diag(*blocks))

    @property
    def dimension(self) -> int:
        return int(self.basis.shape[1])

    @cached_property
    def curvature(self) -> Array:
        """<x_i, g_i> for each entry of the row i; 0 where nothing is on the sphere."""
        if not self.sphere:
            return np.zeros_like(self.gradient)
        made = []
        for name, part in zip(self.names, self.split(self.gradient), strict=True):
            along = (self.arrays[name] * part).sum(axis=-1, keepdims=True)
            made.append(np.broadcast_to(along, part.shape))
        return _flat(made)

    def ambient(self, vector: Array) -> Array:
        """The Hessian of the loss itself applied to a vector."""
        return _flat(self.oracle.hvps(self.arrays, dict(zip(self.names, self.split(vector), strict=True))))

    def times(self, coordinates: Array) -> Array:
        """The Hessian applied to a vector, both in the coordinates of `basis`."""
        vector = self.basis @ np.ravel(coordinates)
        return np.asarray(self.basis.T @ (self.ambient(vector) - self.curvature * vector))

    def split(self, vector: Array) -> tuple[Array, ...]:
        """A vector as one array for each of the inputs."""
        shapes = [np.shape(self.arrays[name]) for name in self.names]
        ends = np.cumsum([int(np.prod(shape)) for shape in shapes])[:-1]
        return tuple(part.reshape(shape) for part, shape in zip(np.split(vector, ends), shapes, strict=True))


@dataclass(frozen=True)
class Spectrum:
    """Eigenvalues, rising, with their vectors (one a column). `complete`: these are all."""

    values: Array
    vectors: Array
    complete: bool


def spectrum(hessian: Hessian, most: int = MOST_DENSE) -> Spectrum:
    """All eigenvalues where the dimension is small, else a few at each end by Lanczos."""
    return dense(hessian) if hessian.dimension <= most else lanczos(hessian)


def dense(hessian: Hessian) -> Spectrum:
    """Column by column, then a symmetric eigenvalue problem."""
    columns = [hessian.times(unit) for unit in np.eye(hessian.dimension)]
    matrix = np.array(columns).reshape(hessian.dimension, hessian.dimension)
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    return Spectrum(values, vectors, complete=True)


def lanczos(hessian: Hessian, several: int = SEVERAL) -> Spectrum:
    """The smallest and the largest eigenvalues, from products with vectors alone."""
    from scipy.sparse.linalg import LinearOperator, eigsh

    size = hessian.dimension
    operator = LinearOperator((size, size), matvec=hessian.times, dtype=float)
    start = np.random.default_rng(0).normal(size=size)
    ends = [eigsh(operator, k=several, which=which, v0=start) for which in ("SA", "LA")]
    values, vectors = np.concatenate([ends[0][0], ends[1][0]]), np.hstack([ends[0][1], ends[1][1]])
    order = np.argsort(values, kind="stable")
    return Spectrum(values[order], vectors[:, order], complete=False)


def _flat(parts: Sequence[Array]) -> Array:
    return np.concatenate([np.ravel(part) for part in parts])
