"""Turns: interleaved, with a median that ignores a slow moment, and an end."""

from __future__ import annotations

from benchmarks.timing import Limits, Stopped, Timing, Turn, rounds

THREE = Limits(seconds=1e9, row=1e9, least=3, most=3)


class Clock:
    """Time that passes only when a work says so."""

    def __init__(self) -> None:
        self.now = 0.0
        self.log: list[str] = []

    def __call__(self) -> float:
        return self.now

    def work(self, name: str, *seconds: float) -> Turn:
        left = list(seconds)

        def run() -> float:
            self.log.append(name)
            self.now += left[0]
            return left.pop(0)

        return run


def taken(clock: Clock, limits: Limits, **works: Turn) -> dict[str, Timing]:
    return rounds(works, limits, clock, lambda: None)[0]


def test_runs_take_turns_and_medians_ignore_a_slow_moment() -> None:
    clock = Clock()
    found = taken(clock, THREE, a=clock.work("a", 1, 50, 2), b=clock.work("b", 5, 4, 6))
    assert clock.log == ["a", "b", "a", "b", "a", "b"]
    assert found["a"].median == 2
    assert found["b"] == Timing(5, 4.5, 5.5, 3)


def test_a_slow_peer_stops_and_the_others_go_on() -> None:
    clock, limits = Clock(), Limits(seconds=10, row=1e9, least=3, most=5)
    found = taken(
        clock, limits, slow=clock.work("s", *[60] * 9), middling=clock.work("m", *[11] * 9), fast=clock.work("f", *[1] * 9)
    )
    assert {name: timing.runs for name, timing in found.items()} == {"slow": 1, "middling": 2, "fast": 5}


def test_the_time_of_a_row_ends_its_rounds_but_not_before_the_least() -> None:
    clock = Clock()
    assert taken(clock, Limits(seconds=1e9, row=10, least=3, most=9), a=clock.work("a", *[6] * 9))["a"].runs == 3
    assert taken(clock, Limits(seconds=1e9, row=10, least=1, most=9), a=clock.work("a", *[6] * 9))["a"].runs == 2


def test_a_peer_that_stops_has_no_timing_but_a_reason() -> None:
    clock = Clock()

    def failing() -> float:
        raise Stopped("out of memory")

    found, stopped = rounds({"bad": failing, "good": clock.work("g", 1, 1, 1)}, THREE, clock, lambda: None)
    assert stopped == {"bad": "out of memory"}
    assert found == {"good": Timing(1, 1, 1, 3)}
