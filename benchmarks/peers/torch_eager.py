"""PyTorch, eager, on the CPU with all threads."""

from __future__ import annotations

from benchmarks.peers.peer import Offer, Peer
from benchmarks.peers.torch_formulas import PAIRS, offer_of
from benchmarks.tasks import SCALAR, Task


def offer(task: Task) -> Offer | None:
    return None if task.group == SCALAR else offer_of(lambda formula: formula, task, PAIRS)


PEERS = (Peer("torch", "torch", "torch", offer),)
