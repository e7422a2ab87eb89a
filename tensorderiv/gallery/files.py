"""docs/gallery/ as files: made from the catalogue, the same bytes in every build; `python -m tensorderiv.gallery` writes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tensorderiv.catalog import catalog
from tensorderiv.gallery.facts import docs_folder, facts_of
from tensorderiv.gallery.index import Line, index_files, line_of
from tensorderiv.gallery.markdown import as_markdown
from tensorderiv.gallery.page import Page, page_of

RECORDS = ("accuracy.json",)
"""What stands in the folder and is measured, not made from the catalogue."""

PROCESSES = 2


def entry_page(name: str) -> Page:
    """The page of a name or alias, with what is recorded of its kernel."""
    entry = catalog.entry(name)
    return page_of(entry, catalog[name], facts_of((entry.name, *entry.aliases)))


def made(name: str) -> tuple[str, Line]:
    """The text of a page, and its line in the index."""
    page = entry_page(name)
    return as_markdown(page), line_of(page)


def build(names: Iterable[str], told: Callable[[str], None] = lambda name: None) -> Iterator[tuple[str, str]]:
    """File name and text of every page, then of the indexes. The processes change how long it takes, nothing else."""
    wanted, lines = list(names), []
    with ProcessPoolExecutor(PROCESSES, get_context("spawn")) as pool:  # a fork of a process with threads may hang
        for name, (text, line) in zip(wanted, pool.map(made, wanted), strict=True):
            told(name)
            lines.append(line)
            yield f"{name}.md", text
    yield from index_files(lines).items()


def write(folder: Path, wanted: dict[str, str]) -> list[str]:
    """Bring the folder up to date; the names of the files that changed, or are no longer wanted and were removed."""
    folder.mkdir(parents=True, exist_ok=True)
    changed = stale(folder, wanted)
    for name in changed:
        if name in wanted:
            (folder / name).write_text(wanted[name], encoding="utf-8", newline="\n")
        else:
            (folder / name).unlink()
    return changed


def stale(folder: Path, wanted: dict[str, str]) -> list[str]:
    """The files that are missing, that differ, or that no page is called like."""
    here = {path.name: path for path in folder.iterdir() if path.is_file() and path.name not in RECORDS}
    differ = [name for name, text in wanted.items() if name not in here or here[name].read_bytes() != text.encode()]
    return differ + sorted(here.keys() - wanted.keys())


def gallery_folder() -> Path:
    """docs/gallery/ of the checkout."""
    return docs_folder() / "gallery"
