"""tensorderiv: the kernels that the definition of the task compiles to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from benchmarks.peers.peer import OURS, Offer, Peer, Work
from benchmarks.tasks import LOSS, SCALAR, VALUES, Task


def kernels(task: Task) -> Any:
    """The generated module of the definition."""
    import tensorderiv as td

    return (td.define(task.text) if task.text else td.catalog[task.name]).compile()


def scalar(pair_grad: Any) -> Any:
    """A compiled loop over X_i, Y_i, as UMAP has around its distances."""
    import numba

    @numba.njit
    def loop(X, Y, values, slopes):  # type: ignore[no-untyped-def]
        for i in range(X.shape[0]):
            values[i], slope = pair_grad(X[i], Y[i])
            slopes[i] = slope
        return values, slopes

    return loop


def scalar_work(loop: Any, arrays: Mapping[str, Any]) -> Work:
    X, Y = arrays["X"], arrays["Y"]
    values, slopes = np.empty(len(X), X.dtype), np.empty_like(X)
    return lambda: loop(X, Y, values, slopes)


def offer(task: Task) -> Offer | None:
    def make(arrays: Mapping[str, Any]) -> Work:
        module = kernels(task)
        given = {**arrays, **dict(task.parameters)}
        if task.group == LOSS:
            return lambda: module.value_and_grad(**given, wrt=task.gradients)
        if task.group == SCALAR:
            return scalar_work(scalar(module.pair_grad), arrays)
        X, Y = given.pop("X"), given.pop("Y")
        if task.group == VALUES:
            return lambda: module.pairwise(X, Y, **given)
        W = given.pop("W")
        return lambda: module.vjp(X, Y, W, **given)

    return Offer(make)


PEERS = (Peer(OURS, "tensorderiv", "tensorderiv.definition", offer),)
