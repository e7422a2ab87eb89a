"""`make demo`: one line of index notation becomes a derivation, a verified kernel and numbers on real data. One screen."""

from __future__ import annotations

import importlib
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table
from rich.text import Text
from scipy.spatial.distance import cdist
from sklearn.datasets import load_digits

import tensorderiv as td
from tensorderiv.verify import Report

OUT = Path("build/demo")
console = Console(highlight=False)


def heading(title: str, detail: str = "") -> None:
    console.print(Text.assemble((f"\n{title}  ", "bold cyan"), detail))


def table(*columns: str, right: int = 0) -> Table:
    """A plain table; the last `right` columns are numbers."""
    made = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim", show_header=any(columns))
    for number, column in enumerate(columns):
        made.add_column(column, justify="right" if number >= len(columns) - right else "left", no_wrap=True)
    return made


def derive() -> td.Definition:
    definition = td.catalog["sqeuclidean"]
    derivation = definition.derive("X_kl")
    heading("1  Derivation", "the squared Euclidean distance matrix, by one entry of X")
    steps = table("", "")
    steps.add_row(Text(f"  {str(definition).splitlines()[-1]}"), "")
    first, *between, last = derivation.steps
    steps.add_row(Text(f"  dD_ij/dX_kl = {first.formula}"), "")
    for step in between:
        steps.add_row(Text(f"    = {step.formula}"), Text(step.rule))
    steps.add_row(Text(f"    = {last.formula}", style="bold green"), Text(last.rule))
    console.print(steps)
    return definition


def generate(definition: td.Definition) -> Any:
    heading("2  Kernel", "made, compiled, verified, and only then written")
    start = perf_counter()
    reports: list[Report] = []
    td.generate([definition], out=OUT, told=reports.append)
    seconds = perf_counter() - start
    for report in reports:
        judges = Counter(record.judge for record in report.records)
        checks = ", ".join(f"{judge} {count}" for judge, count in judges.items())
        console.print(f"  [green]verified[/green]  {len(report.records)} checks in {seconds:.0f} s with compiling, none failed:")
        console.print(f"            {checks}")
    for name in (f"{definition.name}.py", f"{definition.name}.tex", "MANIFEST.json"):
        console.print(f"  [green]wrote[/green]     {OUT / name}  [dim]{len((OUT / name).read_text().splitlines())} lines[/dim]")
    sys.path.insert(0, str(OUT))
    return importlib.import_module(definition.name)


def best(work: Callable[[], object], repeats: int = 7) -> float:
    """The shortest of several warm runs, in milliseconds."""
    work()
    times = []
    for _ in range(repeats):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return 1e3 * min(times)


def gram(X: np.ndarray) -> np.ndarray:
    """The usual NumPy way: |x|^2 + |y|^2 - 2 x.y. Quick, but close points lose digits."""
    squares = np.einsum("ip,ip->i", X, X)
    D: np.ndarray = squares[:, None] + squares - 2 * X @ X.T
    np.maximum(D, 0, out=D)
    return D


def gram_vjp(X: np.ndarray, W: np.ndarray) -> np.ndarray:
    both = W + W.T
    gradient: np.ndarray = 2 * (both.sum(axis=1)[:, None] * X - both @ X)
    return gradient


def compare(kernel: Any) -> None:
    X = load_digits().data
    rng = np.random.default_rng(0)
    W, V = rng.normal(size=(len(X), len(X))), rng.normal(size=X.shape)
    D, gradient = kernel.pairwise(X), kernel.vjp(X, None, W)
    heading("3  Real data", f"{len(X)} handwritten digits of {X.shape[1]} pixels (scikit-learn)")
    console.print(f"  D[0, :6]              {D[0, :6]}", markup=False)
    console.print(f"  dL/dX[0, 2:6]         {np.round(gradient[0, 2:6], 1)}  (L = sum W_ij D_ij)", markup=False)
    slope = np.vdot(W, kernel.pairwise(X + V) - kernel.pairwise(X - V)) / 2  # exact for a quadratic, but for rounding
    console.print(f"  difference to SciPy   {np.abs(D - cdist(X, X, 'sqeuclidean')).max():.1e} at most")
    error = abs(np.vdot(gradient, V) / slope - 1)
    console.print(f"  gradient check        {error:.1e} relative, against a central difference\n")

    times = table("  warm, best of 7, in ms", "tensorderiv", "NumPy, Gram form", "SciPy cdist", right=3)
    ours, numpy, scipy = best(lambda: kernel.pairwise(X)), best(lambda: gram(X)), best(lambda: cdist(X, X, "sqeuclidean"))
    times.add_row("  values", f"{ours:.1f}", f"{numpy:.1f}  ({numpy / ours:.1f} x)", f"{scipy:.1f}  ({scipy / ours:.1f} x)")
    ours, numpy = best(lambda: kernel.vjp(X, None, W)), best(lambda: gram_vjp(X, W))
    times.add_row("  gradient (VJP)", f"{ours:.1f}", f"{numpy:.1f}  ({numpy / ours:.1f} x)", "none")
    console.print(times)
    console.print("  [dim](r x): r times the time of tensorderiv[/dim]")


if __name__ == "__main__":
    console.print(Text("tensorderiv: from one line of index notation to a verified kernel", style="bold"))
    compare(generate(derive()))
