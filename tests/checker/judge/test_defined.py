"""What has no value is no evidence, for or against; a 0 beside it is meant where it stands at some of the indices only."""

from __future__ import annotations

from typing import Any

import pytest

from tensorderiv.checker.case import Case
from tensorderiv.checker.judge import Report, judge

POSITIVE: dict[str, Any] = {"symbols": [{"name": "x", "assume": ["positive"]}]}
POINTS: dict[str, Any] = {
    "extents": ["n", "d"],
    "indices": {"i": "n", "j": "n", "k": "n", "l": "d", "p": "d"},
    "symbols": [{"name": "X", "shape": ["n", "d"]}, {"name": "y", "shape": ["n"], "assume": ["one_hot"]}],
    "definitions": [r"R_{ij} = \sqrt{\sum_p (X_{ip} - X_{jp})^2}"],
}


def judged(given: dict[str, Any], *lines: str, **more: str) -> Report:
    return judge(Case.from_json({**given, **more, "lines": list(lines)}), seconds=30)  # ample: a busy machine changes nothing


@pytest.mark.parametrize(
    "nowhere",
    [
        r"x + \log_1 x",
        r"x + \log_1 1",
        r"x + \frac{x - x}{x - x}",
        r"x + \frac{x}{0}",
        r"x + \frac{0}{0}",
        r"x + \frac{0}{x - x}",
        r"x + 0 \log(-x)",
        r"x + (x - x) \log(-x)",
        r"x + (x - x)(-x)^{1/2}",
    ],
)
def test_a_line_that_is_defined_nowhere_is_neither_right_nor_wrong(nowhere: str) -> None:
    for lines in ((nowhere, "x"), ("x", nowhere), (nowhere, "2x"), ("2x", nowhere)):
        report = judged(POSITIVE, *lines)
        assert report.verdict == "unreadable"
        assert report.exit_code == 2
        assert "defined at no point that was tried" in str(report.problem)
        assert "\n" not in str(report.problem)
    assert judged(POSITIVE, f"{nowhere} = x", kind="equations").verdict == "unreadable"


@pytest.mark.parametrize(
    ("start", "right", "wrong"),
    [
        ("x", r"\frac{x^2}{x}", r"\frac{x^2}{x} + \frac{0}{x} + 1"),
        ("x + 0", r"x + \frac{0}{x}", r"2x + \frac{0}{x}"),
        (r"\log x", r"\log x + 0 \log x", r"2 \log x + 0 \log x"),
        (r"\log(1 - x)", r"2 \log \sqrt{1 - x}", r"2 \log (1 - x)"),
    ],
)
def test_what_is_defined_somewhere_is_judged_there(start: str, right: str, wrong: str) -> None:
    assert judged(POSITIVE, start, right).verdict == "right"
    assert judged(POSITIVE, start, wrong).verdict == "wrong"


@pytest.mark.parametrize(
    ("start", "right", "wrong"),
    [
        (
            r"\frac{\partial R_{ij}}{\partial X_{kl}}",
            r"\frac{(X_{il} - X_{jl})(\delta_{ik} - \delta_{jk})}{R_{ij}}",
            r"\frac{(X_{il} - X_{jl})(\delta_{ik} + \delta_{jk})}{R_{ij}}",
        ),
        (
            r"\frac{\partial}{\partial X_{kl}} \sum_{i,j} R_{ij}",
            r"2 \sum_j \frac{X_{kl} - X_{jl}}{R_{kj}}",
            r"\sum_j \frac{X_{kl} - X_{jl}}{R_{kj}}",
        ),
        (r"-\sum_i y_i \log y_i", "0", "1"),
    ],
)
def test_a_diagonal_and_the_zeros_of_a_one_hot_vector_count_as_0(start: str, right: str, wrong: str) -> None:
    assert judged(POINTS, start, right).verdict == "right"
    assert judged(POINTS, start, wrong).verdict == "wrong"
