"""What is measured: the rows of the report. A task has a definition, shapes, inputs and a reference; who can do it stands in peers/."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks import losses
from benchmarks.harness import Part
from benchmarks.pairs import PAIRS, PairFunction

VALUES, VJP, LOSS, SCALAR, NEW = "values", "vjp", "loss", "scalar", "new"
GROUPS = {
    VALUES: "Pairwise values",
    VJP: "Vector-Jacobian products, both sides",
    LOSS: "Losses with their gradients",
    SCALAR: "The scalar pair_grad inside other compiled code",
}
SAMPLED = 16
"""Rows of a table of values or gradients that are compared with the reference; shape and finiteness are looked at everywhere."""

INFONCE = """tensor X[n,d], Y[n,d]
scalar t > 0 default 1
S_ij = sum_p X_ip Y_jp / t
L = -1/(2 n) sum_i log( exp(S_ii) / sum_j exp(S_ij) ) - 1/(2 n) sum_j log( exp(S_jj) / sum_i exp(S_ij) )"""
BATCH = "tensor X[n,d]\nlabels c[n]\nscalar alpha default 0.2\nD_ij = sum_p (X_ip - X_jp)^2\n"
BATCH_ALL = BATCH + "L = sum_{a,p,n: a != p and c_a = c_p and c_a != c_n} max(0, D_ap - D_an + alpha)"
BATCH_HARD = BATCH + "L = sum_a max(0, max_{p: p != a and c_p = c_a} D_ap - min_{n: c_n != c_a} D_an + alpha)"
TSNE = """tensor X[n,d]
tensor P[n,n] > 0
K_ij = 1 / (1 + sum_p (X_ip - X_jp)^2)
Z = sum_{i != j} K_ij
L = sum_{i != j} P_ij log(P_ij Z / K_ij)"""
MMD = """tensor X[n,d], Y[m,d]
scalar gamma > 0 default 1
L = sum_{i,j} exp(-gamma sum_p (X_ip - X_jp)^2) / n^2 + sum_{i,j} exp(-gamma sum_p (Y_ip - Y_jp)^2) / m^2 \
- 2 sum_{i,j} exp(-gamma sum_p (X_ip - Y_jp)^2) / (n m)"""
CUBES = "tensor X[n,d]\nD_ij = sum_p abs(X_ip - X_jp)^3"


@dataclass(frozen=True)
class Task:
    """`key` is what peers offer, as in "values cityblock". `definition` is a name of the catalogue or a text."""

    key: str
    group: str
    definition: str
    sizes: tuple[int, int]
    dtype: str
    make: Callable[[int, int], dict[str, Any]]
    parts: Callable[[Mapping[str, Any]], list[Part]]
    gradients: tuple[str, ...] = ("X",)
    parameters: tuple[tuple[str, float], ...] = ()
    gemms: int = 1
    """How many products of this shape the work holds at the least, said in the report where it is more than one."""

    def arrays(self) -> dict[str, Any]:
        """The inputs: real arrays in the dtype of the task, labels as they are."""
        return {
            name: value.astype(self.dtype) if value.dtype.kind == "f" else value for name, value in self.make(*self.sizes).items()
        }

    @property
    def name(self) -> str:
        return self.key.split(" ", 1)[1]


def _doubles(arrays: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """The inputs as float64: the reference sees the same numbers as the peers."""
    return {name: value.astype(np.float64) if value.dtype.kind == "f" else value for name, value in arrays.items()}


def two_tables(n: int, d: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng([n, d])
    return {"X": rng.normal(size=(n, d)), "Y": rng.normal(size=(n, d))}


def with_weights(n: int, d: int) -> dict[str, np.ndarray]:
    return {**two_tables(n, d), "W": np.random.default_rng([n, d, 1]).normal(size=(n, n))}


def unit_scale(n: int, d: int) -> dict[str, np.ndarray]:
    """Rows of length about 1, as the last layer of a network gives them."""
    return {name: table / np.sqrt(d) for name, table in two_tables(n, d).items()}


def labelled(n: int, d: int) -> dict[str, np.ndarray]:
    return {"X": unit_scale(n, d)["X"], "c": np.random.default_rng(2).permutation(np.arange(n) % 16)}


def embedded(n: int, d: int) -> dict[str, np.ndarray]:
    """A configuration and symmetric dissimilarities."""
    upper = np.triu(np.abs(np.random.default_rng(3).normal(size=(n, n))), 1)
    return {"X": two_tables(n, d)["X"], "Delta": upper + upper.T}


def affinities(n: int, d: int) -> dict[str, np.ndarray]:
    """A configuration and symmetric affinities that sum to 1."""
    P = np.random.default_rng(4).uniform(0.1, 1.0, size=(n, n))
    return {"X": two_tables(n, d)["X"], "P": (P + P.T) / (P + P.T).sum()}


def _sample(n: int) -> np.ndarray:
    return np.unique(np.linspace(0, n - 1, SAMPLED).astype(int))


def value_parts(pair: PairFunction) -> Callable[[Mapping[str, Any]], list[Part]]:
    def parts(arrays: Mapping[str, Any]) -> list[Part]:
        given = _doubles(arrays)
        X, Y = given["X"], given["Y"]
        rows = _sample(len(X))
        expected = np.stack([pair.value(X[i], Y) for i in rows])
        return [Part((len(X), len(Y)), expected, 2 * X.shape[1] + 8, rows)]

    return parts


def vjp_parts(pair: PairFunction) -> Callable[[Mapping[str, Any]], list[Part]]:
    def parts(arrays: Mapping[str, Any]) -> list[Part]:
        given = _doubles(arrays)
        X, Y, W = given["X"], given["Y"], given["W"]
        (n, d), m = X.shape, len(Y)
        rows, columns = _sample(n), _sample(m)
        dX = np.stack([pair.gradient(X[i], Y, W[i]) for i in rows])
        dY = np.stack([pair.gradient(Y[j], X, W[:, j]) for j in columns])
        return [Part((n, d), dX, m + 2 * d + 8, rows), Part((m, d), dY, n + 2 * d + 8, columns)]

    return parts


def loss_parts(
    reference: Callable[[Mapping[str, np.ndarray]], tuple[np.ndarray, ...]],
) -> Callable[[Mapping[str, Any]], list[Part]]:
    def parts(arrays: Mapping[str, Any]) -> list[Part]:
        terms = len(arrays["X"]) + 2 * arrays["X"].shape[1] + 8
        return [Part(result.shape, result, terms) for result in reference(_doubles(arrays))]

    return parts


CUBE = PairFunction(
    "cubes", lambda x, Y: (np.abs(x - Y) ** 3).sum(axis=1), lambda x, Y, w: 3 * w @ (np.sign(x - Y) * (x - Y) ** 2)
)
"""A definition that no library has a function for."""


def pair_task(kind: str, pair: PairFunction, n: int, d: int, dtype: str) -> Task:
    make, parts = (two_tables, value_parts) if kind == VALUES else (with_weights, vjp_parts)
    parameters = (("gamma", losses.GAMMA),) if pair.name == "rbf" else ()
    return Task(f"{kind} {pair.name}", kind, pair.name, (n, d), dtype, make, parts(pair), ("X", "Y"), parameters)


def scalar_task(pair: PairFunction, n: int, d: int, dtype: str) -> Task:
    """pair_grad of X_i and Y_i for each i, in a compiled loop: values (n,) and gradients (n, d)."""

    def parts(arrays: Mapping[str, Any]) -> list[Part]:
        X, Y = arrays["X"].astype(np.float64), arrays["Y"].astype(np.float64)
        one = np.ones(1)
        values = np.array([pair.value(x, y[None])[0] for x, y in zip(X[:500], Y[:500], strict=True)])
        slopes = np.stack([pair.gradient(x, y[None], one) for x, y in zip(X[:500], Y[:500], strict=True)])
        return [Part((n,), values, 2 * d + 8, np.arange(500)), Part((n, d), slopes, 2 * d + 8, np.arange(500))]

    return Task(f"{SCALAR} {pair.name}", SCALAR, pair.name, (n, d), dtype, two_tables, parts)


def new_task(n: int, d: int, dtype: str) -> Task:
    return Task(f"{NEW} cubes", NEW, CUBES, (n, d), dtype, with_weights, vjp_parts(CUBE), ("X", "Y"))


@dataclass(frozen=True)
class LossKind:
    """A loss at the size at which it is usual."""

    name: str
    definition: str
    n: int
    d: int
    make: Callable[[int, int], dict[str, np.ndarray]]
    reference: Callable[[Mapping[str, np.ndarray]], tuple[np.ndarray, ...]]
    gradients: tuple[str, ...]
    parameters: tuple[tuple[str, float], ...] = ()
    gemms: int = 1


BOTH, ONE = ("X", "Y"), ("X",)
WARM, HINGE = (("t", losses.TEMPERATURE),), (("alpha", losses.MARGIN),)
LOSSES = (
    LossKind("npairs", "npairs", 4096, 128, unit_scale, losses.npairs, BOTH, WARM, 3),
    LossKind("infonce", INFONCE, 4096, 128, unit_scale, losses.infonce, BOTH, WARM, 3),
    LossKind("batch_all", BATCH_ALL, 384, 128, labelled, losses.batch_all, ONE, HINGE),
    LossKind("batch_hard", BATCH_HARD, 2048, 128, labelled, losses.batch_hard, ONE, HINGE),
    LossKind("mds_stress", "mds_stress", 4000, 2, embedded, losses.mds_stress, ONE),
    LossKind("tsne", TSNE, 4000, 2, affinities, losses.tsne, ONE),
    LossKind("mmd", MMD, 2000, 64, two_tables, losses.mmd, BOTH, (("gamma", losses.GAMMA),)),
)


def loss_task(kind: LossKind, n: int, d: int, dtype: str) -> Task:
    parts = loss_parts(kind.reference)
    return Task(
        f"{LOSS} {kind.name}", LOSS, kind.definition, (n, d), dtype, kind.make, parts, kind.gradients, kind.parameters, kind.gemms
    )


DTYPES = ("float64", "float32")


def full() -> Iterator[Task]:
    """Every row of the report."""
    for dtype in DTYPES:
        for n in (2000, 4000):
            for d in (2, 16, 64, 256):
                for pair in PAIRS:
                    yield pair_task(VALUES, pair, n, d, dtype)
                    if n == 2000:
                        yield pair_task(VJP, pair, n, d, dtype)
        for kind in LOSSES:
            yield loss_task(kind, kind.n, kind.d, dtype)
        for pair in PAIRS[1:4]:
            for d in (2, 50):
                yield scalar_task(pair, 100_000, d, dtype)


def quick() -> Iterator[Task]:
    """A few rows of each group, at smaller sizes."""
    for name, dtype in (("sqeuclidean", "float64"), ("cityblock", "float64"), ("rbf", "float64"), ("cityblock", "float32")):
        pair = next(pair for pair in PAIRS if pair.name == name)
        yield pair_task(VALUES, pair, 2000, 64, dtype)
        if dtype == "float64":
            yield pair_task(VJP, pair, 1000, 16, dtype)
    small = {"npairs": 1024, "infonce": 1024, "batch_all": 128, "batch_hard": 512, "mds_stress": 1000, "tsne": 1000, "mmd": 500}
    for kind in LOSSES:
        yield loss_task(kind, small[kind.name], kind.d, "float64")
    yield scalar_task(PAIRS[1], 20_000, 50, "float64")
