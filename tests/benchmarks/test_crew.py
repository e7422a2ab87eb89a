"""Workers: what is wrong is not timed, what fails, ends or hangs is an entry with its reason, and the others go on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import measure
from benchmarks.crew import Crew, environment
from benchmarks.measure import ready, row_of, stored
from benchmarks.pairs import pair
from benchmarks.peers import Peer, peers_of
from benchmarks.rows import Entry, Row
from benchmarks.tasks import VALUES, pair_task
from benchmarks.timing import Limits, Stopped

TASK = pair_task(VALUES, pair("sqeuclidean"), 8, 3, "float64")
TWO = Limits(seconds=1e9, row=1e9, least=2, most=2)
FAULTY = {peer.name: peer for peer in peers_of("tests.benchmarks.faulty")}


@pytest.fixture(scope="module")
def crew(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crew]:
    with Crew(1, tmp_path_factory.mktemp("caches")) as made:
        yield made


def entries(crew: Crew, *names: str, quick: bool = False) -> tuple[Row, dict[str, Entry]]:
    row = row_of(crew, TASK, [FAULTY[name] for name in names], TWO, quick)
    return row, {entry.peer: entry for entry in row.entries}


def test_right_is_timed_wrong_is_not(crew: Crew) -> None:
    row, found = entries(crew, "wrong", "raising", "noisy", "right", "second")
    assert [entry.peer for entry in row.entries] == ["wrong", "raising", "noisy", "right", "second"]
    assert found["right"].status == found["noisy"].status == "timed"
    assert found["right"].timing is not None and found["right"].timing.runs == 2
    assert row.gemm is not None and row.gemm.runs == 2
    assert row.in_gemms(found["right"])
    assert found["wrong"].status == "wrong" and found["wrong"].timing is None
    assert found["wrong"].note.startswith("deviates by 1.0e-09, rounding allows")
    assert (found["raising"].status, found["raising"].note) == ("failed", "ValueError: no such metric / none")
    assert (found["second"].status, found["second"].note) == ("failed", "MemoryError")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("leaving", "its process ended: fatal: the library ends the process"),
        ("crashing", "its process ended: SIGSEGV"),
        ("endless", "not ready after 1 s"),
    ],
)
def test_a_lost_process_is_an_entry_and_the_next_row_has_a_new_one(
    crew: Crew, name: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measure, "READY", 1.0 if name == "endless" else 20.0)
    found = row_of_with_unit(crew, name)
    assert (found.status, found.note) == ("failed", reason)
    monkeypatch.setattr(measure, "READY", 20.0)
    assert row_of_with_unit(crew, "right").status == "timed"


def row_of_with_unit(crew: Crew, name: str) -> Entry:
    """The entry of a peer; the worker of the unit and that of the peer are there already, so that starts need no time."""
    if name == "endless":
        with stored(TASK) as folder:
            for peer in (FAULTY["right"], measure.unit()):
                crew.of(peer).ask(20, do="prepare", slot="", peer=peer.name, task=TASK.as_json(), folder=folder, checked=False)
    return entries(crew, name)[1][name]


def test_what_is_not_asked_has_its_reason(crew: Crew) -> None:
    _, found = entries(crew, "absent", "slow", "barred", quick=True)
    assert found["absent"] == Entry("absent", "missing")
    assert found["slow"].status == found["barred"].status == "left out"
    assert found["barred"].note == "too large"


def test_memory_at_the_highest_is_seen(crew: Crew) -> None:
    def extra(peer: Peer) -> float:
        with stored(TASK) as folder:
            request = {"slot": "", "peer": peer.name, "task": TASK.as_json(), "folder": folder}
            found = crew.of(peer).ask(20, do="prepare", peak=True, **request)
        assert found["inputs"] == 2 * 8 * 3 * 8
        return float(found["extra"]) / 2**20

    assert extra(FAULTY["right"]) < 10 < 99 < extra(FAULTY["large"]) < 110


def test_a_worker_without_such_a_task_says_so(crew: Crew) -> None:
    with stored(TASK) as folder, pytest.raises(Stopped, match="StopIteration"):
        ready(crew, Peer("nobody", "", "", lambda task: None, home="tests.benchmarks.faulty"), TASK, folder)


def test_all_libraries_are_given_the_same_number_of_threads() -> None:
    found = environment(3, Path("caches"))
    assert {found[name] for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")} == {"3"}
    assert found["OMP_WAIT_POLICY"] == "passive"
