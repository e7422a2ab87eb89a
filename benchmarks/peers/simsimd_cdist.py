"""SimSIMD: simsimd.cdist, hand-written SIMD kernels, with all threads."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from benchmarks.peers.peer import Peer, from_table, of_tables


def cdist(metric: str) -> Any:
    def run(X: np.ndarray, Y: np.ndarray) -> Any:
        import simsimd

        return simsimd.cdist(X, Y, metric, threads=len(os.sched_getaffinity(0)))

    return run


APPROXIMATE = "its source: reciprocal square roots by approximation and Newton steps"
OFFERS = {
    "values sqeuclidean": of_tables(cdist("sqeuclidean")),
    "values euclidean": of_tables(cdist("euclidean"), APPROXIMATE),
    "values cosine": of_tables(cdist("cosine"), APPROXIMATE),
}

PEERS = (Peer("SimSIMD", "simsimd", "simsimd", from_table(OFFERS)),)
