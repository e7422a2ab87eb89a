"""One run of the benchmark: the rows that matter most, the figures of separate processes, then every other row."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks import extras, machine, report, tasks
from benchmarks.crew import ROOT, Crew
from benchmarks.measure import row_of, scratch
from benchmarks.peers import all_peers
from benchmarks.rows import Row
from benchmarks.tasks import Task
from benchmarks.timing import Limits, Stopped

MINUTES = {"full": 42.0, "quick": 2.3}
"""After this time nothing new begins; what was not reached is said."""
QUICK = Limits(seconds=0.3, row=2.0, least=3, most=5)
FIRST = (tasks.LOSS, tasks.SCALAR)
"""Groups that are measured before the extra figures."""


class Budget:
    """The time of a run, and a fair share of what is left of it."""

    def __init__(self, minutes: float, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock, self._end = clock, clock() + 60 * minutes

    def left(self) -> float:
        return self._end - self._clock()

    def share(self, limits: Limits, rows: int) -> Limits:
        """The limits of one of `rows` rows: rounds end earlier where time is short."""
        return replace(limits, row=max(1.0, min(limits.row, self.left() / max(rows, 1))))


class Session:
    """What a run has found so far. It is written after every row: a run that is broken off leaves what it has."""

    def __init__(self, given: argparse.Namespace) -> None:
        wanted = [name.strip() for name in given.peers.split(",") if name.strip()]
        self.quick, self.threads, self.shrink = given.quick, given.threads, given.shrink
        self.extras = not (given.without_extras or given.only)
        self.peers = [peer for peer in all_peers() if not wanted or peer.name in wanted]
        self.limits = QUICK if given.quick else Limits()
        self.folder: Path | None = given.out or (None if given.quick else ROOT / "docs")
        self.tasks = [shrunk(task, given.shrink) for task in (tasks.quick() if given.quick else tasks.full())]
        self.tasks = [task for task in self.tasks if given.only in task.key]
        self.budget = Budget(given.minutes or MINUTES["quick" if given.quick else "full"])
        self.rows: list[Row] = []
        self.figures: dict[str, Any] = {
            "machine": machine.described(given.threads),
            "peers": [[peer.name, peer.version(), peer.threads] for peer in self.peers],
            "unreached": [],
            **{kind: [] for kind in ("starts", "memory", "scaling")},
        }
        self.console = Console(stderr=True, highlight=False)

    def say(self, what: str) -> None:
        self.console.print(f"{self.budget.left() / 60:5.1f} min left  {what}", style="dim")

    def run(self) -> None:
        """Measure until all is done, the time is over, or Ctrl-C; then show and write what there is."""
        try:
            with scratch() as caches, Crew(self.threads, Path(caches)) as crew:
                first = [task for task in self.tasks if self.quick or task.group in FIRST]
                self.measure(crew, first)
                if self.extras:
                    self.measure_extras(Path(caches))
                self.measure(crew, [task for task in self.tasks if task not in first])
        except KeyboardInterrupt:
            self.figures["unreached"].append("all after the run was broken off")
        report.show(self.figures, self.rows)
        if self.folder is not None:
            report.write(self.figures, self.rows, self.folder, plots=True)
            self.console.print(f"wrote {self.folder}/performance.md and {self.folder}/performance.json", style="dim")

    def measure(self, crew: Crew, chosen: Sequence[Task]) -> None:
        for place, task in enumerate(chosen):
            if self.budget.left() < 0:
                self.figures["unreached"].append(f"{len(chosen) - place} rows from {task.key}, n = {task.sizes[0]}")
                return
            self.say(f"{place + 1}/{len(chosen)} {task.key}, n = {task.sizes[0]}, d = {task.sizes[1]}, {task.dtype}")
            limits = self.budget.share(self.limits, len(self.tasks) - len(self.rows))
            try:
                self.rows.append(row_of(crew, task, self.peers, limits, self.quick))
            except Stopped as why:  # without its unit a row has no figures
                self.figures["unreached"].append(f"{task.key}: {why}")
            self.write()

    def measure_extras(self, caches: Path) -> None:
        every = extras.every(self.peers, self.quick, self.shrink, self.threads, caches, self.say, self.limits)
        for kind, found in every.items():
            while self.budget.left() > 0:
                one = next(found, None)
                if one is None:
                    break
                self.figures[kind].append(one)
                self.write()
            else:
                self.figures["unreached"].append(f"{kind} after line {len(self.figures[kind])}")
            found.close()

    def write(self) -> None:
        if self.folder is not None:
            report.write(self.figures, self.rows, self.folder)


def shrunk(task: Task, by: int) -> Task:
    """The same with fewer rows of points: to try the benchmark itself."""
    n, d = task.sizes
    return task.sized(max(n // by, 4), d, task.dtype)
