"""The unit of all times: NumPy's product of the two tables, or of the table with itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from benchmarks.peers.peer import Offer, Peer, Work
from benchmarks.rows import GEMM
from benchmarks.tasks import SCALAR, Task


def offer(task: Task) -> Offer:
    def make(arrays: Mapping[str, Any]) -> Work:
        X = arrays["X"]
        Y = arrays.get("Y", X)
        if task.group == SCALAR:  # pairs X_i, Y_i have no product of matrices; the sum of products of each row stands for it
            return lambda: np.einsum("ip,ip->i", X, Y)
        return lambda: X @ Y.T

    return Offer(make)


PEERS = (Peer(GEMM, "numpy", "numpy", offer),)
