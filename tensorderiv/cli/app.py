"""The command group. A misspelt command is answered with the nearest one."""

from __future__ import annotations

import difflib

import click

from tensorderiv.version import __version__


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
