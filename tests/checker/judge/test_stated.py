r"""Definitions of what has a meaning already, as documents give them for the reader's sake."""

from __future__ import annotations

from typing import Any

import pytest

from tensorderiv.checker.case import Case
from tensorderiv.checker.judge import Report, judge

GIVEN: dict[str, Any] = {
    "extents": ["n"],
    "indices": {"i": "n", "k": "n"},
    "symbols": [{"name": "x", "shape": ["n"]}, {"name": "y", "shape": ["n"]}, {"name": "p", "assume": ["positive"]}],
}
NORM = r"\|x\|_p = \left(\sum_i |x_i|^p\right)^{1/p}"
GRADIENT = r"|x_k|^{p-1} \operatorname{sign}(x_k) \|x\|_p^{1-p}"


def judged(definitions: list[str], *lines: str) -> Report:
    return judge(Case.from_json({**GIVEN, "definitions": definitions, "lines": list(lines)}), seconds=30)


def test_a_norm_that_is_defined_as_what_it_means_is_judged_as_one_that_is_not_defined() -> None:
    start = r"\frac{\partial \|x\|_p}{\partial x_k}"
    for definitions in ([], [NORM], ["s = 2", NORM, r"\|x\|_1 = \sum_i |x_i|"]):
        assert judged(definitions, start, GRADIENT).verdict == "right"
        assert judged(definitions, start, GRADIENT.replace("{p-1}", "{p-2}")).first_wrong_line == 1


@pytest.mark.parametrize("known", [r"\|x\|^2 = \sum_i x_i^2", r"\langle x, y \rangle = \sum_i x_i y_i", r"|p| = p"])
def test_other_notation_is_known_as_well(known: str) -> None:
    assert judged([known], "p + p", "2p").verdict == "right"


def test_another_meaning_is_said_and_nothing_is_judged() -> None:
    report = judged([r"s = 2", r"\|x\|_p = \left(\sum_i |x_i|^p\right)^{2/p}"], "p + p", "2p")
    assert report.verdict == "unreadable"
    assert str(report.problem).startswith(r"definition 2: \|x\|_p has a meaning already")


@pytest.mark.parametrize("strange", ["2p = x", "p + s = 3", "= 4"])
def test_what_is_neither_a_name_nor_notation_is_still_said(strange: str) -> None:
    report = judged([strange], "p + p", "2p")
    assert report.verdict == "unreadable"
    assert "left-hand side" in str(report.problem) or "name = expression" in str(report.problem)
