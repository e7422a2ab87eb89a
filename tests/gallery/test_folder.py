"""docs/gallery/: complete, up to date, found by every name, and of the same bytes in every build."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest

import tensorderiv as td
from tensorderiv.catalog import Entry
from tensorderiv.catalog.searching import plain
from tensorderiv.errors import TensorDerivError
from tensorderiv.gallery import as_markdown, facts_of, measuring
from tensorderiv.gallery import page as paging
from tensorderiv.gallery.blocks import Part, Words
from tensorderiv.gallery.files import RECORDS, build, entry_page, made, stale, write
from tensorderiv.gallery.index import Line, index_files

GALLERY = Path(__file__).parents[2] / "docs" / "gallery"
REPAIR = "`make gallery` writes it"
NAMES = list(td.catalog)
TURN = crc32((GALLERY / "README.md").read_bytes()) if (GALLERY / "README.md").exists() else 0
SAMPLE = ["sqeuclidean", "nll", NAMES[TURN % len(NAMES)]]
"""Two short pages, and one that is another whenever the catalogue changes."""


def test_the_list_of_files() -> None:
    wanted = {f"{name}.md" for name in NAMES} | {"README.md", "index.html"}
    assert {path.name for path in GALLERY.iterdir()} - set(RECORDS) == wanted, REPAIR


@pytest.mark.parametrize("name", SAMPLE)
def test_a_page_is_up_to_date(name: str) -> None:
    assert (GALLERY / f"{name}.md").read_text(encoding="utf-8") == made(name)[0], REPAIR


def test_what_every_page_tells_besides_derivatives_is_up_to_date(monkeypatch: pytest.MonkeyPatch) -> None:
    """All that takes no derivation, of every entry; and a derivative for each."""
    monkeypatch.setattr(paging, "derivative_parts", lambda definition: (Part("derivative", "Derivative by X", (Words("..."),)),))
    old = {name: headed((GALLERY / f"{name}.md").read_text(encoding="utf-8")) for name in NAMES}
    new = {name: headed(as_markdown(entry_page(name))) for name in NAMES}
    assert [name for name in NAMES if without(old[name]) != without(new[name])] == [], REPAIR
    assert [name for name in NAMES if len(old[name]) == len(without(old[name]))] == []


def headed(text: str) -> list[str]:
    """The parts of a page, each with its heading."""
    return text.split("\n## ")


def without(parts: Iterable[str]) -> list[str]:
    """The parts that are no derivative."""
    return [part.strip() for part in parts if not part.startswith("Derivative")]


REFUSED = r"\\(operatorname|mbox|phantom|def|newcommand|require)\b"
"""Macros that GitHub does not lay out: it shows the reader an error instead."""


def test_github_lays_out_every_formula() -> None:
    formulas = {
        path.name: re.findall(r"```math\n(.*?)\n```", path.read_text("utf-8"), re.DOTALL) for path in GALLERY.glob("*.md")
    }
    assert all(formulas[f"{name}.md"] for name in NAMES)
    assert [name for name, found in formulas.items() if re.search(REFUSED, "\n".join(found))] == []
    uneven = [one for found in formulas.values() for one in found if one.count(r"\left") != one.count(r"\right")]
    assert uneven == []
    assert re.search(REFUSED, r"\operatorname{diag}")


class Index(HTMLParser):
    """What the index is searched in, by entry; and what it links to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.sought: dict[str, str] = {}
        self.targets: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "details":
            self.sought[given["id"]] = given["data-sought"]
        self.targets += [given[name] for name in ("href", "src") if name in given]


def unfound(html: str, entries: Iterable[Entry]) -> list[str]:
    """The names, aliases, titles and names in packages that a search in the index does not lead to."""
    sought = Index(html).sought
    called = {entry.name: (entry.name, *entry.aliases, entry.title, *(name for _, name in entry.packages)) for entry in entries}
    return [name for entry, names in called.items() for name in names if plain(name) not in sought.get(entry, "")]


def test_the_index_finds_every_name() -> None:
    html = (GALLERY / "index.html").read_text(encoding="utf-8")
    assert unfound(html, td.catalog.entries()) == []
    readme = (GALLERY / "README.md").read_text(encoding="utf-8")
    assert [entry.name for entry in td.catalog.entries() if f"[{entry.name}]({entry.name}.md)" not in readme] == []
    assert [alias for entry in td.catalog.entries() for alias in entry.aliases if f"`{alias}`" not in readme] == []


def test_a_name_that_is_not_found_is_seen() -> None:
    entry = td.catalog.entry("cityblock")
    html = index_files([Line(replace(entry, aliases=("l1",)), ())])["index.html"]
    assert unfound(html, [entry]) == ["taxicab"]  # the title has Manhattan
    assert unfound(html, [replace(entry, name="other")])


def test_the_index_needs_no_network() -> None:
    html = (GALLERY / "index.html").read_text(encoding="utf-8")
    assert [target for target in Index(html).targets if not (GALLERY / target).is_file()] == []
    assert not re.search(r"https?://|@import|fetch\(", html)


