"""The corpus written as documents that declare next to nothing: what is inferred is what the corpus declares."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tensorderiv.checker.case import Case
from tensorderiv.checker.document import read_document
from tensorderiv.checker.reading.pieces import pieces
from tensorderiv.checker.reading.spelling import spelled
from tensorderiv.errors import SyntaxProblem
from tests.checker.document.summary import differences, plain

CORPUS: list[dict[str, Any]] = json.loads((Path(__file__).parents[1] / "corpus" / "dev.json").read_text(encoding="utf-8"))
ORIGINALS = [case for case in CORPUS if not case["variant_of"] and case["kind"] == "chain"]
WORDS = {
    "positive": "positive",
    "nonnegative": "nonnegative",
    "simplex": "a probability vector",
    "symmetric": "a symmetric matrix",
    "invertible": "an invertible matrix",
    "positive_definite": "a positive definite matrix",
    "on_diagonal_zero": "a matrix with zero diagonal",
    "identity": "the identity matrix",
    "single_entry": "zero except for one entry, which is one",
    "basis": "a standard basis vector",
}
LOOSER = {
    "s3": "nothing says that H is a copy tensor",
    "r64": "B is the argument of a function only",
    "r81": "dX is defined by its entries",
    "r69": "BA has the shape of X where X is square, or turned",
    "r78": "no index is repeated: no convention is needed",
    "r128": "n and k may have different extents",
    "r140": "the second subscript of V_n may count columns of another V",
    "a05": "nothing says that the means have n entries",
}
"""Cases whose declarations say more than a reader of the lines could know; these are told apart in the other tests."""


def said(case: dict[str, Any]) -> list[str]:
    """Only what the lines cannot show: values and assumptions, no shapes."""
    found = []
    for symbol in case["symbols"]:
        below = f"_{{{''.join(symbol['indices'])}}}" if symbol.get("indices") else ""
        words = [WORDS[word] for word in symbol.get("assume") or [] if word in WORDS]
        value = symbol.get("value")
        if value == "ones":
            words.append(f"the all-ones {'matrix' if len(symbol['shape']) == 2 else 'vector'}")
        elif value in WORDS:
            words.append(WORDS[value])
        if words:
            found.append(f"Let ${symbol['name']}{below}$ be {' and '.join(words)}.")
    return found


def in_align(case: dict[str, Any]) -> str:
    chain = " \\\\\n &= ".join(case["lines"][1:])
    definitions = [f"$$ {text} $$" for text in case["definitions"]]
    return "\n\n".join([*said(case), *definitions, f"Then\n\\begin{{align}}\n{case['lines'][0]} &= {chain}\n\\end{{align}}"])


def over_displays(case: dict[str, Any]) -> str:
    definitions = [f"\\[ {text}. \\]" for text in case["definitions"]]
    first = f"We have\n$$ {case['lines'][0]} = {case['lines'][1]} $$"
    return "\n\n".join([*said(case), *definitions, first, *(f"which is\n$$ = {line}, $$" for line in case["lines"][2:])])


def with_macros(case: dict[str, Any]) -> str:
    chain = " \\\\\n &= ".join(line.replace(r"\partial", r"\p") for line in case["lines"][1:])
    definitions = [f"\\begin{{equation}}\n{text}\\label{{eq}}\n\\end{{equation}}" for text in case["definitions"]]
    display = f"$$\\eqalign{{\n{case['lines'][0]} &= {chain} \\cr\n}}$$"
    return "\n\n".join([r"$\def\p{\partial}$", *said(case), *definitions, display])


def bare(case: dict[str, Any]) -> str:
    given = [text.replace("$", "").replace("Let ", "given ").replace(" be ", " is ").rstrip(".") for text in said(case)]
    return "\n".join([*given, *case["definitions"], "", case["lines"][0], *(f"  = {line}" for line in case["lines"][1:])])


@pytest.mark.parametrize("spelling", [in_align, over_displays, with_macros, bare], ids=lambda spelling: spelling.__name__)
@pytest.mark.parametrize("data", ORIGINALS, ids=lambda case: str(case["id"]))
def test_what_is_not_declared_is_inferred(data: dict[str, Any], spelling: Callable[[dict[str, Any]], str]) -> None:
    want = Case.from_json(data)
    if data["id"] == "r129":
        with pytest.raises(SyntaxProblem, match=r"how many values s takes.*given s = 1, ..., n"):
            read_document(spelling(data))
        return
    case = [case for case in read_document(spelling(data)) if not case.aside][-1]
    assert case.problem is None
    assert [bare_of_marks(line) for line in case.lines] == [bare_of_marks(line) for line in want.lines]
    if data["id"] not in LOOSER:
        assert not differences(case, want)


def bare_of_marks(line: str) -> str:
    """In one spelling: d_H is d_{H}."""
    words = re.sub(r"\\mathrm\{(dl|dL|DF)\}|\\operatorname", r"\1", line).strip().removesuffix("\\")
    return plain(spelled(pieces(words))).replace("‖", "||")
