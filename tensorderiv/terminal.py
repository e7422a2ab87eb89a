"""What a person sees on a terminal: a line of progress on standard error, tables and reports on standard output.

Rich is imported here only, and only when something is shown: `import tensorderiv.cli` stays light.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from tensorderiv.progress import Progress

if TYPE_CHECKING:
    import rich.progress

Told = TypeVar("Told")

WIDEST = 200
"""Columns of a table at most, however narrow the terminal: a number that is cut off tells nothing, one that is wrapped does."""


class Display:
    """The line of progress. Where standard error is no terminal it has no `line`, and all of this does nothing."""

    def __init__(self, line: rich.progress.Progress | None = None) -> None:
        self.line = line

    def __call__(self, progress: Progress) -> None:
        """Show where the work stands."""
        if self.line is None:
            return
        shown: dict[str, Any] = {"place": f"{progress.number}/{progress.count}", "name": progress.name, "doing": progress.doing}
        if not self.line.task_ids:
            self.line.add_task("", total=None, **shown)
        self.line.update(self.line.task_ids[0], **shown)

    def between(self, tell: Callable[[Told], None]) -> Callable[[Told], None]:
        """`tell`, with the line taken away while it prints: both may be on the same terminal."""

        def told(item: Told) -> None:
            if self.line is None:
                tell(item)
                return
            self.line.stop()
            try:
                tell(item)
            finally:
                self.line.start()

        return told


@contextmanager
def display() -> Iterator[Display]:
    """A display while long work runs. However it ends, by Ctrl-C too, the line is gone and the cursor is back."""
    if not sys.stderr.isatty():
        yield Display()
        return
    from rich.console import Console
    from rich.progress import Progress as Line
    from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.table import Column

    console = Console(file=sys.stderr)
    if console.is_dumb_terminal:
        yield Display()
        return

    def field(name: str, style: str) -> TextColumn:
        column = Column(no_wrap=True, overflow="ellipsis")
        return TextColumn(f"{{task.fields[{name}]}}", style=style, markup=False, table_column=column)

    columns = (SpinnerColumn(), field("place", "dim"), field("name", "bold"), field("doing", "none"), TimeElapsedColumn())
    with Line(*columns, console=console, transient=True, redirect_stdout=False, refresh_per_second=8) as line:
        yield Display(line)


MANNERS = {"good": "green", "bad": "bold red", "unclear": "yellow", "faint": "dim", "strong": "bold"}
"""How the pieces of a report are coloured."""


class Styled(Protocol):
    """A text and what it is, one of `MANNERS` or nothing."""

    @property
    def text(self) -> str: ...
    @property
    def manner(self) -> str: ...


def print_rows(rows: Iterable[Sequence[Styled]]) -> None:
    """Rows of coloured pieces on standard output; a row is never broken."""
    from rich.console import Console
    from rich.text import Text

    console = Console(file=sys.stdout, highlight=False, soft_wrap=True)
    for row in rows:
        line = Text.assemble(*((piece.text, MANNERS.get(piece.manner, "")) for piece in row))
        line.rstrip()
        console.print(line)


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]], *, left: int = 1) -> None:
    """A table on standard output, as wide as it is; the first `left` columns are words, the others numbers."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="left" if place < left else "right", no_wrap=True)
    for row in rows:
        table.add_row(*map(Text, row))
    Console(file=sys.stdout, highlight=False, width=WIDEST).print(table)
