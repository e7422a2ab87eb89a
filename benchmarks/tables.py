"""The tables of the report as cells of text. Rows where we lose stand as they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from benchmarks.goals import lead
from benchmarks.rows import Entry, Row
from benchmarks.tasks import DTYPES, GROUPS

MIB = 2**20


class Table(NamedTuple):
    """A title, the names of the columns, and the cells."""

    title: str
    header: list[str]
    body: list[list[str]]


def number(value: float) -> str:
    """Three digits at the most."""
    return f"{value:.0f}" if value >= 99.5 else f"{value:.1f}" if value >= 9.95 else f"{value:.2f}"


def ratio(lead: float | None) -> str:
    """A lead; in bold where it is none."""
    return "" if lead is None else number(lead) if lead >= 1 else f"**{number(lead)}**"


def cell(row: Row, entry: Entry | None) -> str:
    """A time in GEMMs with its spread, and in milliseconds; or why there is none."""
    if entry is None:
        return ""
    found = row.in_gemms(entry)
    if found is None or entry.timing is None or row.gemm is None:
        return entry.status
    spread = (entry.timing.high - entry.timing.low) / row.gemm.median
    shown = number(found) + (f" ± {number(spread / 2)}" if spread > found / 10 else "")
    return f"{'~' if entry.status == 'inexact' else ''}{shown} ({number(entry.timing.median * 1e3)})"


def peers_of(rows: Sequence[Row]) -> list[str]:
    """The peers with an entry, in the order of their first one."""
    return list(dict.fromkeys(entry.peer for row in rows for entry in row.entries))


def rows_table(title: str, rows: Sequence[Row]) -> Table:
    """The rows of one group and dtype: a column for each peer that has any of it."""
    names = peers_of(rows)
    body = []
    for row in rows:
        leads = [ratio(lead(row)), ratio(lead(row, exact=True))]
        gemm = number(row.gemm.median * 1e3) if row.gemm else ""
        work = f"{row.task} ({row.gemms} GEMMs)" if row.gemms > 1 else row.task
        cells = [cell(row, row.of(name)) for name in names]
        body.append([work, str(row.sizes["n"]), str(row.sizes["d"]), gemm, *cells, *leads])
    return Table(title, ["work", "n", "d", "GEMM (ms)", *names, "lead", "exact lead"], body)


def grouped(rows: Sequence[Row]) -> Iterator[tuple[str, list[Row]]]:
    """The rows by group and dtype, in the order of n, d and work, with a title."""
    for group, title in GROUPS.items():
        for dtype in DTYPES:
            chosen = [row for row in rows if (row.group, row.dtype) == (group, dtype)]
            if chosen:
                works = list(dict.fromkeys(row.task for row in rows))
                chosen.sort(key=lambda row: (works.index(row.task), row.sizes["n"], row.sizes["d"]))
                yield f"{title}, {dtype}", chosen


def notes(rows: Sequence[Row]) -> list[str]:
    """Why results are marked or missing, each reason once."""
    reasons: dict[str, list[str]] = {}
    for row in rows:
        for entry in row.entries:
            if entry.note:
                where = f"{row.task} (n = {row.sizes['n']}, d = {row.sizes['d']})"
                reasons.setdefault(f"{entry.peer}, {entry.status}: {entry.note}", []).append(where)
    return [f"{reason}: {where[0]}" + (f" and {len(where) - 1} more" if where[1:] else "") for reason, where in reasons.items()]


def starts(found: Sequence[dict[str, Any]]) -> Table:
    body = []
    for one in found:
        for kind in ("cold", "warm") if "error" not in one else ("",):
            times = one.get(kind, one)
            cells = (
                [number(times[key]) for key in ("imports", "first", "second")] if "first" in times else [times["error"], "", ""]
            )
            body.append([one["peer"], one["task"], kind, *cells])
    title = "A new definition, from its text to the first gradient (seconds)"
    return Table(title, ["peer", "work", "caches", "start and imports", "first", "second"], body)


def memory(found: Sequence[dict[str, Any]]) -> Table:
    body = []
    for one in found:
        cells = [one.get("error", ""), "", ""]
        if "extra" in one:
            cells = [number(one["extra"] / MIB), number(one["inputs"] / MIB), number(one["first"])]
        body.append([one["task"], str(one["n"]), str(one["d"]), one["peer"], *cells])
    title = "Peak memory of a loss with its gradients, float64"
    return Table(title, ["work", "n", "d", "peer", "extra (MiB)", "inputs (MiB)", "seconds"], body)


def scaling(found: Sequence[dict[str, Any]]) -> Table:
    body = []
    for one in found:
        cells = [number(one[key]) if key in one else one.get("error", "") for key in ("doubled", "threads")]
        body.append([one["task"], str(one["n"]), str(one["d"]), *cells])
    header = ["work", "n", "d", "time at 2n / at n", "time of one thread / of all"]
    return Table("Growth and threads, tensorderiv, float64", header, body)


def extra_tables(run: dict[str, Any]) -> list[Table]:
    """The figures that are no rows of peers."""
    return [table for table in (starts(run["starts"]), memory(run["memory"]), scaling(run["scaling"])) if table.body]
