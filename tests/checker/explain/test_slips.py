"""Every known kind of slip is named, and the repaired line is right."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tensorderiv.checker.case import Case
from tensorderiv.checker.explain import explain
from tensorderiv.checker.judge import judge, judging

SLIPS: list[dict[str, Any]] = json.loads(Path(__file__).with_name("slips.json").read_text())
"""Wrong steps with one slip each, the last line wrong; every one written for this test."""

KINDS = {
    "dropped delta", "summation index reused", "transposed index", "wrong sign", "lost factor 2", "product rule", "quotient rule",
    "lost chain factor", "wrong normalisation", "forgot terms", "symmetric double sum", "log base", "shape", "dropped factor",
    "free-index mismatch", "misplaced exponent",
}  # fmt: skip


def test_every_kind_occurs() -> None:
    assert set(Counter(slip["kind"] for slip in SLIPS)) == KINDS


@pytest.fixture(autouse=True)
def ample_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is found must not hang on what else the machine does."""
    monkeypatch.setattr(judging, "MOST_EXPLAINING", 30.0)
    monkeypatch.setattr(judging, "LEAST_EXPLAINING", 30.0)


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: f"{slip['kind']}: {slip['name']}")
def test_the_slip_is_named_and_undone(slip: dict[str, Any]) -> None:
    case = slip["case"]
    report = judge(Case.from_json(case), explain=explain)
    assert (report.verdict, report.first_wrong_line) == ("wrong", len(case["lines"]) - 1)
    assert report.slip is not None and report.slip.kind == slip["kind"]
    assert report.suggestion is not None
    repaired = judge(Case.from_json({**case, "lines": [*case["lines"][:-1], report.suggestion]}))
    assert repaired.verdict == "right", report.suggestion
