"""The corpus: verdicts, first wrong lines and, in the first tier, the kind of the slip; and that the score can fail.

The time is ample, so that a slow machine changes nothing: `python -m tests.checker.corpus` runs with the usual one.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from tensorderiv.checker.checking import check
from tensorderiv.checker.judge import Report, Slip
from tests.checker.corpus.score import Answer, answers, load, table

CASES = load()


def answer_to(case: dict[str, Any]) -> Answer:
    (found,) = answers([case], partial(check, seconds=16.0))
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_verdict_and_first_wrong_line(case: dict[str, Any]) -> None:
    answer = answer_to(case)
    assert answer.line_right, f"{answer}\n{answer.report}"
    if answer.wrong and answer.tier == 1:
        assert answer.named, answer


def scored(case: dict[str, Any], report: Report) -> Answer:
    (found,) = answers([case], lambda _: report)
    return found


def test_what_is_wrong_is_counted_as_wrong() -> None:
    right = next(case for case in CASES if case["expect"]["verdict"] == "right")
    wrong = next(case for case in CASES if case["expect"]["verdict"] == "wrong")
    line, kind = wrong["expect"]["first_wrong_line"], wrong["expect"]["error_kind"]
    slandered, unread = scored(right, Report("wrong", (), first_wrong_line=1)), scored(right, Report("unreadable", ()))
    assert (slandered.slandered, slandered.verdict_right, unread.slandered, unread.unread) == (True, False, False, True)
    late = scored(wrong, Report("wrong", (), first_wrong_line=line + 1, slip=Slip(kind, "")))
    assert (late.verdict_right, late.line_right, late.named) == (True, False, False)
    misnamed = scored(wrong, Report("wrong", (), first_wrong_line=line, slip=Slip("another kind", "")))
    assert (misnamed.line_right, misnamed.named) == (True, False)
    good = scored(wrong, Report("wrong", (), first_wrong_line=line, slip=Slip(kind, "")))
    assert (good.line_right, good.named) == (True, True)
    assert "1/2 (50 %)" in table([good, slandered])
