"""What is offered for a wrong line is LaTeX that compiles: put into the document in its place it is read again, and follows."""

from __future__ import annotations

from pathlib import Path

import pytest

from tensorderiv.checker.document import read_document
from tensorderiv.checker.explain import explain
from tensorderiv.checker.explain.arguments import arguments, compiles
from tensorderiv.checker.judge import Report, judge, judging

DOCUMENTS = Path(__file__).parents[1] / "document" / "documents"


@pytest.fixture(autouse=True)
def ample_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is found must not hang on what else the machine does."""
    monkeypatch.setattr(judging, "MOST_EXPLAINING", 30.0)
    monkeypatch.setattr(judging, "LEAST_EXPLAINING", 30.0)


def first_wrong(text: str) -> tuple[Report, tuple[int, int]]:
    """The report of the first wrong derivation of a document, and where its first wrong line stands."""
    for case in read_document(text):
        report = judge(case, explain=explain)
        if report.first_wrong_line is not None:
            return report, case.places[report.first_wrong_line]
    raise AssertionError("nothing is wrong")


@pytest.mark.parametrize(
    ("start", "wrong", "offered"),
    [
        (r"\frac{1}{ab}", r"\frac1a", r"\frac1{a b}"),
        (r"\frac{1}{\alpha b}", r"\frac1\alpha", r"\frac1{\alpha b}"),
        (r"\sqrt{ab}", r"\sqrt a", r"\sqrt {a b}"),
        (r"\log(ab)", r"\log a", r"\log \left(a b\right)"),
        (r"\frac{d}{da} \frac1a", r"-\frac1a", r"-\frac1{a^2}"),
    ],
)
def test_an_argument_without_braces_gets_them(start: str, wrong: str, offered: str) -> None:
    document = rf"Let $a$, $b$ and $\alpha$ be positive. $$ {start} = {wrong} $$"
    report, (begin, end) = first_wrong(document)
    assert report.suggestion is not None and report.suggestion == offered
    mended = document[:begin] + report.suggestion + document[end:]
    (case,) = read_document(mended)
    assert judge(case).verdict == "right", mended


@pytest.mark.parametrize("name", ["forum_post.txt", "kernel_wrong.tex", "normalisation_wrong.md"])
def test_the_document_with_the_line_offered_holds_up_to_it(name: str) -> None:
    text = (DOCUMENTS / name).read_text(encoding="utf-8")
    report, (begin, end) = first_wrong(text)
    assert report.suggestion is not None and compiles(report.suggestion)
    for case in read_document(text[:begin] + report.suggestion + text[end:]):
        wrong = judge(case).first_wrong_line
        assert wrong is None or case.places[wrong][0] > begin


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        (r"\frac1a", ["1", "a"]),
        (r"\frac12x^10", ["1", "2", "1"]),
        (r"\frac{1}{a}x^{2}", []),
        (r"\sqrt[3]a + \sqrt \alpha", ["a", r"\alpha"]),
        (r"\frac1\sqrt2", ["1", r"\sqrt2", "2"]),
        (r"x_i^\mathbf{k}", ["i", r"\mathbf{k}"]),
        (r"\frac1\left(a \left(b\right)\right) c", ["1", r"\left(a \left(b\right)\right)"]),
        (r"\frac", []),
        ("}x^2", ["2"]),
    ],
)
def test_arguments_without_braces(text: str, bare: list[str]) -> None:
    assert [text[one.start : one.end] for one in arguments(text).bare] == bare


@pytest.mark.parametrize(
    "text", [r"\frac1{\left(a\right)}", r"x_i^2 + y^2", r"{x^2}^2", r"x^{y^2}", r"\left(x^2\right)^2", "x'^2"]
)
def test_what_compiles(text: str) -> None:
    assert compiles(text)


@pytest.mark.parametrize("text", [r"\sqrt\left(a b\right)", "x^{j}^2", "x_i_j", "x_i^2_j", r"e^\left(a b\right)", r"{x^2^2}"])
def test_what_does_not_compile(text: str) -> None:
    assert not compiles(text)
