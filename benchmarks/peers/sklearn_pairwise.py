"""scikit-learn: sklearn.metrics.pairwise. Its Euclidean distances come from |x|^2 - 2 <x, y> + |y|^2."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from benchmarks.pairs import GAMMA
from benchmarks.peers.peer import Offer, Peer, Work, from_table, of_tables

GRAM = "documented: not the most precise way, because of catastrophic cancellation"

ACOS = "acos of a cosine loses half of the digits near 0 and pi"


def pairwise(function: str, **options: Any) -> Any:
    def run(X: np.ndarray, Y: np.ndarray) -> Any:
        from sklearn.metrics import pairwise as module

        return getattr(module, function)(X, Y, **options)

    return run


def mahalanobis(arrays: Mapping[str, Any]) -> Work:
    """By SciPy's function in as many threads as there are processors."""
    from sklearn.metrics import pairwise_distances

    X, Y, M = arrays["X"], arrays["Y"], arrays["M"]
    return lambda: pairwise_distances(X, Y, metric="mahalanobis", n_jobs=-1, VI=M)


OFFERS = {
    "values sqeuclidean": of_tables(pairwise("euclidean_distances", squared=True), GRAM),
    "values euclidean": of_tables(pairwise("euclidean_distances"), GRAM),
    "values cityblock": of_tables(pairwise("manhattan_distances")),
    "values cosine": of_tables(pairwise("cosine_distances")),
    "values cosine_similarity": of_tables(pairwise("cosine_similarity")),
    "values mahalanobis": Offer(mahalanobis),
    "values rbf": of_tables(pairwise("rbf_kernel", gamma=GAMMA), GRAM),
}
OFFERS["values geodesic"] = of_tables(lambda X, Y: np.arccos(np.clip(pairwise("cosine_similarity")(X, Y), -1, 1)), ACOS)

PEERS = (Peer("scikit-learn", "scikit-learn", "sklearn.metrics.pairwise", from_table(OFFERS)),)
