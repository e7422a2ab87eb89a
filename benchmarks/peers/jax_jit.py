"""JAX: jit of array expressions, with value_and_grad and vjp; 64-bit types switched on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from benchmarks.losses import MARGIN, TEMPERATURE
from benchmarks.pairs import GAMMA
from benchmarks.peers.peer import Offer, Peer, Work
from benchmarks.tasks import LOSS, SCALAR, VALUES, VJP, Task

Formula = Callable[..., Any]


def squares(X: Any, Y: Any) -> Any:
    return ((X[:, None] - Y[None]) ** 2).sum(-1)


def cityblock(X: Any, Y: Any) -> Any:
    return abs(X[:, None] - Y[None]).sum(-1)


def cubes(X: Any, Y: Any) -> Any:
    return (abs(X[:, None] - Y[None]) ** 3).sum(-1)


def euclidean(X: Any, Y: Any) -> Any:
    return squares(X, Y) ** 0.5


def cosine_similarity(X: Any, Y: Any) -> Any:
    import jax.numpy as jnp

    return (X / jnp.linalg.norm(X, axis=1, keepdims=True)) @ (Y / jnp.linalg.norm(Y, axis=1, keepdims=True)).T


def geodesic(X: Any, Y: Any) -> Any:
    import jax.numpy as jnp

    return jnp.arccos(jnp.clip(cosine_similarity(X, Y), -1, 1))


def mahalanobis(X: Any, Y: Any, M: Any) -> Any:
    """Distances of the rows times the Cholesky factor of M."""
    import jax.numpy as jnp

    factor = jnp.linalg.cholesky(M)
    return euclidean(X @ factor, Y @ factor)


def rbf(X: Any, Y: Any) -> Any:
    import jax.numpy as jnp

    return jnp.exp(-GAMMA * squares(X, Y))


def npairs(X: Any, Y: Any) -> Any:
    import jax
    import jax.numpy as jnp

    return -jnp.diag(jax.nn.log_softmax(cosine_similarity(X, Y) / TEMPERATURE, axis=1)).mean()


def infonce(X: Any, Y: Any) -> Any:
    import jax
    import jax.numpy as jnp

    S = X @ Y.T / TEMPERATURE
    return -(jnp.diag(jax.nn.log_softmax(S, axis=1)) + jnp.diag(jax.nn.log_softmax(S, axis=0))).mean() / 2


def gram(X: Any, Y: Any) -> Any:
    """Squared distances from the inner products: the usual form for many features."""
    return (X**2).sum(1)[:, None] + (Y**2).sum(1)[None] - 2 * X @ Y.T


def root(S: Any) -> Any:
    """The square root of what rounding may leave below zero."""
    import jax.numpy as jnp

    return jnp.sqrt(jnp.maximum(S, 0))


def mahalanobis_gram(X: Any, Y: Any, M: Any) -> Any:
    import jax.numpy as jnp

    factor = jnp.linalg.cholesky(M)
    return root(gram(X @ factor, Y @ factor))


def rbf_gram(X: Any, Y: Any) -> Any:
    import jax.numpy as jnp

    return jnp.exp(-GAMMA * gram(X, Y))


def batch_all(X: Any, c: Any) -> Any:
    import jax.numpy as jnp

    D, alike = gram(X, X), c[:, None] == c[None]
    chosen = (alike & ~jnp.eye(len(c), dtype=bool))[:, :, None] & ~alike[:, None, :]
    return jnp.where(chosen, jnp.maximum(D[:, :, None] - D[:, None, :] + MARGIN, 0), 0).sum()


def batch_hard(X: Any, c: Any) -> Any:
    import jax.numpy as jnp

    D, alike = gram(X, X), c[:, None] == c[None]
    far = jnp.where(alike & ~jnp.eye(len(c), dtype=bool), D, -jnp.inf).max(1)
    return jnp.maximum(far - jnp.where(alike, jnp.inf, D).min(1) + MARGIN, 0).sum()


def mds_stress(X: Any, Delta: Any) -> Any:
    import jax.numpy as jnp

    upper = jnp.triu(jnp.ones((len(X), len(X)), bool), 1)
    D = jnp.sqrt(jnp.where(upper, squares(X, X), 1))  # the double where that JAX documents for gradients at zero
    return jnp.where(upper, (D - Delta) ** 2, 0).sum()


def tsne(X: Any, P: Any) -> Any:
    import jax.numpy as jnp

    off = ~jnp.eye(len(X), dtype=bool)
    K = jnp.where(off, 1 / (1 + squares(X, X)), 0)
    return jnp.where(off, P * (jnp.log(P) - jnp.log(jnp.where(off, K, 1) / K.sum())), 0).sum()


def mmd(X: Any, Y: Any) -> Any:
    return rbf_gram(X, X).mean() + rbf_gram(Y, Y).mean() - 2 * rbf_gram(X, Y).mean()


PAIRS: dict[str, Formula] = {
    "sqeuclidean": squares,
    "euclidean": euclidean,
    "cityblock": cityblock,
    "cosine": lambda X, Y: 1 - cosine_similarity(X, Y),
    "cosine_similarity": cosine_similarity,
    "geodesic": geodesic,
    "mahalanobis": mahalanobis,
    "rbf": rbf,
    "cubes": cubes,
}
LOSSES: dict[str, Formula] = {
    "npairs": npairs,
    "infonce": infonce,
    "batch_all": batch_all,
    "batch_hard": batch_hard,
    "mds_stress": mds_stress,
    "tsne": tsne,
    "mmd": mmd,
}
USUAL = "distances from the inner products, which cancel"
ACOS = "acos of a cosine loses half of the digits near 0 and pi"
INEXACT = {"batch_all": USUAL, "batch_hard": USUAL, "mmd": USUAL, "geodesic": ACOS}
GRAM: dict[str, Formula] = {
    "sqeuclidean": gram,
    "euclidean": lambda X, Y: root(gram(X, Y)),
    "mahalanobis": mahalanobis_gram,
    "rbf": rbf_gram,
}


def offer_of(formula: Formula, task: Task, inexact: str) -> Offer:
    def make(arrays: Mapping[str, Any]) -> Work:
        import jax

        jax.config.update("jax_enable_x64", True)
        given = {name: jax.numpy.asarray(value) for name, value in arrays.items()}
        if task.group == LOSS:
            places = tuple(range(len(task.gradients)))
            names = (*task.gradients, *(name for name in given if name not in task.gradients))
            loss = jax.jit(jax.value_and_grad(formula, argnums=places))

            def run() -> Any:
                value, gradients = jax.block_until_ready(loss(*(given[name] for name in names)))
                return (value, *gradients)

            return run
        X, Y, *more = (given[name] for name in ("X", "Y", "M") if name in given)
        if task.group == VALUES:
            values = jax.jit(formula)
            return lambda: jax.block_until_ready(values(X, Y, *more))
        vjp = jax.jit(lambda X, Y, W, *more: jax.vjp(lambda *tables: formula(*tables, *more), X, Y)[1](W))
        return lambda: jax.block_until_ready(vjp(X, Y, given["W"], *more))

    return Offer(make, inexact)


def offer(task: Task) -> Offer | None:
    formula = (LOSSES if task.group == LOSS else PAIRS).get(task.name)
    return None if formula is None or task.group == SCALAR else offer_of(formula, task, INEXACT.get(task.name, ""))


def offer_gram(task: Task) -> Offer | None:
    """The same from the inner products, where there are enough features for that to be the usual choice."""
    usual = task.group in (VALUES, VJP) and task.name in GRAM and task.sizes[1] >= 16
    return offer_of(GRAM[task.name], task, USUAL) if usual else None


def limits(task: Task) -> str:
    """Differences that are kept for the backward pass: 8 bytes for each pair and feature."""
    n, d = task.sizes
    room = n * n * d * int(task.dtype[-2:]) // 8
    direct = task.group == VJP and task.name in (*GRAM, "cityblock")
    most = 8e8 if task.name in GRAM else 3e9  # of those that have the other form as well, the small ones are enough
    return f"keeps an array of n x n x d numbers, {room / 1e9:.1f} GB" if direct and room > most else ""


PEERS = (Peer("JAX", "jax", "jax", offer, limits), Peer("JAX, inner products", "jax", "jax", offer_gram))
