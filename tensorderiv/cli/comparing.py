"""`tensorderiv compare` and `stationary`: gradients side by side, and gradients that are 0."""

from __future__ import annotations

import json
from pathlib import Path

import click

from tensorderiv.cli.app import app
from tensorderiv.cli.options import DEF_HELP, Space, parameter, size, space_option


@app.command(epilog=DEF_HELP)
@click.argument("first", metavar="DEF")
@click.argument("second", metavar="DEF")
@click.option("--wrt", metavar="X_kl", help="What to differentiate by. Default: the first real input of the first DEF.")
@space_option("sphere: points are unit rows, and the tangent parts of the gradients are compared.")
@click.option(
    "--plot", type=click.Path(dir_okay=False, path_type=Path), help="Draw angle and ratio over random points (.png, .pdf, .svg)."
)
@click.option("--format", "style", type=click.Choice(("text", "json")), default="text", show_default=True)
def compare(first: str, second: str, wrt: str | None, space: Space, plot: Path | None, style: str) -> None:
    """The gradients of two DEFs side by side: equal, proportional, of one direction, or different.

    A relation is proved, or holds at random points; a difference comes with a counterexample and the angle there. Definitions
    over rows, such as D_ij, are compared by a point. Exit code 1: different.
    """
    from tensorderiv.relations import compare as side_by_side
    from tensorderiv.resolve import resolve

    found = side_by_side(resolve(first), resolve(second), wrt=wrt, space=space)
    click.echo(json.dumps(found.as_dict(), indent=2, ensure_ascii=False) if style == "json" else str(found))
    if plot is not None:
        found.plot(plot)
        click.echo(f"wrote {plot}", err=style == "json")
    if not found:
        raise SystemExit(1)


@app.command(epilog=DEF_HELP)
@click.argument("definition", metavar="DEF")
@click.option("--at", metavar="X_ip=...", multiple=True, required=True, help="An input, given by a formula. Several times.")
@click.option("--wrt", metavar="X", multiple=True, help="What to differentiate by. Default: what --at gives. Several times.")
@click.option("--size", "sizes", metavar="n=7", multiple=True, help="The size of an extent, for the Hessian. Several times.")
@click.option("--param", "params", metavar="NAME=VALUE", multiple=True, help="Fix a parameter to a number. Several times.")
@space_option("sphere: the rows of what --at gives have length 1; Riemannian gradient and Hessian.")
@click.option("--format", "style", type=click.Choice(("text", "json")), default="text", show_default=True)
def stationary(
    definition: str,
    at: tuple[str, ...],
    wrt: tuple[str, ...],
    sizes: tuple[str, ...],
    params: tuple[str, ...],
    space: Space,
    style: str,
) -> None:
    """Is the gradient of DEF 0 where inputs have given values, and is that a minimum, a maximum or a saddle?

    Letters that DEF does not know are free: --at "X_ip = v_p" gives all rows of X the same value, whichever. The gradient is
    decided for all sizes, the Hessian's eigenvalues are computed at one. Exit code 1: it is not stationary.
    """
    from tensorderiv.resolve import resolve
    from tensorderiv.stationarity import stationary as judge

    found = judge(
        resolve(definition), at, wrt=wrt or None, sizes=dict(map(size, sizes)), params=dict(map(parameter, params)), space=space
    )
    click.echo(json.dumps(found.as_dict(), indent=2, ensure_ascii=False) if style == "json" else str(found))
    if not found:
        raise SystemExit(1)
