r"""One slip made twice in a line, and logarithms whose base is no factor."""

from __future__ import annotations

from typing import Any

import pytest

from tensorderiv.checker.case import Case
from tensorderiv.checker.checking import check
from tensorderiv.checker.explain import explain
from tensorderiv.checker.judge import Report, judge

VECTORS: dict[str, Any] = {
    "extents": ["n"],
    "indices": {"i": "n", "j": "n", "k": "n"},
    "symbols": [{"name": name, "shape": ["n"]} for name in "abx"],
}
START = r"\frac{a_k \sum_j x_j^2}{b_k \sum_j a_j}"


def explained(*lines: str, **more: Any) -> Report:
    return judge(Case.from_json({**VECTORS, "lines": list(lines), **more}), seconds=30, explain=explain)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        (r"\frac{\sum_k a_k x_k^2}{\sum_k b_k a_k}", r"\frac{\sum_{i} a_{k} x_{i}^2}{\sum_{i} b_{k} a_{i}}"),
        (r"\frac{\sum_k a_k x_k^2}{\sum_k a_k b_k}", r"\frac{\sum_{i} a_{k} x_{i}^2}{\sum_{i} a_{i} b_{k}}"),
    ],
)
def test_an_index_captured_in_numerator_and_denominator(wrong: str, right: str) -> None:
    report = explained(START, wrong)
    assert report.first_wrong_line == 1
    assert report.slip is not None
    assert report.slip.kind == "summation index reused"
    assert report.slip.why == "k is a free index, and the sum takes it again"
    assert report.suggestion == right


def test_a_document_is_told_the_same() -> None:
    text = r"Let $a, b, x \in \mathbb{R}^n$. $$" + START + r" = \frac{\sum_k a_k x_k^2}{\sum_k b_k a_k}$$"
    report = check(text, seconds=30)
    assert report.slip is not None
    assert report.slip.kind == "summation index reused"
    assert report.suggestion is not None


def test_one_place_is_repaired_alone_where_that_is_enough() -> None:
    report = explained(START, r"\frac{\sum_k a_k x_k^2}{b_k \sum_j a_j}")
    assert report.suggestion == r"\frac{\sum_{i} a_{k} x_{i}^2}{b_k \sum_j a_j}"


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        ((r"\frac{d}{dx} (\log_2 x)^2", r"\frac{2 \log_2 x}{x}"), "log base"),
        ((r"\frac{d}{dx} \log_2 x", r"\frac{1}{x}"), "log base"),
        ((r"\frac{d}{dx} x \log_2 x", r"\log_2 x + 2"), None),
    ],
)
def test_the_base_of_a_logarithm_is_no_number_to_be_multiplied(lines: tuple[str, ...], kind: str | None) -> None:
    report = explained(*lines, symbols=[{"name": "x", "assume": ["positive"]}], wrt="x")
    assert report.verdict == "wrong"
    assert r"\log_1" not in (report.suggestion or "")
    assert r"\log_{1}" not in (report.suggestion or "")
    if kind is not None:
        assert report.slip is not None
        assert report.slip.kind == kind
        assert judge(
            Case.from_json({"symbols": [{"name": "x", "assume": ["positive"]}], "lines": [lines[0], str(report.suggestion)]})
        )
