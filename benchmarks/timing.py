"""Take turns, and say what came out: medians and quartiles.

Runs are interleaved (one of each, then again), so that a slow moment of a shared machine falls on all of them.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Turn = Callable[[], float]
"""Lets one peer run once, while all others wait; returns the seconds that its own process measured."""

PAUSE = 0.015
"""Seconds between two turns: threads of the last one that wait for work by spinning have gone to sleep by then."""


@dataclass(frozen=True)
class Timing:
    """Seconds: the median of the runs, the quartiles around it, and how many there were."""

    median: float
    low: float
    high: float
    runs: int


@dataclass(frozen=True)
class Limits:
    """A peer stops once its runs of a row add up to `seconds`.

    All stop after `most` rounds, or once `row` seconds have passed and there were `least`.
    """

    seconds: float = 0.6
    row: float = 8.0
    least: int = 3
    most: int = 7

    def enough(self, times: Sequence[float]) -> bool:
        """Whether a peer has had its time. One run is enough only where it took several times as long."""
        return sum(times) > self.seconds and (len(times) > 1 or times[0] > 3 * self.seconds)


class Stopped(Exception):
    """The process of a peer ended or was ended; the message is one line for the report."""


def rounds(
    turns: Mapping[str, Turn],
    limits: Limits,
    clock: Callable[[], float] = time.perf_counter,
    pause: Callable[[], None] = lambda: time.sleep(PAUSE),
) -> tuple[dict[str, Timing], dict[str, str]]:
    """Timings of works that are warm, and why others were stopped."""
    times: dict[str, list[float]] = {name: [] for name in turns}
    stopped: dict[str, str] = {}
    begin = clock()
    for number in range(limits.most):
        if number >= limits.least and clock() - begin > limits.row:
            break
        for name, turn in turns.items():
            if name in stopped or limits.enough(times[name]):
                continue
            pause()
            try:
                times[name].append(turn())
            except Stopped as why:
                stopped[name] = str(why)
    return {name: summary(found) for name, found in times.items() if found and name not in stopped}, stopped


def summary(times: Sequence[float]) -> Timing:
    """Median and quartiles."""
    if len(times) == 1:
        return Timing(times[0], times[0], times[0], 1)
    low, median, high = statistics.quantiles(times, n=4, method="inclusive")
    return Timing(median, low, high, len(times))
