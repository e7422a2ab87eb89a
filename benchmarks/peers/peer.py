"""What a peer is."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import metadata
from typing import Any

import numpy as np

from benchmarks.harness import Offer, Work
from benchmarks.tasks import Task

OURS = "tensorderiv"


@dataclass(frozen=True)
class Peer:
    """`offer(task)` says how it does a task, or None. `slow_start`: each new work compiles for many seconds; left out of the quick run."""

    name: str
    distribution: str
    module: str
    offer: Callable[[Task], Offer | None]
    slow_start: bool = False
    threads: str = "all"

    def installed(self) -> bool:
        return importlib.util.find_spec(self.module.split(".")[0]) is not None

    def version(self) -> str:
        """The version, or "missing"."""
        if not self.installed():
            return "missing"
        try:
            return metadata.version(self.distribution)
        except metadata.PackageNotFoundError:
            return "unknown"

    def load(self) -> None:
        """Import the library."""
        importlib.import_module(self.module)


def from_table(table: Mapping[str, Offer]) -> Callable[[Task], Offer | None]:
    """Offers by the key of the task."""
    return lambda task: table.get(task.key)


def of_tables(function: Callable[[np.ndarray, np.ndarray], Any], inexact: str = "") -> Offer:
    """An offer of a function of X and Y."""

    def make(arrays: Mapping[str, Any]) -> Work:
        X, Y = arrays["X"], arrays["Y"]
        return lambda: function(X, Y)

    return Offer(make, inexact)
