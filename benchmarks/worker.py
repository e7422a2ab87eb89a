"""The process of one peer: `python -m benchmarks.worker HOME THREADS`, started by `crew`, with the environment set before.

It reads requests from standard input and answers each, a line of JSON for a line of JSON; what libraries print goes to stderr.
Only one worker has a request at a time, so no peer's threads work, or wait for work, while another is on the clock.
"""

from __future__ import annotations

import gc
import json
import os
import re
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

SHORT = 0.05
"""Seconds. A turn of a shorter work begins with a run off the clock: threads, caches and the processor's clock wake up."""
FEW = 3
"""Runs in a turn of a short work."""
SHARE = 0.7
"""Of the free memory that a worker may take. Beyond it an allocation fails, and the peer is reported as failed."""


class Worker:
    """What the process keeps between requests: works that are ready to run, by slot."""

    def __init__(self, home: str) -> None:
        self.home = home
        self.works: dict[str, Callable[[], Any]] = {}

    def load(self, peer: str) -> dict[str, Any]:
        """Import the library."""
        from benchmarks.peers import peer_of

        peer_of(self.home, peer).load()
        return {}

    def prepare(
        self, slot: str, peer: str, task: dict[str, Any], folder: str, checked: bool = True, peak: bool = False
    ) -> dict[str, Any]:
        """Make a work ready and run it once: the seconds of that, and where it is to be checked, the verdict.

        `peak`: also the memory in bytes that this takes at the highest, beyond what the process held with its inputs.
        """
        import numpy as np

        from benchmarks import judge
        from benchmarks.peers import peer_of
        from benchmarks.tasks import task_of

        wanted = task_of(task)
        offer = peer_of(self.home, peer).offer(wanted)
        if offer is None:
            raise LookupError(f"{peer} has no {wanted.key}")
        arrays = {path.stem: np.load(path) for path in sorted(Path(folder).glob("*.npy"))}
        before = mark() if peak else 0
        start = time.perf_counter()
        work = offer.make(arrays)
        result = work()
        answer: dict[str, Any] = {"first": time.perf_counter() - start}
        if peak:
            answer |= {"extra": max(resident("VmHWM") - before, 0), "inputs": sum(value.nbytes for value in arrays.values())}
        if checked:
            found = judge.verdict(judge.arrays_of(result), judge.load(Path(folder)), wanted.dtype, offer.inexact, offer.within)
            answer |= found._asdict()
        self.works[slot] = work
        return answer

    def run(self, slot: str) -> dict[str, Any]:
        """One turn: its seconds; for a short work the median of a few runs."""
        work = self.works[slot]
        seconds = timed(work)
        if seconds >= SHORT:
            return {"seconds": seconds}
        several = [timed(work)]
        while len(several) < FEW and sum(several) < SHORT / 2:
            several.append(timed(work))
        return {"seconds": statistics.median(several)}

    def drop(self) -> dict[str, Any]:
        """Forget all works and their arrays."""
        self.works.clear()
        gc.collect()
        return {}


def timed(work: Callable[[], Any]) -> float:
    """Seconds of one run; its results are freed off the clock, and no garbage is collected on it."""
    gc.disable()
    try:
        start = time.perf_counter()
        result = work()
        seconds = time.perf_counter() - start
        del result
    finally:
        gc.enable()
    return seconds


def resident(field: str) -> int:
    """VmRSS (now) or VmHWM (highest) of this process in bytes; Linux."""
    found = re.search(rf"^{field}:\s+(\d+) kB$", Path("/proc/self/status").read_text(), re.MULTILINE)
    if found is None:
        raise RuntimeError(f"/proc/self/status has no {field}")
    return int(found.group(1)) * 1024


def mark() -> int:
    """Let the highest mark of memory start again from here; what is held now."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")
    return resident("VmRSS")


def limit_memory() -> None:
    """Let an allocation fail before the machine has no memory left; Linux."""
    free = re.search(r"^MemAvailable:\s+(\d+)", Path("/proc/meminfo").read_text(), re.MULTILINE)
    if free is not None:
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (resident("VmData") + int(SHARE * int(free.group(1)) * 1024), hard))


def one_line(error: BaseException) -> str:
    """An error as a short line that may stand in a table."""
    text = " ".join(str(error).split()).replace("|", "/")
    return f"{type(error).__name__}: {text[:160]}" if text else type(error).__name__


def main(home: str, threads: int) -> None:
    """Answer until the input ends."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    if hasattr(os, "sched_setaffinity"):  # some libraries take their number of threads from here
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
        limit_memory()
    worker = Worker(home)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = getattr(worker, request.pop("do"))(**request)
        except Exception as error:  # noqa: BLE001 - whatever a peer raises is shown in the report
            answer = {"error": one_line(error)}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
