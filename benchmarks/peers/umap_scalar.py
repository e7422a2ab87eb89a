"""UMAP: its hand-written distances with gradients (umap.distances), called in a compiled loop as UMAP does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks.peers.ours import scalar, scalar_work
from benchmarks.peers.peer import Offer, Peer, Work, from_table


def grad(name: str, inexact: str = "", within: float = 0.0) -> Offer:
    def make(arrays: Mapping[str, Any]) -> Work:
        from umap import distances

        return scalar_work(scalar(getattr(distances, name)), arrays)

    return Offer(make, inexact, within)


OFFERS = {
    "scalar euclidean": grad("euclidean_grad", "its source: 1e-6 is added to the distance below the fraction", 1e-3),
    "scalar cityblock": grad("manhattan_grad"),
    "scalar cosine": grad("cosine_grad", "its source: the gradient is float32", 1e-6),
}

PEERS = (Peer("UMAP", "umap-learn", "umap", from_table(OFFERS), slow_start=True, threads="1"),)
