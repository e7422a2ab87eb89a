"""UMAP: its hand-written distances with gradients (umap.distances), called in a compiled loop as UMAP does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks.harness import Offer, Work
from benchmarks.peers.ours import scalar, scalar_work
from benchmarks.peers.peer import Peer, from_table


def grad(name: str, inexact: str = "") -> Offer:
    def make(arrays: Mapping[str, Any]) -> Work:
        from umap import distances

        return scalar_work(scalar(getattr(distances, name)), arrays)

    return Offer(make, inexact)


OFFERS = {
    "scalar euclidean": grad("euclidean_grad", "its source: 1e-6 is added to the distance below the fraction"),
    "scalar cityblock": grad("manhattan_grad"),
    "scalar cosine": grad("cosine_grad"),
}

PEERS = (Peer("UMAP", "umap-learn", "umap", from_table(OFFERS), threads="1"),)
