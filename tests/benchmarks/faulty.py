"""Peers with planted faults, for a worker to run."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.peers import Offer, Peer


def squares(X: np.ndarray, Y: np.ndarray) -> Any:
    return ((X[:, None] - Y[None]) ** 2).sum(-1)


def noisy(X: np.ndarray, Y: np.ndarray) -> Any:
    print("a library that talks on standard output")
    os.write(1, b"also below Python\n")
    return squares(X, Y)


def raising(X: np.ndarray, Y: np.ndarray) -> Any:
    raise ValueError("no such\nmetric | none")


def leaving(X: np.ndarray, Y: np.ndarray) -> Any:
    os.write(2, b"fatal: the library ends the process\n")
    os._exit(3)


def crashing(X: np.ndarray, Y: np.ndarray) -> Any:
    os.kill(os.getpid(), signal.SIGSEGV)


def endless(X: np.ndarray, Y: np.ndarray) -> Any:
    time.sleep(600)


def second_run_fails() -> Callable[..., Any]:
    runs: list[int] = []

    def run(X: np.ndarray, Y: np.ndarray) -> Any:
        runs.append(1)
        if len(runs) > 1:
            raise MemoryError
        return squares(X, Y)

    return run


def large(X: np.ndarray, Y: np.ndarray) -> Any:
    np.ones(100 * 2**20, np.uint8).sum()
    return squares(X, Y)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "right": squares,
    "wrong": lambda X, Y: squares(X, Y) * (1 + 1e-9),
    "noisy": noisy,
    "raising": raising,
    "leaving": leaving,
    "crashing": crashing,
    "endless": endless,
    "second": second_run_fails(),
    "large": large,
}


def peer(name: str, inexact: str = "", library: str = "numpy", slow: bool = False, limits: str = "") -> Peer:
    function = FUNCTIONS.get(name, squares)
    offer = Offer(lambda arrays: lambda: function(arrays["X"], arrays["Y"]), inexact)
    return Peer(name, "numpy", library, lambda task: offer, lambda task: limits, slow_start=slow)


PEERS = (
    *(peer(name) for name in FUNCTIONS),
    peer("absent", library="no_such_library"),
    peer("slow", slow=True),
    peer("barred", limits="too large"),
)