def test_titles_are_escaped() -> None:
    entry = replace(td.catalog.entry("mse"), title='<b> & "b"')
    html = index_files([Line(entry, ())])["index.html"]
    assert "&lt;b&gt; &amp; &#34;b&#34;" in html
    assert "<b> &" not in html


def test_a_build_in_processes_gives_the_same_bytes(tmp_path: Path) -> None:
    names = ["nll", "mse"]
    built = dict(build(names))
    assert {name: built[f"{name}.md"] for name in names} == {name: made(name)[0] for name in names}
    assert built["index.html"] == index_files([made(name)[1] for name in names])["index.html"]
    assert write(tmp_path, built) == ["nll.md", "mse.md", "README.md", "index.html"]
    assert write(tmp_path, built) == []
    (tmp_path / "accuracy.json").write_text("{}")
    (tmp_path / "old.md").write_text("")
    (tmp_path / "nll.md").write_text(built["nll.md"] + " ")
    assert stale(tmp_path, built) == ["nll.md", "old.md"]
    assert write(tmp_path, built) == ["nll.md", "old.md"]
    assert stale(tmp_path, built) == []


# ---------------------------------------------------------------- what is recorded


def recorded(folder: Path, module: str) -> None:
    """A folder of kernels and one of documents, with a record of everything."""
    entries = [{"name": "cityblock", "inputs": "i", "outputs": {"cityblock.py": "new"}}]
    (folder / "MANIFEST.json").write_text(json.dumps({"entries": entries}))
    (folder / "gallery").mkdir(exist_ok=True)
    (folder / "gallery" / "accuracy.json").write_text(json.dumps({"cityblock": {"module": module, "ulp": 2.5}}))
    (folder / "performance.json").write_text(
        json.dumps({"machine": "M", "rows": [row("l1"), row("other"), row("l1", ours=None)]})
    )


def row(task: str, ours: float | None = 2.0) -> dict[str, Any]:
    """One row of performance.json: P is as exact and fast, Q faster and less exact, R slower."""
    times = {"tensorderiv": ours, "P": 3.0, "Q": 1.0, "R": 4.0}
    entries = [
        {"peer": peer, "status": "inexact" if peer == "Q" else "timed", "timing": time and {"median": time}}
        for peer, time in times.items()
    ]
    return {"task": task, "group": "values", "sizes": {"n": 2, "d": 3}, "dtype": "float64", "entries": entries}


def test_facts_are_read_by_name_and_alias(tmp_path: Path) -> None:
    recorded(tmp_path, "new")
    facts = facts_of(("cityblock", "l1"), tmp_path, tmp_path)
    assert (facts.generated, facts.ulp, facts.machine, len(facts.timed)) == (True, 2.5, "M", 1)
    timed = facts.timed[0]
    assert (timed.seconds, timed.peer, timed.peer_seconds, timed.sizes) == (2.0, "P", 3.0, (("n", 2), ("d", 3)))
    assert facts_of(("rbf",), tmp_path, tmp_path) == facts_of(("mse",), tmp_path, tmp_path)
    assert not facts_of(("rbf",), tmp_path, tmp_path).generated


def test_a_figure_of_another_module_is_not_told(tmp_path: Path) -> None:
    recorded(tmp_path, "old")
    assert facts_of(("cityblock",), tmp_path, tmp_path).ulp is None


def test_without_records_nothing_is_told(tmp_path: Path) -> None:
    facts = facts_of(("cityblock",), tmp_path, tmp_path)
    assert (facts.generated, facts.ulp, facts.timed) == (False, None, ())


def test_only_kernels_without_a_record_are_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorded(tmp_path, "old")
    record = tmp_path / "gallery" / "accuracy.json"
    figures = iter([1.26, math.nan])
    monkeypatch.setattr(measuring, "measured", lambda name, generated: next(figures))
    assert dict(measuring.renewed(tmp_path, record)) == {"cityblock": 1.26}
    assert json.loads(record.read_text()) == {"cityblock": {"module": "new", "ulp": 1.3}}
    assert dict(measuring.renewed(tmp_path, record)) == {}
    assert facts_of(("cityblock",), tmp_path, tmp_path).ulp == 1.3
    record.write_text(json.dumps({"gone": {"module": "x", "ulp": 1.0}}))
    with pytest.raises(TensorDerivError, match="cityblock: its values could not be compared"):
        list(measuring.renewed(tmp_path, record))


def test_a_record_of_a_kernel_that_is_gone_is_dropped(tmp_path: Path) -> None:
    record = tmp_path / "accuracy.json"
    record.write_text(json.dumps({"cityblock": {"module": "x", "ulp": 1.0}}))
    assert list(measuring.renewed(tmp_path, record)) == []
    assert json.loads(record.read_text()) == {}


def test_a_record_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    for text in ("{", "[]"):
        (tmp_path / "performance.json").write_text(text)
        with pytest.raises(TensorDerivError, match=r"performance\.json"):
            facts_of(("cityblock",), tmp_path, tmp_path)
        (tmp_path / "performance.json").unlink()
