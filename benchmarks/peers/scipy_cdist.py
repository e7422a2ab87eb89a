"""SciPy: scipy.spatial.distance.cdist, which uses one thread and has no option for more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from benchmarks.pairs import GAMMA
from benchmarks.peers.peer import Offer, Peer, Work, from_table, of_tables

ACOS = "acos of a cosine loses half of the digits near 0 and pi"


def cdist(metric: str) -> Any:
    def run(X: np.ndarray, Y: np.ndarray) -> Any:
        from scipy.spatial import distance

        return distance.cdist(X, Y, metric)

    return run


def mahalanobis(arrays: Mapping[str, Any]) -> Work:
    from scipy.spatial import distance

    X, Y, M = arrays["X"], arrays["Y"], arrays["M"]
    return lambda: distance.cdist(X, Y, "mahalanobis", VI=M)


OFFERS = {f"values {name}": of_tables(cdist(name)) for name in ("sqeuclidean", "euclidean", "cityblock", "cosine")}
OFFERS["values cosine_similarity"] = of_tables(lambda X, Y: 1 - cdist("cosine")(X, Y))
OFFERS["values mahalanobis"] = Offer(mahalanobis)
OFFERS["values rbf"] = of_tables(lambda X, Y: np.exp(-GAMMA * cdist("sqeuclidean")(X, Y)))
OFFERS["values geodesic"] = of_tables(lambda X, Y: np.arccos(np.clip(1 - cdist("cosine")(X, Y), -1, 1)), ACOS)

PEERS = (Peer("SciPy", "scipy", "scipy.spatial.distance", from_table(OFFERS), threads="1"),)
