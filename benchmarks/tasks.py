"""What is measured: a task has a definition, shapes, inputs and a reference. Who can do it, and how, stands in peers/."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import inputs, losses
from benchmarks.judge import Part
from benchmarks.pairs import CUBES, GAMMA, PAIRS, PairFunction, pair

VALUES, VJP, LOSS, SCALAR, NEW = "values", "vjp", "loss", "scalar", "new"
GROUPS = {
    VALUES: "Pairwise values",
    VJP: "Vector-Jacobian products, both sides",
    LOSS: "Losses with their gradients",
    SCALAR: "The scalar pair_grad inside other compiled code",
}
DTYPES = ("float64", "float32")
SAMPLED = 16
"""Rows of a table of values or gradients that are compared with the reference; shape and finiteness are looked at everywhere."""
ALONE = 500
"""Pairs compared one by one in the scalar tasks."""
DEFINITIONS = Path(__file__).resolve().parent / "definitions"


@dataclass(frozen=True)
class Task:
    """`key` is what peers offer, as in "values cityblock". `gemms`: how many products of matrices the work holds at the least."""

    key: str
    sizes: tuple[int, int]
    dtype: str
    make: Callable[[int, int], dict[str, np.ndarray]]
    parts: Callable[[Mapping[str, Any]], list[Part]]
    gradients: tuple[str, ...] = ("X",)
    parameters: tuple[tuple[str, float], ...] = ()
    gemms: int = 1

    @property
    def group(self) -> str:
        return self.key.split(" ", 1)[0]

    @property
    def name(self) -> str:
        return self.key.split(" ", 1)[1]

    @property
    def text(self) -> str | None:
        """The definition where it is not one of the catalogue."""
        path = DEFINITIONS / f"{self.name}.td"
        return path.read_text() if path.exists() else None

    def arrays(self) -> dict[str, np.ndarray]:
        """The inputs: real arrays in the dtype of the task, labels as they are."""
        return {
            name: value.astype(self.dtype) if value.dtype.kind == "f" else value for name, value in self.make(*self.sizes).items()
        }

    def sized(self, n: int, d: int, dtype: str) -> Task:
        return replace(self, sizes=(n, d), dtype=dtype)

    def as_json(self) -> dict[str, Any]:
        """What `task_of` reads in another process."""
        return {"key": self.key, "n": self.sizes[0], "d": self.sizes[1], "dtype": self.dtype}


def _doubles(arrays: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """The inputs as float64: the reference sees the same numbers as the peers."""
    return {name: value.astype(np.float64) if value.dtype.kind == "f" else value for name, value in arrays.items()}


def _sample(n: int) -> np.ndarray:
    return np.unique(np.linspace(0, n - 1, SAMPLED).astype(int))


def value_parts(function: PairFunction) -> Callable[[Mapping[str, Any]], list[Part]]:
    def parts(arrays: Mapping[str, Any]) -> list[Part]:
        given = _doubles(arrays)
        X, Y = given["X"], given["Y"]
        rows = _sample(len(X))
        expected = np.stack([function.value(X[i], Y) for i in rows])
        return [Part((len(X), len(Y)), expected, 2 * X.shape[1] + 8, rows)]

    return parts


def vjp_parts(function: PairFunction) -> Callable[[Mapping[str, Any]], list[Part]]:
    def parts(arrays: Mapping[str, Any]) -> list[Part]:
        given = _doubles(arrays)
        X, Y, W = given["X"], given["Y"], given["W"]
        (n, d), m = X.shape, len(Y)
        rows, columns = _sample(n), _sample(m)
        dX = np.stack([function.gradient(X[i], Y, W[i]) for i in rows])
        dY = np.stack([function.gradient(Y[j], X, W[:, j]) for j in columns])
        return [Part((n, d), dX, m + 2 * d + 8, rows), Part((m, d), dY, n + 2 * d + 8, columns)]

    return parts


def scalar_parts(function: PairFunction) -> Callable[[Mapping[str, Any]], list[Part]]:
    def parts(arrays: Mapping[str, Any]) -> list[Part]:
        X, Y = arrays["X"].astype(np.float64), arrays["Y"].astype(np.float64)
        (n, d), one, rows = X.shape, np.ones(1), np.arange(min(ALONE, len(X)))
        values = np.array([function.value(X[i], Y[i : i + 1])[0] for i in rows])
        slopes = np.stack([function.gradient(X[i], Y[i : i + 1], one) for i in rows])
        return [Part((n,), values, 2 * d + 8, rows), Part((n, d), slopes, 2 * d + 8, rows)]

    return parts


def loss_parts(
    reference: Callable[[Mapping[str, np.ndarray]], tuple[np.ndarray, ...]],
) -> Callable[[Mapping[str, Any]], list[Part]]:
    def parts(arrays: Mapping[str, Any]) -> list[Part]:
        terms = len(arrays["X"]) + 2 * arrays["X"].shape[1] + 8
        return [Part(result.shape, result, terms) for result in reference(_doubles(arrays))]

    return parts


def pair_task(group: str, function: PairFunction, n: int, d: int, dtype: str) -> Task:
    """Values, vector-Jacobian product, or pair_grad of X_i and Y_i for each i in a compiled loop."""
    parts = {VALUES: value_parts, VJP: vjp_parts, NEW: vjp_parts, SCALAR: scalar_parts}[group](function)
    tables = inputs.with_weights if group in (VJP, NEW) else inputs.two_tables

    def make(n: int, d: int) -> dict[str, np.ndarray]:
        return tables(n, d) | ({"M": inputs.spd(d)} if function.matrix else {})

    parameters = (("gamma", GAMMA),) if function.name == "rbf" else ()
    return Task(f"{group} {function.name}", (n, d), dtype, make, parts, ("X", "Y"), parameters)


BOTH, ONE = ("X", "Y"), ("X",)
WARM, HINGE, WIDTH = (("t", losses.TEMPERATURE),), (("alpha", losses.MARGIN),), (("gamma", GAMMA),)


def _loss(
    name: str,
    n: int,
    d: int,
    make: Any,
    judge: Any,
    by: tuple[str, ...],
    with_: tuple[tuple[str, float], ...] = (),
    gemms: int = 1,
) -> Task:
    return Task(f"{LOSS} {name}", (n, d), DTYPES[0], make, loss_parts(judge), by, with_, gemms)


LOSSES = (  # each at a size at which it is usual
    _loss("npairs", 4096, 128, inputs.unit_scale, losses.npairs, BOTH, WARM, 3),
    _loss("infonce", 4096, 128, inputs.unit_scale, losses.infonce, BOTH, WARM, 3),
    _loss("batch_all", 384, 128, inputs.labelled, losses.batch_all, ONE, HINGE),
    _loss("batch_hard", 2048, 128, inputs.labelled, losses.batch_hard, ONE, HINGE),
    _loss("mds_stress", 4000, 2, inputs.embedded, losses.mds_stress, ONE),
    _loss("tsne", 4000, 2, inputs.affinities, losses.tsne, ONE),
    _loss("mmd", 2000, 64, inputs.two_samples, losses.mmd, BOTH, WIDTH),
)


def loss(name: str) -> Task:
    return next(task for task in LOSSES if task.name == name)


def task_of(found: Mapping[str, Any]) -> Task:
    """The task that `Task.as_json` describes."""
    group, name = found["key"].split(" ", 1)
    sizes = (found["n"], found["d"], found["dtype"])
    return loss(name).sized(*sizes) if group == LOSS else pair_task(group, pair(name), *sizes)


def new_task(n: int, d: int) -> Task:
    return pair_task(NEW, CUBES, n, d, "float64")


def full() -> Iterator[Task]:
    """Every row of the report; what matters most stands first, for a run that is broken off."""
    for dtype in DTYPES:
        for task in LOSSES:
            yield task.sized(*task.sizes, dtype)
        for name in ("euclidean", "cityblock", "cosine"):
            for d in (2, 50):
                yield pair_task(SCALAR, pair(name), 100_000, d, dtype)
    for n in (2000, 4000):
        for d in (64, 2, 16, 256):
            for dtype in DTYPES:
                for function in PAIRS:
                    yield pair_task(VALUES, function, n, d, dtype)
                    if n == 2000:
                        yield pair_task(VJP, function, n, d, dtype)


QUICK_SIZES = {"npairs": 1024, "infonce": 1024, "batch_all": 128, "batch_hard": 512, "mds_stress": 1000, "tsne": 1000, "mmd": 500}


def quick() -> Iterator[Task]:
    """A few rows of each group, at smaller sizes."""
    for name, n in QUICK_SIZES.items():
        yield loss(name).sized(n, loss(name).sizes[1], "float64")
    for name, dtype in (("sqeuclidean", "float64"), ("cityblock", "float64"), ("rbf", "float64"), ("cityblock", "float32")):
        yield pair_task(VALUES, pair(name), 2000, 64, dtype)
        if dtype == "float64":
            yield pair_task(VJP, pair(name), 1000, 16, dtype)
    yield pair_task(SCALAR, pair("euclidean"), 20_000, 50, "float64")
