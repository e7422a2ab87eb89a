"""Faiss: faiss.pairwise_distances, float32 only."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.peers.peer import Offer, Peer, of_tables
from benchmarks.tasks import Task

GRAM = "documented: L2 distances of more than a few queries come from the inner products"


def distances(metric: str | None) -> Any:
    def run(X: np.ndarray, Y: np.ndarray) -> Any:
        import faiss

        return faiss.pairwise_distances(X, Y) if metric is None else faiss.pairwise_distances(X, Y, metric=getattr(faiss, metric))

    return run


OFFERS = {"values sqeuclidean": of_tables(distances(None), GRAM), "values cityblock": of_tables(distances("METRIC_L1"))}


def offer(task: Task) -> Offer | None:
    return OFFERS.get(task.key) if task.dtype == "float32" else None


PEERS = (Peer("Faiss", "faiss-cpu", "faiss", offer),)
