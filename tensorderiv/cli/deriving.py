"""`tensorderiv derive`."""

from __future__ import annotations

import click

from tensorderiv.cli.app import app
from tensorderiv.cli.options import DEF_HELP

FORMS = ("index", "matrix", "cases")
FORMATS = ("text", "latex", "markdown", "html", "json")


@app.command(epilog=DEF_HELP)
@click.argument("definition", metavar="DEF")
@click.option(
    "--wrt",
    metavar="X_kl",
    multiple=True,
    help="What to differentiate by: an input with fresh letters. Default: the first real input. May be given several times.",
)
@click.option(
    "--order", type=click.IntRange(1, 2), default=1, help="2: the second derivative, by one --wrt twice or by two. Default: 1."
)
@click.option(
    "--form",
    type=click.Choice(FORMS),
    default="index",
    show_default=True,
    help="index: every step; matrix: the result as a matrix expression; cases: as a table by coincidence of the indices.",
)
@click.option(
    "--format", "style", type=click.Choice(FORMATS), default="text", show_default=True, help="How to print the derivation."
)
def derive(definition: str, wrt: tuple[str, ...], order: int, form: str, style: str) -> None:
    """The derivative of DEF, step by step, each step with its rule and its reason."""
    from tensorderiv.resolve import resolve

    found = resolve(definition)
    if order == 2:
        made = [found.derive(wrt, order=2) if wrt else found.derive(order=2)]
    else:
        made = list(found.derive(wrt)) if wrt else [found.derive()]
    documents = [derivation.document(style, form).rstrip("\n") for derivation in made]
    if style == "json" and len(documents) > 1:
        click.echo("[" + ",\n".join(documents) + "]")
    else:
        click.echo("\n\n".join(documents))
