"""The catalogue as a collection: every entry is read and complete, found by its names, and told apart from the others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

import pytest

import tensorderiv as td
from tensorderiv.catalog.reading import FIELDS, KINDS, REQUIRED, read_entry, read_folder
from tensorderiv.errors import NameProblem
from tests.support.published import PUBLISHED

NAMES = list(td.catalog)
WIDEST = 130


@pytest.mark.parametrize("name", NAMES)
def test_an_entry_is_complete(name: str) -> None:
    entry, definition = td.catalog.entry(name), td.catalog[name]
    assert definition.name == entry.name == name
    assert all(getattr(entry, field) for field in REQUIRED)
    assert not definition.notes, "the text leaves a choice of reading"
    for alias in entry.aliases:
        assert alias.isidentifier(), "an alias is typed on the command line and in Python"
        assert td.catalog[alias] is definition
        assert alias in td.catalog


@pytest.mark.parametrize("kind", KINDS.values())
def test_outputs_are_named_by_kind(kind: str) -> None:
    """A reader knows what is told by its letter."""
    letters = {"distance": "D", "similarity": "SRC", "kernel": "K", "loss": "L"}[kind]
    found = {entry.name: td.catalog[entry.name].output.name for entry in td.catalog.entries() if entry.kind == kind}
    assert {name: letter for name, letter in found.items() if letter not in letters} == {}


@pytest.mark.parametrize("name", NAMES)
def test_a_source_can_be_found(name: str) -> None:
    """It has a year, or the version of a package."""
    assert re.search(r"\b(1[5-9]|20)\d\d\b|\bversion \d|\bBC\b", td.catalog.entry(name).source)


@pytest.mark.parametrize("path", sorted(Path(str(files("tensorderiv.catalog"))).glob("*/*.td")), ids=lambda path: path.stem)
def test_lines_are_short(path: Path) -> None:
    assert max(map(len, path.read_text(encoding="utf-8").splitlines())) <= WIDEST


def test_every_definition_of_the_collection_is_there() -> None:
    """By its name there, which is a name or an alias here."""
    assert len(PUBLISHED) == 112
    assert [name for name in PUBLISHED if name not in td.catalog] == []
    assert len({td.catalog.entry(name).name for name in PUBLISHED}) == 112


def test_the_catalogue_is_a_mapping() -> None:
    assert isinstance(td.catalog, Mapping)
    assert len(td.catalog) == len(NAMES) == len(set(NAMES))
    assert td.catalog.get("nothing") is None
    assert "nothing" not in td.catalog
    assert 3 not in td.catalog
    import tensorderiv.catalog

    assert tensorderiv.catalog is td.catalog


@pytest.mark.parametrize(
    ("name", "meant"), [("sqeuclidian", "sqeuclidean"), ("manhatan", "manhattan"), ("METRIC_Jaccard", "jaccard_weighted")]
)
def test_an_unknown_name_names_the_nearest(name: str, meant: str) -> None:
    """By spelling, else by what a package calls an entry."""
    with pytest.raises(KeyError, match="did you mean") as caught:
        td.catalog[name]
    assert isinstance(caught.value, NameProblem)
    assert meant in str(caught.value)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("taxicab", ["cityblock"]),
        ("METRIC_L1", ["cityblock"]),
        ("TripletMarginLoss", ["triplet_margin", "triplet_margin_torch", "triplet_smooth"]),
        ("NT-Xent", ["ntxent"]),
        ("great circle", ["haversine"]),
        ("no such thing", []),
        ("", NAMES),
    ],
)
def test_search(text: str, found: list[str]) -> None:
    entries = td.catalog.search(text)
    assert [entry.name for entry in entries] == found
    assert all(entries.values())


HEADER = "".join(f"# {field}: something\n" for field in REQUIRED)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("L = x_0\n", "no title, domain"),
        (HEADER + "# colour: red\nL = x_0\n", "unknown field 'colour'; the fields are"),
        (HEADER + "# title: again\nL = x_0\n", "'title' is given twice"),
        (HEADER + "# packages: scipy\nL = x_0\n", "'scipy' names no package"),
        (HEADER.replace("# domain: something", "# domain:") + "L = x_0\n", "no domain"),
    ],
)
def test_a_faulty_header_is_refused(content: str, message: str) -> None:
    with pytest.raises(NameProblem, match=message):
        read_entry("faulty", "loss", content)


def test_every_field_is_kept() -> None:
    header = "".join(f"# {field}: about: {field}\n" for field in FIELDS)
    entry = read_entry("whole", "loss", header + "#     torch: Loss(a: b)\n\n# a comment\nL = x_0  # end\n")
    assert (entry.note, entry.aliases) == ("about: note", ("about: aliases",))
    assert entry.packages == (("about", "packages"), ("torch", "Loss(a: b)"))
    assert entry.definition == "# a comment\nL = x_0  # end"


def test_a_value_runs_on() -> None:
    entry = read_entry("long", "loss", HEADER + "# note: one\n#     two: three\n#     four\nL = x_0\n")
    assert entry.note == "one two: three four"


def test_two_entries_cannot_have_one_name(tmp_path: Path) -> None:
    for folder in KINDS:
        (tmp_path / folder).mkdir()
    (tmp_path / "losses" / "first.td").write_text(HEADER + "# aliases: second\nL = x_0\n")
    (tmp_path / "kernels" / "second.td").write_text(HEADER + "K = x_0\n")
    with pytest.raises(NameProblem, match="'second' belongs to second and to first"):
        read_folder(tmp_path)
