"""The angle between two gradients and the ratio of their lengths over random points, as a figure: what imports matplotlib."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tensorderiv.errors import DomainProblem, NameProblem
from tensorderiv.relations.gradients import Gradients
from tensorderiv.relations.relate import Relation
from tensorderiv.relations.sampled import sampled

POINTS = 1000
BINS = 40
WIDE = 100.0
"""Ratios that differ by more are drawn on a logarithmic axis."""


def plot(found: Gradients, relation: Relation, names: tuple[str, str], path: Path) -> None:
    """Write the figure. Raises NameProblem without matplotlib or for a kind of file that it cannot write."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError:
        raise NameProblem("matplotlib is not installed", hint="pip install matplotlib, or leave out --plot") from None
    numbers = sampled(found, by_rows=relation.by_rows, points=POINTS)
    if not len(numbers.ratios):
        raise DomainProblem("there is nothing to draw: at every random point one of the gradients is 0")
    turned = bool(np.isfinite(numbers.theta).all()) and found.tangent
    figure = Figure(figsize=(9.0 if not turned else 13.0, 3.6), layout="constrained")
    canvas = FigureCanvasAgg(figure)
    kinds = canvas.get_supported_filetypes()
    if path.suffix.lstrip(".").lower() not in kinds:
        raise NameProblem(f"no figure can be written as {path.name}", hint=f"end it in .{', .'.join(sorted(kinds))}")
    axes = figure.subplots(1, 3 if turned else 2)
    axes[0].hist(numbers.degrees, bins=np.linspace(0, 180, BINS + 1), color="tab:blue")
    axes[0].set(xlabel="angle between the gradients, degrees", ylabel="points", xlim=(0, 180))
    lengths = np.abs(numbers.ratios)
    wide = lengths.max() > WIDE * lengths.min()
    bins = np.geomspace(lengths.min(), lengths.max(), BINS + 1) if wide else BINS
    axes[1].hist(lengths, bins=bins, color="tab:orange")
    axes[1].set(
        xlabel=f"|gradient of {names[0]}| / |gradient of {names[1]}|", ylabel="points", xscale="log" if wide else "linear"
    )
    if turned:
        axes[2].plot(numbers.theta, lengths, ".", markersize=3, color="tab:green")
        axes[2].set(xlabel="theta, the angle between the points, degrees", ylabel="ratio of the lengths", xlim=(0, 180))
    where = " on the sphere" if found.tangent else ""
    figure.suptitle(f"{names[0]} and {names[1]}{where}, {numbers.points} random points")
    figure.savefig(path)
