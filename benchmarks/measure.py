"""Measure one row: inputs and reference go to files, each peer is checked, those that are right take turns."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import judge
from benchmarks.crew import Crew, Process
from benchmarks.machine import Others
from benchmarks.peers import Peer, unit
from benchmarks.rows import GEMM, Entry, Row
from benchmarks.tasks import Task
from benchmarks.timing import Limits, Stopped, Turn, rounds

READY = 90.0
"""Seconds in which a peer must have loaded, compiled and run a row once; else it is reported as too slow to start."""
RUN = 60.0
"""Seconds for one run."""
STATUS = {"right": "timed", "inexact": "inexact", "wrong": "wrong"}


def scratch() -> tempfile.TemporaryDirectory[str]:
    """A folder for the run, in memory where the system has one: large inputs pass through it."""
    shared = Path("/dev/shm")
    return tempfile.TemporaryDirectory(prefix="benchmarks-", dir=shared if os.access(shared, os.W_OK) else None)


@contextmanager
def stored(task: Task, checked: bool = True) -> Iterator[str]:
    """A folder with the inputs of a task and, for those who check, its reference."""
    with scratch() as folder:
        arrays = task.arrays()
        for name, value in arrays.items():
            np.save(Path(folder) / f"{name}.npy", value)
        if checked:
            judge.save(task.parts(arrays), Path(folder))
        del arrays
        yield folder


def turn_of(process: Process, slot: str) -> Turn:
    return lambda: float(process.ask(RUN, do="run", slot=slot)["seconds"])


def ready(crew: Crew, peer: Peer, task: Task, folder: str, slot: str = "", checked: bool = True) -> dict[str, Any]:
    """What the worker of a peer says of its first run. Raises Stopped."""
    request = {"slot": slot or peer.name, "peer": peer.name, "task": task.as_json(), "folder": folder, "checked": checked}
    return crew.of(peer).ask(READY, do="prepare", **request)


def entry_of(peer: Peer, found: Mapping[str, Any]) -> Entry:
    """What the first run of a peer is worth."""
    return Entry(peer.name, STATUS[found["status"]], None, found["first"], found["deviation"], found["note"])


def absent(peer: Peer, task: Task, quick: bool, installed: Callable[[Peer], bool] = Peer.installed) -> Entry | None:
    """The entry of a peer that has the task but is not asked, with the reason."""
    if not installed(peer):
        return Entry(peer.name, "missing")
    if quick and peer.slow_start:
        return Entry(peer.name, "left out", note="compiles for seconds; not in the quick run")
    reason = peer.limits(task)
    return Entry(peer.name, "left out", note=reason) if reason else None


def row_of(crew: Crew, task: Task, peers: Sequence[Peer], limits: Limits, quick: bool = False) -> Row:
    """The row of a task with all peers that have it."""
    row = Row(task.name, task.group, {"n": task.sizes[0], "d": task.sizes[1]}, task.dtype, task.gemms)
    with stored(task) as folder:
        turns: dict[str, Turn] = {}
        ready(crew, unit(), task, folder, checked=False)
        turns[GEMM] = turn_of(crew.of(unit()), GEMM)
        for peer in peers:
            if peer.offer(task) is None:
                continue
            entry = absent(peer, task, quick)
            if entry is None:
                try:
                    entry = entry_of(peer, ready(crew, peer, task, folder))
                    if entry.status in ("timed", "inexact"):
                        turns[peer.name] = turn_of(crew.of(peer), peer.name)
                except Stopped as why:
                    entry = Entry(peer.name, "failed", note=str(why))
            row.entries.append(entry)
        others = Others(crew.running)
        timings, stopped = rounds(turns, limits)
        row.others = others.share()
    row.gemm = timings.get(GEMM)
    row.entries = [
        Entry(entry.peer, "failed", note=stopped[entry.peer])
        if entry.peer in stopped
        else replace(entry, timing=timings.get(entry.peer))
        for entry in row.entries
    ]
    crew.drop()
    return row
