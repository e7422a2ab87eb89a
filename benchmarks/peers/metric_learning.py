"""pytorch-metric-learning: its loss objects with the distances, reducers and miners that its documentation combines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from benchmarks.losses import MARGIN, TEMPERATURE
from benchmarks.peers.peer import Offer, Peer, Work
from benchmarks.peers.torch_formulas import GRAM, tensors
from benchmarks.tasks import LOSS, Task


def npairs() -> Callable[..., Any]:
    """Its loss has no temperature: unit rows are divided by the root of it. The pairs are handed over, else it draws them."""
    import torch
    from pytorch_metric_learning import distances, losses
    from torch.nn import functional

    loss = losses.NPairsLoss(distance=distances.DotProductSimilarity(normalize_embeddings=False))

    def run(X: Any, Y: Any) -> Any:
        own = torch.arange(len(X))
        none = own[:0]
        both = torch.cat([functional.normalize(X), functional.normalize(Y)]) / TEMPERATURE**0.5
        return loss(both, torch.cat([own, own]), (own, own + len(X), none, none))

    return run


def triplets() -> Any:
    from pytorch_metric_learning import distances, losses, reducers

    squared = distances.LpDistance(normalize_embeddings=False, p=2, power=2)
    return losses.TripletMarginLoss(margin=MARGIN, distance=squared, reducer=reducers.SumReducer())


def batch_all() -> Callable[..., Any]:
    loss = triplets()
    return lambda X, c: loss(X, c)


def batch_hard() -> Callable[..., Any]:
    from pytorch_metric_learning import distances, miners

    loss, miner = triplets(), miners.BatchHardMiner(distance=distances.LpDistance(normalize_embeddings=False, p=2, power=2))
    return lambda X, c: loss(X, c, miner(X, c))


LOSSES: dict[str, tuple[Callable[[], Callable[..., Any]], str]] = {
    "npairs": (npairs, ""),
    "batch_all": (batch_all, GRAM),
    "batch_hard": (batch_hard, GRAM),
}


def offer(task: Task) -> Offer | None:
    if task.group != LOSS or task.name not in LOSSES:
        return None
    build, inexact = LOSSES[task.name]

    def make(arrays: Mapping[str, Any]) -> Work:
        import torch

        given, function = tensors(task, arrays), build()
        leaves = [given[name].requires_grad_() for name in task.gradients]

        def run() -> Any:
            value = function(**given)
            return (value.detach(), *torch.autograd.grad(value, leaves))

        return run

    return Offer(make, inexact)


PEERS = (Peer("pytorch-metric-learning", "pytorch-metric-learning", "pytorch_metric_learning", offer),)
