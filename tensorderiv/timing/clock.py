"""Measuring: works take turns, so that whatever slows the machine slows all of them alike.

Threads of OpenMP and of BLAS spin for a while after their work and take the processor from whoever is next (a GEMM right after a
parallel kernel was measured at twice its time, a small kernel right after a GEMM at a hundred times). So a turn waits, then runs
uncounted until its own threads are awake alone, and then counts as many calls as a clock can tell.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Mapping
from typing import Any

from tensorderiv.timing.result import Spread

Work = Callable[[], Any]

SETTLE = 0.02
"""Seconds that a turn waits, that it runs uncounted, and that its counted calls take at the least."""

LONG = 5 * SETTLE
"""Seconds of one call above which what waking its threads takes is nothing."""

BUDGET = 4.0
"""Seconds that the counted calls of all works together may take, within the bounds below."""

FEWEST, MOST = 5, 15
"""Turns of each work."""


def seconds(work: Work, calls: int = 1) -> float:
    """The time of one call, as the mean of a few."""
    start = time.perf_counter()
    for _ in range(calls):
        work()
    return (time.perf_counter() - start) / calls


def in_turns(works: Mapping[str, Work], doing: Callable[[str], None]) -> tuple[dict[str, Spread], int]:
    """The spread of each work's times over its turns, and how many turns that were."""
    calls = {name: calls_for(work) for name, work in works.items()}
    took = sum(count * each for count, each in calls.values())
    turns = min(MOST, max(FEWEST, int(BUDGET / took)))
    times: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(1, turns + 1):
        doing(f"timing, turn {turn} of {turns}")
        for name, work in works.items():
            count, each = calls[name]
            time.sleep(SETTLE)
            if each < LONG:
                seconds(work, count)
            times[name].append(seconds(work, count))
    return {name: Spread.of(found) for name, found in times.items()}, turns


def calls_for(work: Work) -> tuple[int, float]:
    """How many calls take SETTLE, and the time of each. The first is not counted: it claims memory, and may compile."""
    work()
    count = 1
    each = seconds(work)
    while count * each < SETTLE:
        count *= 2
        each = seconds(work, count)
    return count, each


@functools.cache
def start_numba() -> None:
    """Have Numba do what it does once in a process, so that no definition pays for it."""
    import numba

    @numba.njit(parallel=True)  # type: ignore[untyped-decorator]
    def count(n: int) -> int:
        found = 0
        for _ in numba.prange(n):
            found += 1
        return found

    count(100)
