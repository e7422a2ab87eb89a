"""Timing a module: what is called, at which sizes, checked first; and what keeps it from being timed."""

from __future__ import annotations

import importlib.util
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tensorderiv as td
from tensorderiv.errors import DomainProblem, VerificationFailed
from tensorderiv.language import read
from tensorderiv.timing import Spread, time_module
from tensorderiv.timing import timing as driver
from tensorderiv.timing.clock import in_turns
from tensorderiv.timing.timing import sizes_for
from tensorderiv.timing.works import stored, why_not_autograd
from tensorderiv.verify.mutants import PAIR_FAULTS, plant

HANDMADE = Path(__file__).parents[1] / "verify" / "handmade.py"
spec = importlib.util.spec_from_file_location("handmade", HANDMADE)
assert spec is not None
assert spec.loader is not None
handmade: Any = importlib.util.module_from_spec(spec)
spec.loader.exec_module(handmade)

SOFTMAX = "S_ij = exp(X_ij) / sum_k exp(X_ik)"
CASES = [
    (handmade.SQEUCLIDEAN, handmade.SquaredEuclidean(), ("pairwise", "vjp")),
    (handmade.STRESS, handmade.Stress(), ("value", "value_and_grad")),
    (SOFTMAX, handmade.Softmax(), ("evaluate", "vjp")),
]


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Turns of a millisecond, and no start of Numba: these modules have nothing to compile."""
    monkeypatch.setattr("tensorderiv.timing.clock.SETTLE", 0.001)
    monkeypatch.setattr(driver, "start_numba", lambda: None)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(("text", "module", "functions"), CASES, ids=["pair", "scalar", "tensor"])
def test_values_and_gradients_of_each_kind(text: str, module: Any, functions: tuple[str, ...], dtype: Any) -> None:
    heard: list[str] = []
    timing = time_module(read(text), module, n=9, d=3, dtype=dtype, doing=heard.append)
    assert tuple(timed.function for timed in timing.functions) == functions
    assert timing.checks >= 4
    assert timing.turns >= 5
    for timed in timing.functions:
        assert timed.cold > 0
        assert 0 < timed.warm.lower <= timed.warm.median <= timed.warm.upper
        assert (timed.autograd is None) == (dtype == "float32")
    assert bool(timing.absent) == (dtype == "float32")
    assert heard.index(f"compiling {functions[0]}") < heard.index("judging by brute force and autodiff") < len(heard) - 1
    told = json.loads(json.dumps(timing.as_dict(), allow_nan=False))
    first = told["functions"][0]
    assert first["gemms"] == pytest.approx(first["median_ms"] / told["gemm"]["median_ms"], rel=1e-3)


def test_the_arrays_have_the_sizes_and_the_dtype_asked_for() -> None:
    seen = []

    class Spy(handmade.SquaredEuclidean):  # type: ignore[misc]
        def pairwise(self, X: Any, Y: Any = None) -> Any:
            seen.append((X.shape, Y.shape, X.dtype))
            return super().pairwise(X, Y)

    timing = time_module(read(handmade.SQEUCLIDEAN), Spy(), n=11, d=7, dtype="float32")
    assert seen[0] == seen[-1] == ((11, 7), (11, 7), np.float32)
    assert dict(timing.shapes) == {"X": (11, 7), "Y": (11, 7)}


@pytest.mark.parametrize(
    "fault", [fault for fault in PAIR_FAULTS if fault.function in ("pairwise", "vjp")], ids=lambda fault: fault.name
)
def test_a_wrong_kernel_is_not_timed(fault: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "in_turns", lambda *_: pytest.fail("timed"))
    with pytest.raises(VerificationFailed, match="was not timed"):
        time_module(read(handmade.COSINE, "cosine"), plant(handmade.Cosine(), fault), n=9, d=3)


def test_a_kernel_wrong_on_large_input_alone_is_not_timed() -> None:
    class Blocked(handmade.SquaredEuclidean):  # type: ignore[misc]
        def pairwise(self, X: Any, Y: Any = None) -> Any:
            found = super().pairwise(X, Y)
            found[32:] *= 1.001
            return found

    with pytest.raises(VerificationFailed, match="sizes 37"):
        time_module(read(handmade.SQEUCLIDEAN), Blocked(), n=9, d=3)


def test_sizes() -> None:
    assert sizes_for(read("D_ij = sum_p (X_ip - Y_jp)^2"), 50, 4) == {"n": 50, "m": 50, "d": 4}
    assert sizes_for(read("L = sum_i x_i^2"), 50, 4) == {"n": 50}
    assert sizes_for(read("D_ij = sum_p abs(X_ip - Y_jp) + X[i,5] Y[j,5]"), 50, 4)["d"] == 6
    labelled = read("labels c[n]\ntensor Z[n,C]\nL = -sum_i Z[i,c[i]]")
    assert sizes_for(labelled, 50, 4) == {"n": 50, "C": 4}


def test_what_does_not_fit_is_refused_before_anything_is_drawn() -> None:
    program = read(handmade.SQEUCLIDEAN, "squares")
    with pytest.raises(DomainProblem, match=r"squares at n = 3000000, d = 2 needs .* GB for its arrays.*take a smaller n or d"):
        time_module(program, handmade.SquaredEuclidean(), n=3_000_000, d=2)
    two = read("D_ij = sum_p (X_ip - Y_jp)^2")
    assert stored(two, {"n": 10, "m": 20, "d": 3}) == 8 * (10 * 3 + 20 * 3 + 2 * 10 * 20)


def test_autograd_is_left_out_where_its_arrays_do_not_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    program, sizes = read("D_ij = sum_p (X_ip - Y_jp)^2"), {"n": 2000, "m": 2000, "d": 64}
    monkeypatch.setattr("tensorderiv.timing.works.memory", lambda: 10**9)
    assert "its arrays would take about" in why_not_autograd(program, sizes, "float64")
    assert why_not_autograd(program, {"n": 20, "m": 20, "d": 6}, "float64") == ""


def test_turns_tell_the_slow_from_the_quick() -> None:
    calls = {"slow": 0, "quick": 0}

    def slow() -> None:
        calls["slow"] += 1
        time.sleep(0.01)

    def quick() -> None:
        calls["quick"] += 1

    spreads, turns = in_turns({"slow": slow, "quick": quick}, lambda words: None)
    assert 5 <= turns <= 15
    assert spreads["slow"].median >= 0.01 > 100 * spreads["quick"].median
    assert calls["quick"] > 20 * calls["slow"]  # counted in batches that a clock can tell


def test_quartiles() -> None:
    assert Spread.of([5.0, 1.0, 3.0]) == Spread(3.0, 2.0, 4.0)
    assert Spread.of([2.0]) == Spread(2.0, 2.0, 2.0)


def test_a_definition_from_text_to_gemms() -> None:
    from tensorderiv.definition import bench

    told: list[str] = []
    (timing,) = bench(td.define("L = sum_i x_i^2", name="squares"), n=20, d=2, progress=lambda p: told.append(str(p)))
    assert timing.name == "squares"
    assert [timed.function for timed in timing.functions] == ["value", "value_and_grad"]
    assert all(timing.in_gemms(timed.warm) > 0 for timed in timing.functions)
    assert told[0] == "1 of 1  squares  emitting"
