"""KeOps: LazyTensor reductions under PyTorch. It forms no n x m table: it offers the losses that are reductions of formulas."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from benchmarks.losses import TEMPERATURE
from benchmarks.pairs import GAMMA
from benchmarks.peers.peer import Offer, Peer, Work
from benchmarks.peers.torch_formulas import tensors
from benchmarks.tasks import LOSS, Task


def lazy(X: Any, Y: Any) -> tuple[Any, Any]:
    """X along i and Y along j, symbolic."""
    from pykeops.torch import LazyTensor

    return LazyTensor(X[:, None, :].contiguous()), LazyTensor(Y[None, :, :].contiguous())


def gaussian(X: Any, Y: Any) -> Any:
    x, y = lazy(X, Y)
    return (-GAMMA * x.sqdist(y)).exp().sum(dim=1).mean() / len(Y)


def mmd(X: Any, Y: Any) -> Any:
    return gaussian(X, X) + gaussian(Y, Y) - 2 * gaussian(X, Y)


def npairs(X: Any, Y: Any) -> Any:
    from torch.nn import functional

    U, V = functional.normalize(X), functional.normalize(Y)
    u, v = lazy(U, V)
    return (((u | v) / TEMPERATURE).logsumexp(dim=1).view(-1) - (U * V).sum(1) / TEMPERATURE).mean()


def infonce(X: Any, Y: Any) -> Any:
    (x, y), (z, w) = lazy(X, Y), lazy(Y, X)
    rows = ((x | y) / TEMPERATURE).logsumexp(dim=1).view(-1)
    columns = ((z | w) / TEMPERATURE).logsumexp(dim=1).view(-1)
    return (rows + columns - 2 * (X * Y).sum(1) / TEMPERATURE).mean() / 2


LOSSES: dict[str, Callable[..., Any]] = {"mmd": mmd, "npairs": npairs, "infonce": infonce}


def offer(task: Task) -> Offer | None:
    if task.group != LOSS or task.name not in LOSSES:
        return None

    def make(arrays: Mapping[str, Any]) -> Work:
        import torch

        given = tensors(task, arrays)
        leaves = [given[name].requires_grad_() for name in task.gradients]

        def run() -> Any:
            value = LOSSES[task.name](**given)
            return (value.detach(), *torch.autograd.grad(value, leaves))

        return run

    return Offer(make)


def limits(task: Task) -> str:
    """What would take most of the time of a whole run, as measured with two threads."""
    if task.name != "mmd" and task.sizes[0] > 10_000:
        return "takes minutes"
    return "takes over half a minute for each run" if (task.name, task.dtype) == ("infonce", "float64") else ""


PEERS = (Peer("KeOps", "pykeops", "pykeops", offer, limits, slow_start=True),)
