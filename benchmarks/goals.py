"""What the kernels are meant to reach, each beside what was measured."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from operator import ge, le
from typing import Any, NamedTuple

from benchmarks.peers import OURS
from benchmarks.rows import Row
from benchmarks.tasks import LOSS, SCALAR, VALUES, VJP

MIB = 2**20
NEVER = float("inf")
"""The figure of a process of ours that failed: no goal is reached by it."""


class Goal(NamedTuple):
    """One line: what, what is asked, what was measured, and whether that reaches it (empty: not measured)."""

    what: str
    asked: str
    measured: str
    reached: str


def ours(row: Row) -> float | None:
    """Our time in GEMMs."""
    return row.in_gemms(row.of(OURS))


def lead(row: Row, exact: bool = False) -> float | None:
    """The time of the best peer over ours; 0 where a peer did it and we did not. `exact`: of the peers that are no less exact."""
    counted = [entry for entry in row.entries if entry.peer != OURS and not (exact and entry.status == "inexact")]
    others = [found for entry in counted if (found := row.in_gemms(entry)) is not None]
    if not others or row.of(OURS) is None:
        return None
    mine = ours(row)
    return min(others) / mine if mine else 0.0


def line(
    what: str, asked: str, figures: Sequence[float], choose: Callable[[Sequence[float]], float], holds: Callable[[float], bool]
) -> Goal:
    """A goal for one figure chosen out of many."""
    if not figures:
        return Goal(what, asked, "not measured", "")
    found = choose(figures)
    return Goal(what, asked, f"{found:.2f}", "yes" if holds(found) else "no")


def goals(run: dict[str, Any], rows: Sequence[Row]) -> Iterator[Goal]:
    """All goals, reached or not."""
    for group, what, median in ((VALUES, "values", 2.0), (VJP, "VJP", 5.0), (LOSS, "losses", 2.0)):
        for exact, which in ((False, "lead"), (True, "lead over peers no less exact")):
            leads = [found for row in rows if row.group == group and (found := lead(row, exact)) is not None]
            yield line(f"{what}: {which}, worst row", ">= 1", leads, min, lambda found: found >= 1)
            yield line(f"{what}: {which}, median", f">= {median:g}", leads, statistics.median, partial(le, median))
    for name, limit in (("sqeuclidean", 1.5), ("cityblock", 2.0)):
        for choose, which in ((statistics.median, "median"), (max, "worst row")):
            costs = [found for row in rows if row.group == VALUES and row.task == name and (found := ours(row)) is not None]
            yield line(f"{name}: values in GEMMs, {which}", f"<= {limit:g}", costs, choose, partial(ge, limit))
    pairs = [found / row.gemms for row in rows if row.group == LOSS and row.task == "npairs" and (found := ours(row)) is not None]
    yield line("npairs with gradients over its three GEMMs", "<= 1.3", pairs, max, lambda found: found <= 1.3)
    scalars = [found for row in rows if row.group == SCALAR and (found := lead(row)) is not None]
    yield line("pair_grad: lead over UMAP's, worst row", ">= 1", scalars, min, lambda found: found >= 1)
    mine = [found for found in run["memory"] if found["peer"] == OURS]
    room = [(found["extra"] - 4 * found["inputs"]) / MIB if "extra" in found else NEVER for found in mine]
    yield line("peak memory of a loss beyond 4 x the inputs (MiB)", "<= 64", room, max, lambda found: found <= 64)
    growth = [abs(found["doubled"] / 4 - 1) for found in run["scaling"] if "doubled" in found]
    yield line("time at 2n over 4 x the time at n, distance from 1", "<= 0.10", growth, max, lambda found: found <= 0.1)
    threads = [found["threads"] for found in run["scaling"] if "threads" in found]
    yield line("gain from a second thread, worst row", ">= 1.8", threads, min, lambda found: found >= 1.8)
    for kind, limit in (("cold", 5.0), ("warm", 0.5)):
        firsts = [found.get(kind, {}).get("first", NEVER) for found in run["starts"] if found["peer"] == OURS]
        what = f"new definition to first gradient, {kind}, beyond imports (s)"
        yield line(what, f"<= {limit:g}", firsts, max, partial(ge, limit))
