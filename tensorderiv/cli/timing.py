"""`tensorderiv bench`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from tensorderiv import terminal
from tensorderiv.cli.app import app
from tensorderiv.cli.options import DEF_HELP

if TYPE_CHECKING:
    from tensorderiv.timing import Dtype, Timing

BENCH_HEADINGS = ("definition", "function", "cold, ms", "warm, ms", "quartiles", "GEMM, ms", "in GEMMs", "autograd, in GEMMs")


@app.command(epilog=DEF_HELP)
@click.argument("definitions", metavar="[DEF]...", nargs=-1)
@click.option("--n", type=click.IntRange(min=1), default=2000, show_default=True, help="Points: rows of X and of Y.")
@click.option("--d", type=click.IntRange(min=1), default=64, show_default=True, help="Coordinates, and every other extent.")
@click.option("--dtype", type=click.Choice(("float64", "float32")), default="float64", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="All that was measured, as JSON.")
def bench(definitions: tuple[str, ...], n: int, d: int, dtype: Dtype, as_json: bool) -> None:
    """Time the kernels of each DEF, after the oracles have agreed with them; without DEF, those of the whole catalogue.

    The unit is the GEMM: a bare X @ Y.T of n x d matrices, timed in turns with the kernels. "cold" is the first call, which
    compiles; the other times are medians of warm calls, with their quartiles. Exit code 3: a kernel disagrees with an oracle.
    """
    from tensorderiv.catalog import catalog
    from tensorderiv.definition import bench as measure
    from tensorderiv.resolve import resolve

    wanted = [resolve(definition) for definition in definitions] or [catalog[entry] for entry in catalog]
    with terminal.display() as display:
        timings = list(measure(wanted, n=n, d=d, dtype=dtype, progress=display))
    if as_json:
        click.echo(json.dumps([timing.as_dict() for timing in timings], indent=2, ensure_ascii=False))
        return
    used = timings[0].threads
    click.echo(f"n = {n}, d = {d}, {dtype}; {used['numba']} threads, BLAS {used['blas']}; warm times are medians [quartiles]\n")
    terminal.print_table(BENCH_HEADINGS, [row for timing in timings for row in bench_rows(timing)], left=2)
    for reason in dict.fromkeys(timing.absent for timing in timings if timing.absent):
        names = [timing.name for timing in timings if timing.absent == reason]
        click.echo(f"\nautograd left out ({', '.join(names)}): {reason}")


def bench_rows(timing: Timing) -> list[list[str]]:
    """The rows of the table for one definition; a dash where autograd was left out."""
    rows = []
    for place, timed in enumerate(timing.functions):
        warm, peer = timed.warm, timed.autograd
        rows.append(
            [
                "" if place else timing.name,
                timed.function,
                figures(1000 * timed.cold),
                figures(1000 * warm.median),
                f"[{figures(1000 * warm.lower)}, {figures(1000 * warm.upper)}]",
                "" if place else figures(1000 * timing.gemm.median),
                figures(timing.in_gemms(warm)),
                figures(timing.in_gemms(peer)) if peer else "-",
            ]
        )
    return rows


def figures(number: float) -> str:
    """Three digits that count, or all that stand before the point.

    >>> figures(0.0123456), figures(1.0), figures(1234.5)
    ('0.0123', '1', '1,234')
    """
    return f"{number:.3g}" if number < 100 else f"{number:,.0f}"
