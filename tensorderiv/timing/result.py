"""What was measured, as data. Times are in seconds here, in milliseconds where they are shown."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Spread:
    """The median of repeated runs, and the quartiles below and above it."""

    median: float
    lower: float
    upper: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Spread:
        """The spread of some runs.

        >>> Spread.of([4.0, 1.0, 2.0, 3.0, 5.0])
        Spread(median=3.0, lower=2.0, upper=4.0)
        """
        if len(seconds) == 1:
            return cls(seconds[0], seconds[0], seconds[0])
        lower, median, upper = statistics.quantiles(seconds, n=4, method="inclusive")
        return cls(median, lower, upper)

    def as_dict(self) -> dict[str, float]:
        """In milliseconds."""
        return {"median_ms": _ms(self.median), "lower_ms": _ms(self.lower), "upper_ms": _ms(self.upper)}


@dataclass(frozen=True)
class Timed:
    """One function: its first call, which compiles it; its warm calls; those of autograd doing the same, or None."""

    function: str
    cold: float
    warm: Spread
    autograd: Spread | None


@dataclass(frozen=True)
class Timing:
    """One definition. `gemm` is a bare X @ Y.T, X and Y of shape (n, d), timed between the others in the same run."""

    name: str
    n: int
    d: int
    dtype: str
    shapes: Mapping[str, tuple[int, ...]]
    """The shape of every input."""
    inputs: str
    """How they were drawn."""
    checks: int
    """Comparisons with the oracles that came out right before anything was timed."""
    threads: Mapping[str, int]
    turns: int
    """Measurements of each function, taken in turns."""
    gemm: Spread
    functions: tuple[Timed, ...]
    absent: str = ""
    """Why autograd was not timed; empty where it was."""

    def in_gemms(self, spread: Spread) -> float:
        """A median in units of the GEMM's."""
        return spread.median / self.gemm.median

    def as_dict(self) -> dict[str, Any]:
        """The same as JSON has it."""
        return {
            "name": self.name,
            "n": self.n,
            "d": self.d,
            "dtype": self.dtype,
            "shapes": {name: list(shape) for name, shape in self.shapes.items()},
            "inputs": self.inputs,
            "checks": self.checks,
            "threads": dict(self.threads),
            "turns": self.turns,
            "gemm": self.gemm.as_dict(),
            "functions": [self._function(timed) for timed in self.functions],
            "autograd_absent": self.absent or None,
        }

    def _function(self, timed: Timed) -> dict[str, Any]:
        peer = timed.autograd
        return {
            "function": timed.function,
            "cold_ms": _ms(timed.cold),
            **timed.warm.as_dict(),
            "gemms": float(f"{self.in_gemms(timed.warm):.4g}"),
            "autograd": peer and {**peer.as_dict(), "gemms": float(f"{self.in_gemms(peer):.4g}")},
        }


def _ms(seconds: float) -> float:
    return float(f"{1000 * seconds:.4g}")
