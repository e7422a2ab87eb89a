"""The tasks in PyTorch, by the functions its documentation gives for them. Shared by torch eager and torch.compile."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from benchmarks.losses import MARGIN, TEMPERATURE
from benchmarks.pairs import GAMMA
from benchmarks.peers.peer import Offer, Work
from benchmarks.tasks import LOSS, VALUES, Task

GRAM = "documented: cdist uses matrix products for more than 25 rows"
ACOS = "acos of a cosine loses half of the digits near 0 and pi"
Formula = Callable[..., Any]


def squares(X: Any, Y: Any) -> Any:
    import torch

    return torch.cdist(X, Y).square()


def cosine_similarity(X: Any, Y: Any) -> Any:
    from torch.nn import functional

    return functional.normalize(X) @ functional.normalize(Y).T


def euclidean(X: Any, Y: Any) -> Any:
    import torch

    return torch.cdist(X, Y)


def cityblock(X: Any, Y: Any) -> Any:
    import torch

    return torch.cdist(X, Y, p=1.0)


def geodesic(X: Any, Y: Any) -> Any:
    return cosine_similarity(X, Y).clamp(-1, 1).acos()


def mahalanobis(X: Any, Y: Any, M: Any) -> Any:
    """Distances of the rows times the Cholesky factor of M."""
    import torch

    factor = torch.linalg.cholesky(M)
    return torch.cdist(X @ factor, Y @ factor)


def cubes(X: Any, Y: Any) -> Any:
    return ((X[:, None] - Y[None]).abs() ** 3).sum(-1)


def rbf(X: Any, Y: Any) -> Any:
    return (-GAMMA * squares(X, Y)).exp()


PAIRS: dict[str, tuple[Formula, str]] = {
    "sqeuclidean": (squares, GRAM),
    "euclidean": (euclidean, GRAM),
    "cityblock": (cityblock, ""),
    "cosine": (lambda X, Y: 1 - cosine_similarity(X, Y), ""),
    "cosine_similarity": (cosine_similarity, ""),
    "geodesic": (geodesic, ACOS),
    "mahalanobis": (mahalanobis, GRAM),
    "rbf": (rbf, GRAM),
    "cubes": (cubes, ""),
}


def npairs(X: Any, Y: Any) -> Any:
    import torch
    from torch.nn import functional

    return functional.cross_entropy(cosine_similarity(X, Y) / TEMPERATURE, torch.arange(len(X)))


def infonce(X: Any, Y: Any) -> Any:
    import torch
    from torch.nn import functional

    S, own = X @ Y.T / TEMPERATURE, torch.arange(len(X))
    return (functional.cross_entropy(S, own) + functional.cross_entropy(S.T, own)) / 2


def _labels(c: Any) -> tuple[Any, Any]:
    """Where two rows are a positive pair, and where a negative one."""
    import torch

    alike = c[:, None] == c[None]
    return alike & ~torch.eye(len(c), dtype=torch.bool), ~alike


def batch_all(X: Any, c: Any) -> Any:
    D, (positive, negative) = squares(X, X), _labels(c)
    hinge = (D[:, :, None] - D[:, None, :] + MARGIN).relu()
    return (hinge * (positive[:, :, None] & negative[:, None, :])).sum()


def batch_hard(X: Any, c: Any) -> Any:
    D, (positive, negative) = squares(X, X), _labels(c)
    far = D.masked_fill(~positive, -float("inf")).amax(1)
    near = D.masked_fill(~negative, float("inf")).amin(1)
    return (far - near + MARGIN).relu().sum()


def mds_stress(X: Any, Delta: Any) -> Any:
    """pdist gives the pairs i < j in one row; so does Delta, prepared before."""
    from torch.nn import functional

    return (functional.pdist(X) - Delta).square().sum()


def tsne(X: Any, P: Any) -> Any:
    import torch

    n = len(X)
    K = 1 / (1 + (X[:, None] - X[None]).square().sum(-1))
    off = ~torch.eye(n, dtype=torch.bool)
    Q = torch.where(off, K, 0) / torch.where(off, K, 0).sum()
    return torch.where(off, P * (P.log() - torch.where(off, Q, 1).log()), 0).sum()


def mmd(X: Any, Y: Any) -> Any:
    return rbf(X, X).mean() + rbf(Y, Y).mean() - 2 * rbf(X, Y).mean()


LOSSES: dict[str, tuple[Formula, str]] = {
    "npairs": (npairs, ""),
    "infonce": (infonce, ""),
    "batch_all": (batch_all, GRAM),
    "batch_hard": (batch_hard, GRAM),
    "mds_stress": (mds_stress, ""),
    "tsne": (tsne, ""),
    "mmd": (mmd, GRAM),
}


def tensors(task: Task, arrays: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs as tensors over the same memory; P gets a diagonal that has a logarithm."""
    import torch

    made = {name: torch.from_numpy(value) for name, value in arrays.items()}
    if "Delta" in made:
        rows, columns = torch.triu_indices(*made["Delta"].shape, offset=1)
        made["Delta"] = made["Delta"][rows, columns].contiguous()
    return made


def offer_of(wrap: Callable[[Formula], Formula], task: Task, pairs: Mapping[str, tuple[Formula, str]]) -> Offer | None:
    """How PyTorch does a task: the formula in inference mode for values, and its backward pass for gradients."""
    found = (LOSSES if task.group == LOSS else pairs).get(task.name)
    if found is None:
        return None
    formula, inexact = found

    def make(arrays: Mapping[str, Any]) -> Work:
        import torch

        given = tensors(task, arrays)
        function = wrap(formula)
        inputs = [given[name] for name in ("X", "Y", "M") if name in given]
        if task.group == VALUES:

            def values() -> Any:
                with torch.inference_mode():
                    return function(*inputs)

            return values
        leaves = [given[name].requires_grad_() for name in task.gradients]
        if task.group == LOSS:

            def loss() -> Any:
                value = function(**given)
                return (value.detach(), *torch.autograd.grad(value, leaves))

            return loss
        return lambda: torch.autograd.grad(function(*inputs), leaves, given["W"])

    return Offer(make, inexact)
