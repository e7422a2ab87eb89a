"""`tensorderiv check` and `audit`: a derivation or a gradient written by hand."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from tensorderiv import terminal
from tensorderiv.cli.app import app
from tensorderiv.cli.options import DEF_HELP, parameter

CHECK_FORMATS = ("text", "json", "latex", "html")


@app.command()
@click.argument("file", metavar="FILE|-")
@click.option(
    "--format",
    "style",
    type=click.Choice(CHECK_FORMATS),
    default="text",
    show_default=True,
    help="latex, html: the document with each line marked.",
)
def check(file: str, style: str) -> None:
    """Check the derivations of FILE (.tex, .md, .txt, .json; - reads standard input): which line is the first wrong one.

    Exit code 0: every line is right; 1: a line is wrong; 2: something could not be read or decided.
    """
    from tensorderiv.checker.checking import check_cases, decoded, from_file, from_text, worst
    from tensorderiv.checker.report import as_data, as_html, as_latex, rows

    cases = from_text(decoded(sys.stdin.buffer.read(), "standard input")) if file == "-" else from_file(Path(file))
    reports = check_cases(cases)
    match style:
        case "json":
            data = [as_data(report) for report in reports]
            click.echo(json.dumps(data[0] if len(data) == 1 else data, indent=2, ensure_ascii=False))
        case "latex":
            click.echo(as_latex(reports), nl=False)
        case "html":
            click.echo(as_html(reports), nl=False)
        case _:
            for number, report in enumerate(reports):
                terminal.print_rows([*([()] if number else []), *rows(report)])
    raise SystemExit(worst(reports).exit_code)


@app.command(epilog=DEF_HELP)
@click.argument("function", metavar="MODULE:FUNCTION")
@click.option("--against", metavar="DEF", required=True, help="The definition to judge it by.")
@click.option("--wrt", metavar="NAME", help="The parameter that the gradient is by. Default: the first.")
@click.option("--param", "params", metavar="NAME=VALUE", multiple=True, help="Fix a parameter to a number. Several times.")
@click.option("--format", "style", type=click.Choice(("text", "json")), default="text", show_default=True)
def audit(function: str, against: str, wrt: str | None, params: tuple[str, ...], style: str) -> None:
    """Judge a hand-written gradient, a Python function, against a definition.

    MODULE is a module or the path of a .py file; it is imported, and FUNCTION called at random points. FUNCTION takes one or two
    vectors and parameters, and returns a value, a gradient, or both. Exit code 1: it is wrong; 2: it cannot be judged.
    """
    from tensorderiv.auditor import audit as judge
    from tensorderiv.auditor import load_function
    from tensorderiv.resolve import resolve

    definition = resolve(against)
    verdict = judge(load_function(function), definition, wrt=wrt, params=dict(map(parameter, params)))
    click.echo(json.dumps(verdict.as_dict(), indent=2, ensure_ascii=False) if style == "json" else str(verdict))
    if not verdict:
        raise SystemExit(1 if verdict.verdict == "wrong" else 2)
