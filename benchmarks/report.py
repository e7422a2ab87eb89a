"""Write what was measured: docs/performance.md with its plots, docs/performance.json; and show it on a terminal."""

from __future__ import annotations

import dataclasses
import json
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.goals import goals
from benchmarks.rows import Row
from benchmarks.tables import Table, extra_tables, grouped, notes, rows_table

LEGEND = (
    "Each peer works in a process of its own, with the same number of threads, and only one works at a time; runs take turns. "
    "Times are medians in GEMMs: one `X @ Y.T` of the same shapes and dtype by NumPy, in the same rounds (for the scalar "
    "functions: one sum of products for each row); then half the distance between the quartiles, where it is more than a "
    "twentieth of the time; in parentheses, milliseconds. `lead` is the time of the best peer over ours, `exact lead` "
    "that of the best peer without a `~`; below 1 we lose. "
    "Before anything is timed its result is compared with a float64 reference. "
    "`~`: it is less exact than rounding allows, for the reason below the table. An empty cell: the peer has no function for it."
)
BUSY = 0.1
"""Processors used by other programs, from which on a run says little."""
WORDS = ("work", "peer", "goal", "asked", "reached", "caches", "version", "threads")
"""Columns of words; the others hold numbers."""


def markdown(header: Sequence[str], body: Sequence[Sequence[str]]) -> list[str]:
    rule = ["---" if name in WORDS else "---:" for name in header]
    return [f"| {' | '.join(cells)} |" for cells in (header, rule, *body)]


def quiet(rows: Sequence[Row]) -> list[str]:
    """How busy others kept the machine: what a reader must know before believing a figure."""
    shares = [row.others for row in rows if row.others is not None]
    if not shares:
        return []
    middle, most = statistics.median(shares), max(shares)
    warning = " **The machine was busy: the figures say little.**" if middle > BUSY else ""
    return [f"While it measured, other programs used {middle:.2f} processors in the median row, {most:.2f} at most.{warning}"]


def document(run: dict[str, Any], rows: Sequence[Row], plots: Sequence[str] = ()) -> str:
    """The text of docs/performance.md."""
    lines = ["# Performance", "", f"Written by `make bench` on {run['machine']}. {LEGEND}", "", *quiet(rows), ""]
    lines += markdown(["peer", "version", "threads"], run["peers"])
    if run["unreached"]:
        lines += ["", f"Not reached in the time of this run: {'; '.join(run['unreached'])}."]
    lines += ["", "## Goals", ""]
    lines += markdown(["goal", "asked", "measured", "reached"], [list(goal) for goal in goals(run, rows)])
    if plots:
        lines += ["", *(f"![{Path(plot).stem.replace('-', ' ')}]({plot})" for plot in plots)]
    for title, chosen in grouped(rows):
        table = rows_table(title, chosen)
        lines += ["", f"## {title}", "", *markdown(table.header, table.body)]
        lines += ["", *(f"- {note}" for note in notes(chosen))] if notes(chosen) else []
    for table in extra_tables(run):
        lines += ["", f"## {table.title}", "", *markdown(table.header, table.body)]
    return "\n".join(lines).rstrip() + "\n"


def as_json(run: dict[str, Any], rows: Sequence[Row]) -> str:
    return json.dumps({**run, "unit": "seconds", "rows": [dataclasses.asdict(row) for row in rows]}, indent=1) + "\n"


def write(run: dict[str, Any], rows: Sequence[Row], folder: Path, plots: bool = False) -> None:
    """performance.json and performance.md; with `plots`, and where matplotlib is installed, the plots as well."""
    names: list[str] = []
    folder.mkdir(parents=True, exist_ok=True)
    if plots:
        from benchmarks.plots import draw

        names = draw(rows, folder)
    for name, text in (("performance.json", as_json(run, rows)), ("performance.md", document(run, rows, names))):
        new = folder / f".{name}.new"  # renamed when it is whole: a run may be broken off at any moment
        new.write_text(text)
        new.replace(folder / name)


def show(run: dict[str, Any], rows: Sequence[Row]) -> None:
    """The same tables on the terminal."""
    from rich.console import Console

    console = Console(highlight=False, width=None if Console().is_terminal else 200)
    console.print(f"{run['machine']}\n{LEGEND}\n", markup=False)
    for title, chosen in grouped(rows):
        _print(console, rows_table(title, chosen), notes(chosen))
    for table in extra_tables(run):
        _print(console, table, ())
    absent = [f"{name} ({version})" for name, version, _ in run["peers"] if version == "missing"]
    console.print(f"not installed: {', '.join(absent) or 'none'}", markup=False)
    for line in quiet(rows):
        console.print(line.replace("**", ""), markup=False)
    if run["unreached"]:
        console.print(f"not reached in the time of this run: {'; '.join(run['unreached'])}", markup=False)


def _print(console: Any, table: Table, below: Sequence[str]) -> None:
    from rich.table import Table as Grid

    grid = Grid(title=table.title, box=None, padding=(0, 1, 0, 0), title_justify="left", header_style="bold")
    for name in table.header:
        grid.add_column(name, justify="left" if name in WORDS else "right")
    for cells in table.body:
        grid.add_row(*(text.replace("**", "") for text in cells))
    console.print(grid)
    for note in below:
        console.print(note, markup=False)
    console.print()
