"""What several commands take: a DEF, a folder, NAME=VALUE."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal, TypeAlias, TypeVar

import click

F = TypeVar("F", bound=Callable[..., None])
Space: TypeAlias = Literal["flat", "sphere"]

FOLDER = click.Path(file_okay=False, path_type=Path)
DEF_HELP = "DEF is a catalogue name, a path to a .td or .tex file, or the definition itself."


def space_option(what: str) -> Callable[[F], F]:
    """--in sphere."""
    return click.option("--in", "space", type=click.Choice(("flat", "sphere")), default="flat", show_default=True, help=what)


def parameter(text: str) -> tuple[str, float]:
    """NAME=VALUE."""
    name, _, value = text.partition("=")
    try:
        return name.strip(), float(value)
    except ValueError:
        raise click.UsageError(f"--param {text!r} is not NAME=NUMBER") from None


def size(text: str) -> tuple[str, int]:
    """NAME=NUMBER, a whole one."""
    name, _, value = text.partition("=")
    if not value.strip().isdecimal():
        raise click.UsageError(f"--size {text!r} is not NAME=NUMBER, e.g. n=7")
    return name.strip(), int(value)
