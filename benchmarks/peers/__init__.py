"""One module a peer: which tasks it can do, and how, as its own documentation recommends.

A module has PEERS. It imports its library inside the functions that need it, so that a missing library is a line of the report.
"""

from __future__ import annotations

import importlib
from dataclasses import replace

from benchmarks.peers.peer import OURS, Offer, Peer, Work

__all__ = ["OURS", "Offer", "Peer", "Work", "all_peers", "peer_of", "peers_of", "unit"]

MODULES = (
    "ours",
    "scipy_cdist",
    "sklearn_pairwise",
    "simsimd_cdist",
    "faiss_pairwise",
    "torch_eager",
    "torch_compile",
    "jax_jit",
    "keops",
    "metric_learning",
    "umap_scalar",
)


def peers_of(home: str) -> list[Peer]:
    """The peers of a module, given by its full name."""
    return [replace(peer, home=home) for peer in importlib.import_module(home).PEERS]


def all_peers() -> list[Peer]:
    """Every peer, ours first, whether it is installed or not."""
    return [peer for name in MODULES for peer in peers_of(f"{__name__}.{name}")]


def unit() -> Peer:
    """NumPy's product of matrices: the unit of all times."""
    return peers_of(f"{__name__}.gemm")[0]


def peer_of(home: str, name: str) -> Peer:
    """The peer of that name in a module."""
    return next(peer for peer in peers_of(home) if peer.name == name)
