"""What a peer is."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import metadata
from typing import Any

import numpy as np

from benchmarks.tasks import Task

OURS = "tensorderiv"

Work = Callable[[], Any]
"""One run of a task; returns its results, as the peer has them."""


@dataclass(frozen=True)
class Offer:
    """How a peer does a task: `make(arrays)` prepares and gives the work.

    `inexact` quotes why its results may be less exact than rounding allows; they are then held to a wider bound, and marked.
    `within`: that bound, where the reason gives it; else the square root of what rounding allows.
    """

    make: Callable[[Mapping[str, Any]], Work]
    inexact: str = ""
    within: float = 0.0


@dataclass(frozen=True)
class Peer:
    """`offer(task)`: how it does a task, or None. `limits(task)`: why a row is left out though it could do it, or "".

    `slow_start`: a new work compiles for seconds; left out of the quick run. `home`: the full name of the module it stands
    in, and with it its process; `peers_of` fills it in.
    """

    name: str
    distribution: str
    module: str
    offer: Callable[[Task], Offer | None]
    limits: Callable[[Task], str] = lambda task: ""
    slow_start: bool = False
    threads: str = "all"
    home: str = ""

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
