"""What machine it is, and how much of it others used while we measured: a busy machine is not to be read from medians."""

from __future__ import annotations

import os
import platform
import re
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np


def described(threads: int) -> str:
    """Processor, threads, versions of the languages, day."""
    info = Path("/proc/cpuinfo")
    found = re.search(r"^model name\s*:\s*(.+)$", info.read_text(), re.MULTILINE) if info.exists() else None
    name = found.group(1) if found else platform.processor()
    return f"{name}, {threads} threads, Python {platform.python_version()}, NumPy {np.__version__}, {datetime.now(UTC):%Y-%m-%d}"


def _seconds(fields: Iterable[str]) -> float:
    return sum(map(int, fields)) / os.sysconf("SC_CLK_TCK")


def busy() -> float:
    """Processor seconds that all programs have used since the machine started; Linux."""
    user, nice, system, _idle, _wait, *other = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    return _seconds([user, nice, system, *other[:2]])


def used(process: int) -> float:
    """Processor seconds of one process; 0 when it has ended."""
    try:
        return _seconds(Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[11:13])
    except OSError:
        return 0.0


class Others:
    """How many processors other programs used between its making and `share`."""

    def __init__(self, processes: Iterable[int]) -> None:
        self._processes = [os.getpid(), *processes]
        self._begin = self._now() if Path("/proc/stat").exists() else None

    def _now(self) -> tuple[float, float]:
        return time.perf_counter(), busy() - sum(map(used, self._processes))

    def share(self) -> float | None:
        """Processors on the average; None where the system does not tell."""
        if self._begin is None:
            return None
        (start, before), (end, after) = self._begin, self._now()
        return max(after - before, 0.0) / max(end - start, 1e-9)
