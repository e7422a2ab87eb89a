"""SciPy: scipy.spatial.distance.cdist, which uses one thread and has no option for more."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.losses import GAMMA
from benchmarks.peers.peer import Peer, from_table, of_tables


def cdist(metric: str) -> Any:
    def run(X: np.ndarray, Y: np.ndarray) -> Any:
        from scipy.spatial import distance

        return distance.cdist(X, Y, metric)

    return run


OFFERS = {f"values {name}": of_tables(cdist(name)) for name in ("sqeuclidean", "euclidean", "cityblock", "cosine")}
OFFERS["values cosine_similarity"] = of_tables(lambda X, Y: 1 - cdist("cosine")(X, Y))
OFFERS["values rbf"] = of_tables(lambda X, Y: np.exp(-GAMMA * cdist("sqeuclidean")(X, Y)))

PEERS = (Peer("SciPy", "scipy", "scipy.spatial.distance", from_table(OFFERS), threads="1"),)
