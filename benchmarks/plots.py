"""The plots of the report, as SVG."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.goals import lead
from benchmarks.peers import OURS
from benchmarks.rows import Row
from benchmarks.tasks import GROUPS


def draw(rows: Sequence[Row], folder: Path) -> list[str]:
    """The names of the files written, relative to the folder; none without matplotlib."""
    if importlib.util.find_spec("matplotlib") is None:
        return []
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams.update(
        {
            "svg.hashsalt": "performance",  # the same figures give the same file
            "svg.fonttype": "none",
            "font.size": 9,
            "axes.spines.top": False,
            "axes.spines.right": False,
        }
    )
    made = []
    for group in GROUPS:
        chosen = [row for row in rows if row.group == group and lead(row) is not None]
        if chosen:
            made += [_lead(group, chosen, folder), _times(group, chosen, folder)]
    return made


def _save(figure: Any, name: str, folder: Path) -> str:
    from matplotlib import pyplot

    figure.savefig(folder / name, bbox_inches="tight", metadata={"Date": None})
    pyplot.close(figure)
    return name


def _scales(axes: Any, names: Sequence[str]) -> None:
    """Ratios along x, with plain numbers at 1, 2 and 5; a name for each place along y, from the top."""
    from matplotlib import ticker

    axes.set_xscale("log")
    axes.xaxis.set_major_locator(ticker.LogLocator(subs=(1, 2, 5), numticks=20))
    axes.xaxis.set_major_formatter(ticker.FuncFormatter(lambda value, _: f"{value:g}"))
    axes.xaxis.set_minor_locator(ticker.NullLocator())
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.5, -0.5)


def _lead(group: str, rows: Sequence[Row], folder: Path) -> str:
    """Each row as a dot: the time of the best peer over ours."""
    from matplotlib import pyplot

    names = list(dict.fromkeys(row.task for row in rows))
    figure, axes = pyplot.subplots(figsize=(7, 0.6 + 0.3 * len(names)))
    for dtype, colour, shift in (("float64", "C0", -0.12), ("float32", "C1", 0.12)):
        points = [(lead(row), names.index(row.task) + shift) for row in rows if row.dtype == dtype]
        if points:
            axes.scatter(*zip(*points, strict=True), s=14, color=colour, label=dtype)
    axes.axvline(1.0, color="0.5", linewidth=1)
    _scales(axes, names)
    axes.set_xlabel("time of the best peer / ours (left of 1 we lose)")
    axes.set_title(GROUPS[group], loc="left")
    axes.legend(frameon=False)
    return _save(figure, f"performance-{group}-lead.svg", folder)


def _times(group: str, rows: Sequence[Row], folder: Path) -> str:
    """The time of each peer in GEMMs, the first row of each work in float64."""
    from matplotlib import pyplot

    largest: dict[str, Row] = {}
    for row in rows:
        if row.dtype == "float64":
            largest.setdefault(row.task, row)
    shown = list(largest.values()) or list(rows)
    figure, axes = pyplot.subplots(figsize=(7, 0.8 + 0.3 * len(shown)))
    for place, name in enumerate(dict.fromkeys(entry.peer for row in shown for entry in row.entries)):
        points = [
            (g, y) for y, row in enumerate(shown) for e in row.entries if e.peer == name and (g := row.in_gemms(e)) is not None
        ]
        if points:
            mine = name == OURS
            axes.scatter(
                *zip(*points, strict=True), s=40 if mine else 18, marker="D" if mine else "o", color=f"C{place % 10}", label=name
            )
    _scales(axes, [f"{row.task}, n = {row.sizes['n']}, d = {row.sizes['d']}" for row in shown])
    axes.set_xlabel("GEMMs")
    axes.set_title(f"{GROUPS[group]}, {shown[0].dtype}", loc="left")
    axes.legend(frameon=False, bbox_to_anchor=(1.0, 1.0), loc="upper left")
    return _save(figure, f"performance-{group}-times.svg", folder)
