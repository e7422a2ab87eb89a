"""The post that this is for: the asker's and the answerer's derivations come out as the cases of the corpus."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tensorderiv.checker.case import Case
from tensorderiv.checker.document import read_document
from tensorderiv.checker.reading import normal
from tests.checker.document.summary import differences, plain

HERE = Path(__file__).parent
CORPUS = {case["id"]: case for case in json.loads((HERE.parent / "corpus" / "dev.json").read_text(encoding="utf-8"))}
POST = (HERE / "documents" / "forum_post.txt").read_text(encoding="utf-8")
MALFORMED = r"\frac{\sum_{d}(X_{id} - X_{jd})^2}{\partial X_{kl}}"


@pytest.mark.parametrize(("name", "start"), [("s1", 1), ("s2a", 2), ("s2", 3), ("s3", 4)])
def test_the_derivation_is_that_of_the_corpus(name: str, start: int) -> None:
    """s1: the asker's, with the line that lacks a \\partial; s2a, s2, s3: the answerer's, about another D."""
    want = Case.from_json(CORPUS[name])
    found = [case for case in read_document(POST) if plain(case.lines[0]) == plain(want.lines[0])]
    case = next(case for case in found if plain(case.lines[-1]) == plain(want.lines[-1]))
    lines = [line for line in case.lines if line != MALFORMED]
    assert [plain(line) for line in lines] == [plain(line) for line in want.lines]
    assert (MALFORMED in case.lines) == (name == "s1")
    assert plain(case.definitions[-1]) == plain(want.definitions[-1])
    assert not differences(case, want)
    assert normal(case.wrt or "") == normal(want.wrt or "")
    assert case.layout == want.layout


def test_a_macro_call_is_the_place_of_what_it_stands_for() -> None:
    case = next(case for case in read_document(POST) if plain(case.lines[0]) == r"\frac{\partialX}{\partialX_{kl}}")
    assert [POST[start:end] for start, end in case.places] == [r"\grad{X}{X_{kl}}", r"\e_k\e_l^T", r"\Ekl"]


def test_the_readings_are_told() -> None:
    asker = next(case for case in read_document(POST) if MALFORMED in case.lines)
    assert set(asker.notes) >= {"X: n x d", "d: a size and an index as well", "sums are written out"}
    answerer = next(case for case in read_document(POST) if case.sums == "einstein")
    assert "repeated indices are summed" in answerer.notes
    assert any("does not fit this definition" in note for note in answerer.notes)


def test_the_definition_in_two_ways_is_an_aside() -> None:
    aside = read_document(POST)[0]
    assert aside.aside
    assert aside.lines == (r"\|X_{i} - X_{j}\|_2^2", r"\sum_{d}(X_{id} - X_{jd})^2")


@pytest.mark.parametrize("name", ["001", "002"])
def test_posts_without_a_derivation_say_so(name: str) -> None:
    from tensorderiv.errors import SyntaxProblem

    text = {
        "001": "Is there a loss function?\n\nx1 = x1 / torch.norm(x1, dim=1, keepdim=True)\nprint('Loss:', loss(predict))",
        "002": r"The loss is $$\mathcal L = \sum_\mathcal T \max\{0, \|f(x^a) - f(x^p)\|_2^2 + \alpha\}$$ where $$x^a$$.",
    }[name]
    with pytest.raises(SyntaxProblem, match="no derivation was found"):
        read_document(text)
