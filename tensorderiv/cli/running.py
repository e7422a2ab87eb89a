"""The command line as a function. Nothing a user can type shows a traceback."""

from __future__ import annotations

import os
import sys

import click

from tensorderiv.cli.app import app
from tensorderiv.errors import TensorDerivError, VerificationFailed


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
