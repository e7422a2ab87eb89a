"""Trees are written so that they are read again as the same tree; the author's text is kept where it stands by itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tensorderiv.checker.case import Case
from tensorderiv.checker.explain.edits import exchange, plain, unmarked
from tensorderiv.checker.explain.splicing import spliced
from tensorderiv.checker.reading import Vocabulary, read_definitions, read_line
from tensorderiv.checker.tree import Component, Name, Node, walk
from tensorderiv.checker.writing import write

CORPUS: list[dict[str, Any]] = json.loads((Path(__file__).parents[1] / "corpus" / "dev.json").read_text())


def lines() -> Iterator[tuple[str, str, Vocabulary]]:
    """Every line of a chain of the corpus, with what is known of its names."""
    for raw in CORPUS:
        case = Case.from_json(raw)
        if case.kind == "chain":
            vocabulary, _ = read_definitions(case)
            yield from ((f"{raw['id']} {number}", text, vocabulary) for number, text in enumerate(case.lines))


def test_what_is_written_by_rules_is_read_as_it_was() -> None:
    count = 0
    for name, text, vocabulary in lines():
        node = read_line(text, vocabulary)[0]
        written = write(unmarked(node))
        assert plain(read_line(written, vocabulary)[0]) == plain(node), f"{name}: {written}"
        count += 1
    assert count > 250


def test_a_tree_that_nothing_was_changed_in_is_the_text() -> None:
    strange = [name for name, text, vocabulary in lines() if write(read_line(text, vocabulary)[0], text) != text.strip()]
    assert set(strange) <= {"r45 1", "r45 2", "v35 1", "v35 2", "r49 2", "r70 3"}, "braces under a term, and a space at the end"


def _first(node: Node, name: str) -> Node:
    return next(part for part in walk(node) if isinstance(part, Name) and part.name == name)


@pytest.mark.parametrize(
    ("text", "name", "new", "expected"),
    [
        (r"2\,x_i\cdot y_j - z", "i", "k", r"2\,x_k\cdot y_j - z"),
        (r"\mathbf{r}_i + \Big(x_i - y_j\Big)", "j", "k", r"\mathbf{r}_i + \Big(x_i - y_k\Big)"),
        (r"\frac{x_i}{\left( 1 + y_j \right)}", "i", "k", r"\frac{x_k}{\left( 1 + y_j \right)}"),
        (r"\operatorname{tr}(A) z + x_i", "i", "k", r"\operatorname{tr}(A) z + x_k"),
    ],
)
def test_only_what_changed_is_written_anew(text: str, name: str, new: str, expected: str) -> None:
    symbols = [{"name": letter, "shape": ["n"]} for letter in ("x", "y", r"\mathbf{r}")]
    symbols += [{"name": "z"}, {"name": "A", "shape": ["n", "n"]}]
    indices = dict.fromkeys("ijk", "n")
    vocabulary, _ = read_definitions(Case.from_json({"lines": [text], "symbols": symbols, "indices": indices}))
    node = read_line(text, vocabulary)[0]
    assert spliced(node, exchange(node, _first(node, name), Name(new)), text) == expected


def test_the_authors_spelling_of_a_name() -> None:
    node = Component(Name(r"\mathcal{H}"), (Name("i"), Name("q")))
    assert write(node, spellings={r"\mathcal{H}": r"{\cal H}"}) == r"{\cal H}_{iq}"
