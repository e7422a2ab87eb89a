"""The command line: what stands in the contract, and nothing that does not work yet.

Each command calls the public verbs and prints. Exit codes: 0 done, 2 an error (one line, and the place in the text when there is
one), 3 a kernel could not be verified: `generate` wrote nothing, `bench` timed nothing; 1 `verify` found a kernel that fails,
`check` a line that is wrong, `audit` a function that is, `compare` different gradients, `stationary` a gradient that is not 0.
"""

from __future__ import annotations

import difflib
import json
import os
import sys
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar

import click

from tensorderiv import terminal
from tensorderiv.errors import NameProblem, TensorDerivError, VerificationFailed
from tensorderiv.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

    from tensorderiv.definition import Definition
    from tensorderiv.timing import Dtype, Timing
    from tensorderiv.verify import Report

F = TypeVar("F", bound="Callable[..., None]")
Space: TypeAlias = Literal["flat", "sphere"]

SHOWN = 5
"""Failed checks that are listed for each kernel."""

FORMS = ("index", "matrix", "cases")
FORMATS = ("text", "latex", "markdown", "html", "json")
CHECK_FORMATS = ("text", "json", "latex", "html")
FOLDER = click.Path(file_okay=False, path_type=Path)
DEF_HELP = "DEF is a catalogue name, a path to a .td or .tex file, or the definition itself."


class Commands(click.Group):
    """A group that names the nearest command when one is misspelt."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], self.commands, n=1)
            remedy = f"did you mean {near[0]}?" if near else f"the commands are {', '.join(self.commands)}"
            raise click.UsageError(f"there is no command {args[0]!r}; {remedy}")
        return super().resolve_command(ctx, args)


@click.group(
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(__version__, prog_name="tensorderiv")
@click.pass_context
def app(context: click.Context) -> None:
    """Index notation in; its derivative, the derivation and verified Numba kernels out."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@app.command("list")
@click.argument("text", required=False)
@click.option("--json", "as_json", is_flag=True, help="All that is known of each entry, as JSON.")
def list_(text: str | None, as_json: bool) -> None:
    """What the catalogue holds; with TEXT: what is called so, by us or by a package, and by what name."""
    from tensorderiv.catalog import KINDS, catalog

    found = dict.fromkeys(catalog.entries(), ()) if text is None else catalog.search(text)
    if as_json:
        known = [asdict(entry) | {"packages": dict(entry.packages)} for entry in found]
        click.echo(json.dumps(known, indent=2, ensure_ascii=False))
        return
    if not found:
        near = catalog.nearest(text or "")
        hint = f"did you mean {' or '.join(near)}?" if near else "`tensorderiv list` shows all entries"
        raise NameProblem(f"nothing in the catalogue is called {text!r}", hint=hint)
    width = max(len(entry.name) for entry in found)
    groups = {folder: [entry for entry in found if entry.kind == kind] for folder, kind in KINDS.items()}
    for number, (folder, entries) in enumerate((folder, entries) for folder, entries in groups.items() if entries):
        click.echo(("\n" if number else "") + click.style(folder, bold=True) + f" ({len(entries)})")
        for entry in entries:
            others = [name for name in found[entry] if name not in (entry.name, entry.title)]
            called = click.style(f"  ({', '.join(others)})", dim=True) if others else ""
            click.echo(f"  {click.style(entry.name.ljust(width), fg='cyan')}  {entry.title}{called}")


@app.command()
@click.argument("name")
@click.option("--steps", is_flag=True, help="Every step of the derivations as well.")
def show(name: str, steps: bool) -> None:
    """The page of NAME (or alias) in the gallery: definition, derivatives, how to use it, what packages call it, source."""
    from tensorderiv.catalog import catalog

    entry = catalog.entry(name)  # an unknown name is told before the engine is loaded
    from tensorderiv.gallery import as_text, entry_page

    heading = partial(click.style, fg="cyan", bold=True)
    click.echo(as_text(entry_page(entry.name), steps=steps, heading=heading), nl=False)


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
    from tensorderiv.checker.checking import check_case, decoded, from_file, from_text, worst
    from tensorderiv.checker.report import as_data, as_html, as_latex, rows

    cases = from_text(decoded(sys.stdin.buffer.read(), "standard input")) if file == "-" else from_file(Path(file))
    reports = tuple(map(check_case, cases))
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


def parameter(text: str) -> tuple[str, float]:
    """NAME=VALUE."""
    name, _, value = text.partition("=")
    try:
        return name.strip(), float(value)
    except ValueError:
        raise click.UsageError(f"--param {text!r} is not NAME=NUMBER") from None


def space_option(what: str) -> Callable[[F], F]:
    """--in sphere."""
    return click.option("--in", "space", type=click.Choice(("flat", "sphere")), default="flat", show_default=True, help=what)


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


def size(text: str) -> tuple[str, int]:
    """NAME=NUMBER, a whole one."""
    name, _, value = text.partition("=")
    if not value.strip().isdecimal():
        raise click.UsageError(f"--size {text!r} is not NAME=NUMBER, e.g. n=7")
    return name.strip(), int(value)


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


BENCH_HEADINGS = ("definition", "function", "cold, ms", "warm, ms", "quartiles", "GEMM, ms", "in GEMMs", "autograd, in GEMMs")


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


def complain(message: str, excerpt: str = "") -> None:
    """One line to standard error, and the place in the text when there is one."""
    line = " ".join(message.split())
    click.echo(click.style("error: ", fg="red", bold=True) + line, err=True)
    for row in excerpt.splitlines():
        click.echo("  " + "".join(letter if letter.isprintable() else " " for letter in row), err=True)


def run(arguments: list[str] | None = None) -> int:
    """The command line as a function: prints, and returns the exit code. Nothing a user can type shows a traceback."""
    try:
        app.main(args=arguments, prog_name="tensorderiv", standalone_mode=False)
        sys.stdout.flush()
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 2
    except click.ClickException as error:
        complain(error.format_message())
    except VerificationFailed as error:
        complain(error.message, error.excerpt())
        return 3
    except TensorDerivError as error:
        complain(str(error), error.excerpt())
    except (KeyboardInterrupt, click.Abort):
        complain("stopped")
        return 130
    except BrokenPipeError:  # `tensorderiv list | head`: the reader has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except OSError as error:
        complain(f"{error.filename or 'the system'}: {error.strerror or error}")
    except Exception as error:  # the last boundary: a fault of ours is told as such, with the way to its traceback
        if os.environ.get("TENSORDERIV_TRACEBACK"):
            raise
        complain(f"a fault inside tensorderiv, {type(error).__name__}: {error}; TENSORDERIV_TRACEBACK=1 shows where")
    else:
        return 0
    return 2


def main() -> None:
    """The entry point of `tensorderiv` and of `python -m tensorderiv`."""
    raise SystemExit(run())
