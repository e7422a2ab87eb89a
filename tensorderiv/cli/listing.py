"""`tensorderiv list` and `show`: the catalogue."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import partial

import click

from tensorderiv.cli.app import app
from tensorderiv.errors import NameProblem


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
