"""Check a result, then time it between the others: what every figure of the benchmark rests on.

A peer is timed only after its result agreed with the reference. Runs are interleaved (one of each, then again), so that a slow
moment of a shared machine falls on all of them. The unit is the GEMM: a bare `X @ Y.T` of the same shapes and dtype, in the same rounds.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Work = Callable[[], Any]
"""One run of a task; returns its results, as the peer has them."""

GEMM = "GEMM"
PAUSE = 0.03
"""Seconds between two runs: threads of the last one that still wait for work by spinning have gone to sleep by then."""


@dataclass(frozen=True)
class Part:
    """What one result must be: its shape, and its entries at some rows (None: all of it). `terms` go into an entry, each with rounding."""

    shape: tuple[int, ...]
    expected: np.ndarray
    terms: int
    rows: np.ndarray | None = None


@dataclass(frozen=True)
class Timing:
    """Seconds: the median of the runs, the quartiles around it, and how many there were."""

    median: float
    low: float
    high: float
    runs: int


@dataclass(frozen=True)
class Offer:
    """How a peer does a task: `make(arrays)` prepares and gives the work. `inexact` quotes why its results may be less exact than
    rounding allows; they are then held to the square root of the bound, and marked."""

    make: Callable[[Mapping[str, Any]], Work]
    inexact: str = ""


@dataclass(frozen=True)
class Entry:
    """What came of one peer in one task. `status`: timed, inexact (timed too), wrong, failed, missing or left out."""

    peer: str
    status: str
    timing: Timing | None = None
    first: float | None = None
    deviation: float | None = None
    note: str = ""


@dataclass(frozen=True)
class Limits:
    """When to stop: after `most` rounds, or after `seconds` when there were at least `least`."""

    seconds: float = 20.0
    least: int = 3
    most: int = 15


@dataclass
class Row:
    """One line of the report."""

    task: str
    group: str
    sizes: dict[str, int]
    dtype: str
    gemm: Timing | None = None
    entries: list[Entry] = field(default_factory=list)

    def gemms(self, entry: Entry) -> float | None:
        """The time of an entry in GEMMs of this row."""
        return entry.timing.median / self.gemm.median if entry.timing and self.gemm else None


def interleaved(
    works: Mapping[str, Work],
    limits: Limits,
    clock: Callable[[], float] = time.perf_counter,
    pause: Callable[[], None] = lambda: time.sleep(PAUSE),
) -> dict[str, Timing]:
    """Timings of works that are warm already: one run of each, in turns, until the limits are reached. A result is freed outside the clock."""
    times: dict[str, list[float]] = {name: [] for name in works}
    begin = clock()
    collecting = gc.isenabled()
    gc.disable()
    try:
        for turn in range(limits.most):
            if turn >= limits.least and clock() - begin > limits.seconds:
                break
            for name, work in works.items():
                pause()
                start = clock()
                result = work()
                times[name].append(clock() - start)
                del result
    finally:
        if collecting:
            gc.enable()
    return {name: summary(found) for name, found in times.items()}


def summary(times: Sequence[float]) -> Timing:
    """Median and quartiles."""
    if len(times) == 1:
        return Timing(times[0], times[0], times[0], 1)
    low, median, high = statistics.quantiles(times, n=4, method="inclusive")
    return Timing(median, low, high, len(times))


def arrays_of(result: Any) -> list[np.ndarray]:
    """The results of a peer as NumPy arrays: a tuple or list part by part."""
    if isinstance(result, (tuple, list)):
        return [array for item in result for array in arrays_of(item)]
    return [np.asarray(result)]


def deviation(results: Sequence[np.ndarray], parts: Sequence[Part]) -> float:
    """The largest error, relative to the largest entry of the part; infinite where a shape is another or an entry is not finite."""
    if len(results) != len(parts):
        return float("inf")
    worst = 0.0
    for got, part in zip(results, parts, strict=True):
        if got.shape != part.shape or not np.isfinite(got).all():
            return float("inf")
        chosen = got if part.rows is None else got[part.rows]
        size = float(np.abs(part.expected).max(initial=0.0)) or 1.0
        worst = max(worst, float(np.abs(chosen.astype(np.float64) - part.expected).max(initial=0.0)) / size)
    return worst


def allowed(parts: Sequence[Part], dtype: np.dtype[Any]) -> float:
    """The first-order bound of rounding: the unit of the dtype for each term that goes into an entry."""
    return float(np.finfo(dtype).eps) * max(part.terms for part in parts)


def judged(peer: str, offer: Offer, work: Work, parts: Sequence[Part], dtype: np.dtype[Any]) -> Entry:
    """The first run of a work, and what its result is worth."""
    start = time.perf_counter()
    result = work()
    first = time.perf_counter() - start
    found = deviation(arrays_of(result), parts)
    bound = allowed(parts, dtype)
    if found <= bound:
        return Entry(peer, "timed", first=first, deviation=found)
    if offer.inexact and found <= bound**0.5:
        return Entry(peer, "inexact", first=first, deviation=found, note=offer.inexact)
    return Entry(
        peer, "wrong", first=first, deviation=found, note=f"deviates by {found:.1e}, rounding allows {bound:.1e}; not timed"
    )


def measure(
    row: Row,
    arrays: Mapping[str, Any],
    parts: Sequence[Part],
    offers: Mapping[str, Offer],
    unit: Work,
    limits: Limits,
    pause: Callable[[], None] = lambda: time.sleep(PAUSE),
) -> Row:
    """Fill a row: each offer is checked; those that are right are warmed up once more and timed between GEMMs."""
    dtype = np.dtype(row.dtype)
    works: dict[str, Work] = {GEMM: unit}
    entries: list[Entry] = []
    unit()
    for peer, offer in offers.items():
        try:
            work = offer.make(arrays)
            entry = judged(peer, offer, work, parts, dtype)
            if entry.timing is None and entry.status in ("timed", "inexact"):
                work()
                works[peer] = work
        except Exception as error:  # noqa: BLE001 - whatever a peer raises is shown in the report
            entry = Entry(peer, "failed", note=one_line(error))
        entries.append(entry)
    timings = interleaved(works, limits, pause=pause)
    row.gemm = timings[GEMM]
    row.entries += [
        Entry(entry.peer, entry.status, timings[entry.peer], entry.first, entry.deviation, entry.note)
        if entry.peer in timings
        else entry
        for entry in entries
    ]
    return row


def one_line(error: BaseException) -> str:
    """An error as a short line."""
    text = " ".join(str(error).split()).replace("|", "/")
    return f"{type(error).__name__}: {text[:160]}"
