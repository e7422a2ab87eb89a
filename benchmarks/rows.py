"""One line of the report: a task, and what came of each peer in it."""

from __future__ import annotations

from dataclasses import dataclass, field

from benchmarks.timing import Timing

GEMM = "GEMM"
"""The unit: a bare `X @ Y.T` of the same shapes and dtype, in the same rounds, in a process of its own."""


@dataclass(frozen=True)
class Entry:
    """What came of one peer. `status`: timed, inexact (timed too), wrong, failed, missing or left out; `note` says why.

    `first` is the first run in seconds, with what the peer compiles in it.
    """

    peer: str
    status: str
    timing: Timing | None = None
    first: float | None = None
    deviation: float | None = None
    note: str = ""


@dataclass
class Row:
    """A task at some sizes. `gemms`: the products that it cannot do without.

    `others`: how many processors other programs used while it was timed.
    """

    task: str
    group: str
    sizes: dict[str, int]
    dtype: str
    gemms: int = 1
    others: float | None = None
    gemm: Timing | None = None
    entries: list[Entry] = field(default_factory=list)

    def of(self, peer: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.peer == peer), None)

    def in_gemms(self, entry: Entry | None) -> float | None:
        """The time of an entry in GEMMs of this row."""
        return entry.timing.median / self.gemm.median if entry and entry.timing and self.gemm else None
