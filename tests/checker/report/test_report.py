"""What a person sees of a verdict: text, JSON, LaTeX, HTML."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tensorderiv.checker.judge import Explanation, Problem, Report
from tensorderiv.checker.report import as_data, as_html, as_latex, as_text, rows
from tests.checker.judge.fakes import judged

__all__ = ["judged"]

Judged = Callable[..., Report]
SLIP = Explanation("lost factor 2", r"2 x_i became x_i", r"x_{i}^2 + 2 x_i + 1", follows=True)


@pytest.fixture
def wrong(judged: Judged) -> Report:
    lines = ["(x_i + 1)^2", "x_i^2 + x_i + 1", "1 + x_i + x_i^2", "?"]
    report: Report = judged("D_i = (x_i + 1)^2", *lines, explain=lambda step: SLIP)
    return report


@pytest.fixture
def right(judged: Judged) -> Report:
    report: Report = judged("D_i = (x_i + 1)^2", "(x_i + 1)^2", "x_i^2 + 2 x_i + 1")
    return report


@pytest.fixture
def unread(judged: Judged) -> Report:
    report: Report = judged("D_i = (x_i + 1)^2", "x_i", "x_i + ? <b>")
    return report


def test_text_of_a_wrong_chain(wrong: Report) -> None:
    assert as_text(wrong).splitlines() == [
        "line 1 does not follow from line 0",
        "  lost factor 2   2 x_i became x_i",
        "  counterexample  n=1  i=0   line 0: 4   line 1: 3",
        "                  x = [1]",
        "  right           x_{i}^2 + 2 x_i + 1",
        "                  line 2 follows from it",
        "  note            the step from line 1 to line 2 is sound in itself",
        "",
        "   0  start                (x_i + 1)^2",
        "   1  wrong                x_i^2 + x_i + 1",
        "   2  sound step (proved)  1 + x_i + x_i^2",
        "   3  unreadable           ?",
        "                           column 1: ? is not read",
    ]
    assert str(wrong) == as_text(wrong)


def test_text_of_a_right_chain(right: Report) -> None:
    assert as_text(right).splitlines() == [
        "every line follows from the one before",
        "",
        "   0  start   (x_i + 1)^2",
        "   1  proved  x_i^2 + 2 x_i + 1",
    ]


def test_text_of_what_was_not_read(unread: Report) -> None:
    text = as_text(unread)
    assert text.startswith("could not be judged: line 1, column 7: ? is not read\n")
    assert "  x_i + ? <b>\n        ^\n  understood      x_i +\n" in text


def test_marks_are_coloured_by_what_they_say(wrong: Report) -> None:
    manners = {piece.text.strip(): piece.manner for row in rows(wrong) for piece in row}
    assert manners["wrong"] == "bad"
    assert manners["start"] == "good"
    assert manners["sound step (proved)"] == "unclear"


def test_json(wrong: Report) -> None:
    data = json.loads(json.dumps(as_data(wrong)))
    assert (data["verdict"], data["first_wrong_line"], data["error_kind"]) == ("wrong", 1, "lost factor 2")
    assert data["right"] == SLIP.right
    assert data["counterexample"] == {"sizes": {"n": 1}, "indices": {"i": 0}, "left": "4", "right": "3", "inputs": {"x": "[1]"}}
    assert [line["status"] for line in data["lines"]] == ["start", "wrong", "proved", "unreadable"]
    assert wrong.as_json() == as_data(wrong)


class Balance(HTMLParser):
    """The tags that are open, and the text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_html_is_closed_and_escaped(wrong: Report, unread: Report) -> None:
    page = as_html([wrong, unread])
    balance = Balance()
    balance.feed(page)
    assert balance.open == []
    assert "x_i + ? <b>" in balance.words
    assert "<b>" not in page
    assert "http" not in page
    assert "<script" not in page
    assert '<tr class="bad"><td>1</td>' in page
    assert wrong._repr_html_() in page


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
def test_latex_compiles(wrong: Report, right: Report, unread: Report, tmp_path: Path) -> None:
    odd = Report(
        "unreadable", (), problem=Problem(r"\foo_{ is 100% & ~odd # $", "line 3", "", "a\\"), definitions=(r"\frac{", "ü")
    )
    (tmp_path / "all.tex").write_text(as_latex([wrong, right, unread, odd]), encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-draftmode", "all.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    log = done.stdout.decode(errors="replace")
    assert [line for line in log.splitlines() if re.match(r"!|Overfull|Missing character", line)] == []
    assert done.returncode == 0


def test_latex_keeps_the_lines_of_the_author(wrong: Report) -> None:
    source = as_latex([wrong])
    assert r"{bad}{wrong}{\tofit{= x_i^2 + x_i + 1}}" in source
    assert source == wrong.to_latex()
