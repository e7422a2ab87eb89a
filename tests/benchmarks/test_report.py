"""The report says what was found: where we lose, where we fail, what is missing, and what a broken run had."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest

from benchmarks import extras, report, session
from benchmarks.goals import goals, lead
from benchmarks.machine import Others
from benchmarks.peers import OURS
from benchmarks.rows import Entry, Row
from benchmarks.session import Budget, Session
from benchmarks.tables import notes
from benchmarks.timing import Limits, Timing

ROOT = Path(__file__).parents[2]
UNIT = Timing(1.0, 1.0, 1.0, 3)


def run_of(**figures: Any) -> dict[str, Any]:
    return {
        "machine": "m",
        "peers": [["Q", "missing", "all"]],
        "unreached": [],
        "starts": [],
        "memory": [],
        "scaling": [],
    } | figures


def row_of(*entries: Entry) -> Row:
    return Row("w", "values", {"n": 2, "d": 2}, "float64", gemm=UNIT, entries=list(entries))


def test_rows_where_we_lose_are_written_as_they_are() -> None:
    mine, theirs = Timing(4.0, 4.0, 4.0, 3), Timing(2.0, 1.0, 3.0, 3)
    row = row_of(Entry(OURS, "timed", mine), Entry("P", "timed", theirs), Entry("Q", "missing"))
    row.entries += [Entry("R", "inexact", theirs, note="cancels"), Entry("S", "failed", note="no room")]
    assert lead(row) == 0.5
    text = report.document(run_of(), [row])
    assert (
        "| w | 2 | 2 | 1000 | 4.00 (4000) | 2.00 ± 1.00 (2000) | missing | ~2.00 ± 1.00 (2000) | failed | **0.50** | **0.50** |"
        in text
    )
    assert "| values: lead, worst row | >= 1 | 0.50 | no |" in text
    assert "| losses: lead, median | >= 2 | not measured |  |" in text
    assert notes([row]) == ["R, inexact: cancels: w (n = 2, d = 2)", "S, failed: no room: w (n = 2, d = 2)"]


def test_a_lead_over_less_exact_peers_is_told_apart() -> None:
    fast, slow = Timing(0.5, 0.5, 0.5, 3), Timing(3.0, 3.0, 3.0, 3)
    row = row_of(Entry(OURS, "timed", UNIT), Entry("P", "inexact", fast), Entry("Q", "timed", slow))
    assert (lead(row), lead(row, exact=True)) == (0.5, 3)
    assert "| ~0.50 (500) | 3.00 (3000) | **0.50** | 3.00 |" in report.document(run_of(), [row])


def test_a_busy_machine_is_told() -> None:
    rows = [row_of(), row_of(), row_of()]
    for row, share in zip(rows, (0.01, 0.02, 1.5), strict=True):
        row.others = share
    assert report.quiet(rows) == ["While it measured, other programs used 0.02 processors in the median row, 1.50 at most."]
    rows[0].others = 0.5
    assert "The machine was busy" in report.quiet(rows)[0]
    assert report.quiet([row_of()]) == []


def test_processors_that_others_use_are_counted() -> None:
    hog = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        foreign, own = Others([]), Others([hog.pid])
        time.sleep(1.0)
        shares = foreign.share(), own.share()
    finally:
        hog.kill()
        hog.wait()
    assert shares[0] is not None
    assert shares[1] is not None
    assert shares[0] - shares[1] > 0.2


def test_where_we_fail_no_goal_is_reached() -> None:
    row = row_of(Entry(OURS, "wrong"), Entry("P", "timed", UNIT))
    assert lead(row) == 0
    error = {"error": "x"}
    run = run_of(starts=[{"peer": OURS, "task": "t", "cold": error, "warm": error}], memory=[{"peer": OURS, **error}])
    reached = {goal.what: goal.reached for goal in goals(run, [row])}
    assert set(reached.values()) == {"no", ""}
    assert reached["values: lead, worst row"] == "no"
    assert reached["peak memory of a loss beyond 4 x the inputs (MiB)"] == "no"
    assert reached["new definition to first gradient, cold, beyond imports (s)"] == "no"


def test_extra_figures_and_their_errors_are_shown() -> None:
    sizes = {"n": 20000, "d": 64}
    text = report.document(
        run_of(
            starts=[{"peer": "P", "task": "t", "cold": {"imports": 1.0, "first": 2.0, "second": 0.5}, "warm": {"error": "lost"}}],
            memory=[
                {"task": "t", "peer": "P", **sizes, "extra": 2**20, "inputs": 2**21, "first": 3.0},
                {"task": "t", "peer": "Q", **sizes, "error": "missing"},
            ],
            scaling=[{"task": "t", **sizes, "doubled": 4.0, "threads": 1.9}, {"task": "u", **sizes, "error": "lost"}],
        ),
        [],
    )
    for line in (
        "| P | t | cold | 1.00 | 2.00 | 0.50 |",
        "| P | t | warm | lost |  |  |",
        "| t | 20000 | 64 | P | 1.00 | 2.00 | 3.00 |",
    ):
        assert line in text
    for line in (
        "| t | 20000 | 64 | Q | missing |  |  |",
        "| t | 20000 | 64 | 4.00 | 1.90 |",
        "| u | 20000 | 64 | lost | lost |",
    ):
        assert line in text


def test_plots_have_a_file_each(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    rows = [row_of(Entry(OURS, "timed", UNIT), Entry("P", "timed", Timing(3.0, 3.0, 3.0, 3)))]
    report.write(run_of(), rows, tmp_path, plots=True)
    for name in ("performance-values-lead.svg", "performance-values-times.svg"):
        assert "tensorderiv" in (tmp_path / name).read_text() or "float64" in (tmp_path / name).read_text()
        assert f"]({name})" in (tmp_path / "performance.md").read_text()


def given(out: Path | None, **options: Any) -> Namespace:
    stated = {"peers": "", "quick": True, "threads": 1, "shrink": 1, "only": "values", "without_extras": True, "minutes": 1.0}
    return Namespace(**{**stated, "out": out, **options})


def test_a_run_that_is_broken_off_leaves_what_it_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Row] = []

    def row(*given: Any) -> Row:
        if made:
            raise KeyboardInterrupt
        made.append(row_of(Entry(OURS, "timed", UNIT)))
        return made[-1]

    monkeypatch.setattr(session, "row_of", row)
    Session(given(tmp_path)).run()
    found = json.loads((tmp_path / "performance.json").read_text())
    assert [one["task"] for one in found["rows"]] == ["w"]
    assert found["unreached"] == ["all after the run was broken off"]
    assert "Not reached" in (tmp_path / "performance.md").read_text()


def test_when_the_time_is_over_nothing_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "row_of", lambda *given: pytest.fail("a row began"))
    for kind in ("starts", "memory", "scaling"):
        monkeypatch.setattr(extras, kind, lambda *given: (pytest.fail("a figure began") for _ in (1,)))
    Session(given(tmp_path, minutes=-1.0, only="", without_extras=False)).run()
    assert json.loads((tmp_path / "performance.json").read_text())["unreached"] == [
        "15 rows from loss npairs, n = 1024",
        "starts after line 0",
        "memory after line 0",
        "scaling after line 0",
    ]


def test_a_row_has_its_share_of_the_time_that_is_left() -> None:
    now = [0.0]
    budget = Budget(1.0, lambda: now[0])
    assert budget.share(Limits(row=12), 3).row == 12
    now[0] = 30.0
    assert budget.share(Limits(row=12), 6).row == 5


def test_a_quick_run_writes_nothing_in_docs() -> None:
    assert Session(given(None)).folder is None
    assert Session(given(None, quick=False)).folder == ROOT / "docs"


def test_peers_import_nothing_before_they_are_asked() -> None:
    """Else a missing library would end the run, and each process would start with all of them."""
    code = (
        "import sys; from benchmarks.peers import all_peers; print(*[p.module for p in all_peers() if p.module in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
