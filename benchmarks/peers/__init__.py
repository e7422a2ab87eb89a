"""One module a peer: which tasks it can do, and how, as its own documentation recommends.

A module has PEERS. It imports its library inside the functions that need it, so that a missing library is a line of the report.
"""

from __future__ import annotations

import importlib

from benchmarks.peers.peer import OURS, Peer

__all__ = ["OURS", "Peer", "all_peers"]

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


def all_peers() -> list[Peer]:
    """Every peer, ours first, whether it is installed or not."""
    return [peer for name in MODULES for peer in importlib.import_module(f"benchmarks.peers.{name}").PEERS]
