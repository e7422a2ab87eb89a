"""Trees are written so that they are read again as the same tree; the author's text is kept where it stands by itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tensorderiv.checker.case import Case
from tensorderiv.checker.explain.arguments import compiles
from tensorderiv.checker.explain.edits import exchange, plain, product, unmarked
from tensorderiv.checker.explain.splicing import spliced
from tensorderiv.checker.reading import Vocabulary, read_definitions, read_line
from tensorderiv.checker.tree import Component, Differential, Name, Node, Number, Power, Product, Ratio, Transpose, walk
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
        (r"\frac1z", "z", "w", r"\frac1w"),
        (r"\frac z2", "z", "w", r"\frac w2"),
        (r"\cos z + 1", "z", r"\theta", r"\cos \theta + 1"),
        (r"z x_i", "z", r"\theta", r"\theta x_i"),
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


@pytest.mark.parametrize(
    "text",
    [
        r"\sqrt[3]{x}", "f'(x)", "f''(x)", r"\sin^2 x", r"(v^i)^2", r"\log(x) m", r"m\log x", r"x^{m^2}", r"(x^m)^2", "dA^T",
        "(dA)^T", "dA_{ij}", "d(A^2)", r"x^{-3/2}", r"\left.x^2\right|_{x=1}", r"\sum_i v_i (\prod_j v_j) x",
        r"\|v\|_2^2", "A^{-T}",
    ],
)  # fmt: skip
def test_what_is_written_has_no_second_reading(text: str) -> None:
    """No other than the text itself has."""
    symbols: list[dict[str, Any]] = [
        {"name": "x"},
        {"name": "m"},
        {"name": "v", "shape": ["n"]},
        {"name": "A", "shape": ["n", "n"]},
    ]
    symbols.append({"name": "f", "value": "function", "arity": 1})
    given = {"lines": [text], "extents": ["n"], "indices": {"i": "n", "j": "n"}, "symbols": symbols}
    vocabulary, _ = read_definitions(Case.from_json(given))
    own = read_line(text, vocabulary)
    written = write(unmarked(own[0]))
    again = read_line(written, vocabulary)
    assert plain(again[0]) == plain(own[0]) and len(again) <= len(own) and compiles(written), written


def test_an_argument_without_braces_gets_them() -> None:
    vocabulary, _ = read_definitions(Case.from_json({"lines": ["x"], "symbols": [{"name": "x"}, {"name": "y"}]}))
    for text, offered in ((r"\frac1x", r"\frac1{x y}"), (r"\sqrt x", r"\sqrt {x y}"), ("y^x", "y^{x y}"), ("2^{x}", "2^{x y}")):
        node = read_line(text, vocabulary)[0]
        x = _first(node, "x")
        assert spliced(node, exchange(node, x, product(x, Name("y"))), text) == offered


def test_what_stood_between_is_kept_between_neighbours_only() -> None:
    vocabulary, _ = read_definitions(Case.from_json({"lines": ["x"], "symbols": [{"name": name} for name in "xyz"]}))
    for text, written in ((r"x\,y\cdot z", r"x z"), (r"\frac{x}{y} z", "x z"), (r"x \big(z\big)", r"x \big(z\big)")):
        node = read_line(text, vocabulary)[0]
        (_, first), *_, (_, last) = node.factors if isinstance(node, Product) else ()
        first = first.above if isinstance(first, Ratio) else first
        assert write(product(first, last), text) == written
    both = read_line(r"\frac{x}{z}", vocabulary)[0]
    assert isinstance(both, Ratio) and write(product(both.above, both.below), r"\frac{x}{z}") == "x z"


def test_a_second_script_of_a_kind_needs_brackets() -> None:
    upper, lower = Component(Name("x"), (Name("i"),), upper=True), Component(Name("x"), (Name("i"),))
    two = Number(Fraction(2))
    assert (write(Power(upper, two)), write(Power(lower, two))) == (r"\left(x^{i}\right)^2", "x_{i}^2")
    assert write(Component(lower, (Name("j"),))) == r"\left(x_{i}\right)_{j}"
    assert write(Transpose(Name("W_2^2"))) == r"\left(W_2^2\right)^T"


def test_differentials_of_names_need_no_brackets() -> None:
    entry = Component(Name("X"), (Name("i"),))
    assert [write(Differential(node)) for node in (Name("X"), Transpose(Name("X")), entry)] == ["dX", "dX^T", "dX_{i}"]
    assert write(Differential(Power(Name("X"), Number(Fraction(2))))) == r"d\left(X^2\right)"
