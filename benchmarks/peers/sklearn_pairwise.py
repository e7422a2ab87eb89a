"""scikit-learn: sklearn.metrics.pairwise. Its Euclidean distances come from |x|^2 - 2 <x, y> + |y|^2."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.losses import GAMMA
from benchmarks.peers.peer import Peer, from_table, of_tables

GRAM = "documented: not the most precise way, because of catastrophic cancellation"


def pairwise(function: str, **options: Any) -> Any:
    def run(X: np.ndarray, Y: np.ndarray) -> Any:
        from sklearn.metrics import pairwise as module

        return getattr(module, function)(X, Y, **options)

    return run


OFFERS = {
    "values sqeuclidean": of_tables(pairwise("euclidean_distances", squared=True), GRAM),
    "values euclidean": of_tables(pairwise("euclidean_distances"), GRAM),
    "values cityblock": of_tables(pairwise("manhattan_distances")),
    "values cosine": of_tables(pairwise("cosine_distances")),
    "values cosine_similarity": of_tables(pairwise("cosine_similarity")),
    "values rbf": of_tables(pairwise("rbf_kernel", gamma=GAMMA), GRAM),
}

PEERS = (Peer("scikit-learn", "scikit-learn", "sklearn.metrics.pairwise", from_table(OFFERS)),)
