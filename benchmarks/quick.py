"""`make bench`: a short comparison with NumPy and SciPy. Results are checked before anything is timed.

The unit is the GEMM: the time of a bare `X @ X.T` of the same shapes, in the same run, between the others. Times are medians of
interleaved warm runs; on a shared machine only the ratios of one run mean anything.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table
from scipy.spatial.distance import cdist

import tensorderiv as td

N, D, REPEATS = 2000, 64, 9
Work = Callable[[], Any]


def softmax_rows(S: np.ndarray) -> np.ndarray:
    E = np.exp(S - S.max(axis=1, keepdims=True))
    P: np.ndarray = E / E.sum(axis=1, keepdims=True)
    return P


def npairs_numpy(X: np.ndarray, Y: np.ndarray) -> tuple[float, tuple[np.ndarray, np.ndarray]]:
    """N-pairs loss at temperature 1 with both gradients, as one would write it by hand."""
    n = len(X)
    N, M = np.linalg.norm(X, axis=1, keepdims=True), np.linalg.norm(Y, axis=1, keepdims=True)
    U, V = X / N, Y / M
    P = softmax_rows(U @ V.T)
    G = (P - np.eye(n)) / n
    dU, dV = G @ V, G.T @ U
    dX = (dU - np.sum(dU * U, axis=1, keepdims=True) * U) / N
    dY = (dV - np.sum(dV * V, axis=1, keepdims=True) * V) / M
    return -float(np.mean(np.log(np.diag(P)))), (dX, dY)


def cases(X: np.ndarray, Y: np.ndarray, W: np.ndarray) -> dict[str, dict[str, Work]]:
    """What is compared: work -> who does it -> how. The first of each row is ours, the second the judge of its result."""
    kernel = {name: td.catalog[name].compile() for name in ("sqeuclidean", "euclidean", "cityblock", "cosine", "rbf", "npairs")}
    squares = (X**2).sum(axis=1)
    both = W + W.T
    return {
        "sqeuclidean values": {
            "tensorderiv": lambda: kernel["sqeuclidean"].pairwise(X, Y),
            "SciPy": lambda: cdist(X, Y, "sqeuclidean"),
            "NumPy": lambda: squares[:, None] + (Y**2).sum(axis=1) - 2 * X @ Y.T,
        },
        "sqeuclidean VJP": {
            "tensorderiv": lambda: kernel["sqeuclidean"].vjp(X, None, W),
            "NumPy": lambda: 2 * (both.sum(axis=1)[:, None] * X - both @ X),
        },
        "euclidean values": {"tensorderiv": lambda: kernel["euclidean"].pairwise(X, Y), "SciPy": lambda: cdist(X, Y)},
        "cityblock values": {
            "tensorderiv": lambda: kernel["cityblock"].pairwise(X, Y),
            "SciPy": lambda: cdist(X, Y, "cityblock"),
        },
        "cosine values": {"tensorderiv": lambda: kernel["cosine"].pairwise(X, Y), "SciPy": lambda: cdist(X, Y, "cosine")},
        "rbf values": {
            "tensorderiv": lambda: kernel["rbf"].pairwise(X, Y, gamma=0.01),
            "SciPy": lambda: np.exp(-0.01 * cdist(X, Y, "sqeuclidean")),
        },
        "npairs value and gradients": {
            "tensorderiv": lambda: kernel["npairs"].value_and_grad(X, Y),
            "NumPy": lambda: npairs_numpy(X, Y),
        },
    }


def flat(result: Any) -> list[np.ndarray]:
    return [part for item in result for part in flat(item)] if isinstance(result, tuple) else [np.asarray(result)]


def check(name: str, peers: dict[str, Work]) -> float:
    """The largest difference between the results, relative to their size. Stops the run where they disagree."""
    (_, ours), *others = ((who, flat(work())) for who, work in peers.items())
    worst = 0.0
    for who, theirs in others:
        for a, b in zip(ours, theirs, strict=True):
            worst = max(worst, float(np.abs(a - b).max() / np.abs(b).max()))
        if worst > 1e-12 * D:
            raise SystemExit(f"{name}: tensorderiv and {who} differ by {worst:.1e}; nothing is timed")
    return worst


def medians(works: dict[str, Work]) -> dict[str, float]:
    """Seconds of each work: medians of interleaved warm runs."""
    times: dict[str, list[float]] = {who: [] for who in works}
    for _ in range(REPEATS):
        for who, work in works.items():
            start = perf_counter()
            work()
            times[who].append(perf_counter() - start)
    return {who: statistics.median(runs) for who, runs in times.items()}


def main() -> None:
    rng = np.random.default_rng(0)
    X, Y, W = rng.normal(size=(N, D)), rng.normal(size=(N, D)), rng.normal(size=(N, N))
    shown = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for column in ("work", "tensorderiv", "NumPy", "SciPy", "difference"):
        shown.add_column(column, justify="left" if column == "work" else "right")
    for name, peers in cases(X, Y, W).items():
        difference = check(name, peers)
        times = medians({"GEMM": lambda: X @ Y.T, **peers})
        cells = [f"{times[who] / times['GEMM']:.1f}" if who in times else "" for who in ("tensorderiv", "NumPy", "SciPy")]
        shown.add_row(name, *cells, f"{difference:.0e}")
    console = Console(highlight=False)
    console.print(f"n = m = {N}, d = {D}, float64; times in GEMMs (one X @ Y.T of these shapes), medians of {REPEATS}\n")
    console.print(shown)


if __name__ == "__main__":
    main()
