"""Figures that are no row of peers: cold and warm start, peak memory, growth with n, gain from more threads."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks import tasks
from benchmarks.crew import Crew
from benchmarks.measure import ready, scratch, stored, turn_of
from benchmarks.pairs import pair
from benchmarks.peers import OURS, Peer
from benchmarks.tasks import Task
from benchmarks.timing import Limits, Stopped, rounds

Figures = Generator[dict[str, Any], None, None]


@dataclass(frozen=True)
class Sizes:
    """At what sizes the figures are taken."""

    memory: tuple[int, int] = (20_000, 64)
    scaling: tuple[int, int] = (2000, 64)
    losses: tuple[str, ...] = ("npairs", "mmd", "batch_hard")
    pairs: tuple[str, ...] = ("sqeuclidean", "cityblock", "rbf")

    def shrunk(self, by: int) -> Sizes:
        """The same with fewer rows of points."""
        (n, d), (m, e) = self.memory, self.scaling
        return replace(self, memory=(max(n // by, WARM_UP), d), scaling=(max(m // by, WARM_UP), e))


FULL, QUICK = Sizes(), Sizes((4000, 64), (1000, 64), ("npairs",), ("sqeuclidean",))
NEW_SIZES = (200, 8)
WARM_UP = 64
"""Rows at which a loss is run before its memory is measured: what a library loads and compiles is not the loss's."""
LONGEST = 150.0
"""Seconds for one request."""


def starts(peers: Sequence[Peer], threads: int, say: Callable[[str], None]) -> Figures:
    """A definition that no library has a function for: from its text to the first gradient, with empty and with filled caches.

    Each start is a new process. KeOps has no n x m table of weights to pull back; it starts with a loss that it can state.
    """
    for peer in peers:
        new, other = tasks.new_task(*NEW_SIZES), tasks.loss("mmd").sized(*NEW_SIZES, "float64")
        task = new if peer.offer(new) else other
        if peer.offer(task) is None:
            continue
        found: dict[str, Any] = {"peer": peer.name, "task": task.key}
        if not peer.installed():
            yield found | {"error": "missing"}
            continue
        say(f"start: {peer.name}")
        with scratch() as caches, stored(task) as folder:
            for kind in ("cold", "warm"):
                found[kind] = _start(peer, task, folder, Path(caches), threads)
        yield found


def _start(peer: Peer, task: Task, folder: str, caches: Path, threads: int) -> dict[str, Any]:
    """Seconds until the library is there, from then to the first result, and of a second run."""
    with Crew(threads, caches) as crew:
        try:
            begin = time.perf_counter()
            crew.of(peer).ask(LONGEST, do="load", peer=peer.name)
            imports = time.perf_counter() - begin
            request = {"slot": "new", "peer": peer.name, "task": task.as_json(), "folder": folder}
            first = crew.of(peer).ask(LONGEST, do="prepare", **request)
            if first["status"] == "wrong":
                return {"error": first["note"]}
            return {"imports": imports, "first": first["first"], "second": turn_of(crew.of(peer), "new")()}
        except Stopped as why:
            return {"error": str(why)}


def memory(peers: Sequence[Peer], threads: int, say: Callable[[str], None], sizes: Sizes) -> Figures:
    """The memory that a loss with its gradients takes beyond its inputs, at the highest, in a process of its own.

    Results are not compared here: the reference would take more memory than any peer. The rows of the losses compare them.
    """
    n, d = sizes.memory
    for name in sizes.losses:
        task = tasks.loss(name).sized(n, d, "float64")
        with scratch() as caches, stored(task.sized(WARM_UP, d, "float64")) as small, stored(task, checked=False) as large:
            for peer in peers:
                if peer.offer(task) is None:
                    continue
                found: dict[str, Any] = {"peer": peer.name, "task": name, "n": n, "d": d}
                reason = "" if peer.installed() else "missing"
                if reason or (reason := peer.limits(task)):
                    yield found | {"error": reason}
                    continue
                say(f"memory: {name}, {peer.name}")
                with Crew(threads, Path(caches)) as crew:
                    try:
                        ready(crew, peer, task.sized(WARM_UP, d, "float64"), small)
                        request = {"slot": "large", "peer": peer.name, "task": task.as_json(), "folder": large}
                        found |= crew.of(peer).ask(LONGEST, do="prepare", checked=False, peak=True, **request)
                    except Stopped as why:
                        found["error"] = str(why)
                yield found


def scaling(ours: Peer, threads: int, caches: Path, say: Callable[[str], None], sizes: Sizes, limits: Limits) -> Figures:
    """Ours alone: the time at 2n over the time at n, and of a process with one thread over one with all."""
    n, d = sizes.scaling
    chosen = [tasks.pair_task(group, pair(name), n, d, "float64") for name in sizes.pairs for group in (tasks.VALUES, tasks.VJP)]
    chosen.append(tasks.loss("npairs").sized(n, d, "float64"))
    with Crew(threads, caches) as all_threads, Crew(1, caches) as one_thread:
        for task in chosen:
            say(f"scaling: {task.key}")
            found = {"task": task.key, "n": n, "d": d}
            try:
                with stored(task) as small, stored(task.sized(2 * n, d, "float64"), checked=False) as large:
                    ready(all_threads, ours, task, small, "n")
                    ready(all_threads, ours, task.sized(2 * n, d, "float64"), large, "2n", checked=False)
                    turns = {"n": turn_of(all_threads.of(ours), "n"), "2n": turn_of(all_threads.of(ours), "2n")}
                    if threads > 1:
                        ready(one_thread, ours, task, small, "n")
                        turns["1 thread"] = turn_of(one_thread.of(ours), "n")
                timings, stopped = rounds(turns, limits)
                if stopped:
                    raise Stopped(next(iter(stopped.values())))
            except Stopped as why:
                yield found | {"error": str(why)}
                continue
            seconds = {name: timing.median for name, timing in timings.items()}
            found |= {"seconds": seconds, "doubled": seconds["2n"] / seconds["n"]}
            if threads > 1:
                found |= {"threads": seconds["1 thread"] / seconds["n"]}
            yield found
            all_threads.drop()
            one_thread.drop()


def every(
    peers: Sequence[Peer], quick: bool, shrink: int, threads: int, caches: Path, say: Callable[[str], None], limits: Limits
) -> dict[str, Figures]:
    """All of these figures, by the name of their table. In a quick run of ours alone."""
    sizes = (QUICK if quick else FULL).shrunk(shrink)
    mine = [peer for peer in peers if peer.name == OURS]
    asked = mine if quick else peers
    found = {"starts": starts(asked, threads, say), "memory": memory(asked, threads, say, sizes)}
    return found | ({"scaling": scaling(mine[0], threads, caches, say, sizes, limits)} if mine else {})
