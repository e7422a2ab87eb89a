"""`tensorderiv generate` and `verify`: kernels, judged before they are written and again when asked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tensorderiv import terminal
from tensorderiv.cli.app import app
from tensorderiv.cli.options import DEF_HELP, FOLDER
from tensorderiv.errors import NameProblem

if TYPE_CHECKING:
    from tensorderiv.definition import Definition
    from tensorderiv.verify import Report

SHOWN = 5
"""Failed checks that are listed for each kernel."""


@app.command(epilog=DEF_HELP)
@click.argument("definitions", metavar="DEF...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every entry of the catalogue.")
@click.option("--again", is_flag=True, help="The entries of the catalogue that --out holds already, by its MANIFEST.json.")
@click.option("--out", type=FOLDER, default=Path("kernels"), show_default=True, help="The folder to write into.")
@click.option(
    "--name", help="The name of the module; for one DEF. Default: the catalogue's name, the file's, or one made from the text."
)
@click.option(
    "--method",
    type=click.Choice(("exact", "gram")),
    default="exact",
    show_default=True,
    help="gram: sums of squared differences by products of matrices, less exact; the docstrings state the error.",
)
def generate(definitions: tuple[str, ...], everything: bool, again: bool, out: Path, name: str | None, method: str) -> None:
    """Write NAME.py, NAME.tex and MANIFEST.json for each DEF, verified first.

    Exit code 3: a kernel disagrees with an oracle, and nothing was written.
    """
    if not definitions and not everything and not again:
        raise click.UsageError("nothing to generate; name a DEF, or --all for the whole catalogue")
    if name is not None and (everything or again or len(definitions) != 1):
        raise click.UsageError("--name goes with one DEF")
    from tensorderiv.catalog import catalog
    from tensorderiv.definition import generate as write
    from tensorderiv.pipeline import held
    from tensorderiv.resolve import resolve

    if again and not held(out):
        raise NameProblem(f"{out} holds no kernels yet", hint="name the first ones, or --all for the whole catalogue")
    definitions = tuple(dict.fromkeys((*definitions, *held(out)))) if again and not everything else definitions
    wanted = [resolve(definition, name) for definition in definitions]
    wanted += [catalog[entry] for entry in catalog] if everything else []
    refuse_clashes(wanted)
    with terminal.display() as display:
        changed = write(wanted, out, complete=everything, method=method, told=display.between(tell), progress=display)
    for name in [f"{definition.name}{suffix}" for definition in wanted for suffix in (".py", ".tex")] + ["MANIFEST.json"]:
        click.echo(f"{'wrote' if out / name in changed else 'unchanged'} {out / name}")
    for path in changed:
        if not path.exists():
            click.echo(f"removed {path}")


def tell(report: Report) -> None:
    """The verdict on one kernel, and the first of the checks that failed."""
    click.echo(f"{report.name}: " + click.style(report.summary, fg="green" if report.ok else "red"))
    for record in report.failures[:SHOWN]:
        click.echo(f"  {record}")
    if len(report.failures) > SHOWN:
        click.echo(f"  and {len(report.failures) - SHOWN} more")


def refuse_clashes(definitions: list[Definition]) -> None:
    """Two different definitions must not write one file. Raises NameProblem naming both."""
    seen: dict[str, Definition] = {}
    for definition in definitions:
        other = seen.setdefault(definition.name, definition)
        if other.source != definition.source:
            raise NameProblem(f"two definitions are called {definition.name!r}", hint="generate them one at a time, with --name")


@app.command()
@click.argument("kernels", metavar="[NAME|PATH]...", nargs=-1)
def verify(kernels: tuple[str, ...]) -> None:
    """Verify generated kernels again: names in tensorderiv.generated, or paths; without any, all of tensorderiv.generated.

    Exit code 1: some failed.
    """
    from tensorderiv.definition import verify as judge

    failed = 0
    with terminal.display() as display:
        for report in judge(*kernels, progress=display):
            failed += not report.ok
            display.between(tell)(report)
    if failed:
        raise SystemExit(1)
