"""The checker's answers next to the labels of a corpus."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from tensorderiv.checker.checking import check
from tensorderiv.checker.judge import Report

DEV = Path(__file__).with_name("dev.json")
HIDDEN = ("expect", "notes", "source", "variant_of")
"""What a checker is not shown."""

Check = Callable[[dict[str, Any]], Report]


@dataclass(frozen=True)
class Answer:
    """One case with what the checker said of it."""

    case: dict[str, Any]
    report: Report
    seconds: float

    @property
    def tier(self) -> int:
        return int(self.case["tier"])

    @property
    def expected(self) -> dict[str, Any]:
        found: dict[str, Any] = self.case["expect"]
        return found

    @property
    def verdict_right(self) -> bool:
        return bool(self.report.verdict == self.expected["verdict"])

    @property
    def line_right(self) -> bool:
        """The verdict, and the first wrong line where there is one."""
        return self.verdict_right and self.report.first_wrong_line == self.expected["first_wrong_line"]

    @property
    def slandered(self) -> bool:
        """A right derivation that was called wrong."""
        return bool(self.expected["verdict"] == "right" and self.report.verdict == "wrong")

    @property
    def unread(self) -> bool:
        return self.report.verdict == "unreadable"

    @property
    def wrong(self) -> bool:
        return bool(self.expected["verdict"] == "wrong")

    @property
    def named(self) -> bool:
        """The slip has the kind of the label."""
        return self.line_right and self.report.slip is not None and self.report.slip.kind == self.expected["error_kind"]

    @property
    def repaired(self) -> bool:
        """The right line was found."""
        return self.line_right and self.report.suggestion is not None

    def __str__(self) -> str:
        told = self.report.slip.kind if self.report.slip else None
        wanted = (self.expected["verdict"], self.expected["first_wrong_line"], self.expected["error_kind"])
        reason = "" if self.report.problem is None else f"  {self.report.problem}"
        given = (self.report.verdict, self.report.first_wrong_line, told)
        return (
            f"{self.case['id']:6} tier {self.tier}  expected {_told(wanted)}, found {_told(given)}, {self.seconds:.1f} s{reason}"
        )


def _told(parts: tuple[Any, ...]) -> str:
    return " ".join(str(part) for part in parts if part is not None)


def load(path: Path = DEV) -> list[dict[str, Any]]:
    """The cases of a file."""
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return found


def answers(cases: Iterable[dict[str, Any]], check: Check = check) -> Iterable[Answer]:
    """The answers, one by one."""
    for case in cases:
        began = perf_counter()
        report = check({field: value for field, value in case.items() if field not in HIDDEN})
        yield Answer(case, report, perf_counter() - began)


def share(part: int, whole: int) -> str:
    return f"{part}/{whole} ({100 * part / whole:.0f} %)" if whole else "-"


def table(found: Sequence[Answer]) -> str:
    """What was right, tier by tier."""
    headings = [
        "tier",
        "cases",
        "verdict",
        "first line",
        "right called wrong",
        "unreadable",
        "slip named",
        "repaired",
        "seconds",
        "slowest",
    ]
    rows = [headings]
    for tier in (*sorted({answer.tier for answer in found}), None):
        here = [answer for answer in found if tier in (answer.tier, None)]
        wrong = [answer for answer in here if answer.wrong]
        rows.append(
            [
                "all" if tier is None else str(tier),
                str(len(here)),
                share(sum(answer.verdict_right for answer in here), len(here)),
                share(sum(answer.line_right for answer in here), len(here)),
                str(sum(answer.slandered for answer in here)),
                str(sum(answer.unread for answer in here)),
                share(sum(answer.named for answer in wrong), len(wrong)),
                share(sum(answer.repaired for answer in wrong), len(wrong)),
                f"{sum(answer.seconds for answer in here):.1f}",
                f"{max(answer.seconds for answer in here):.1f}",
            ]
        )
    widths = [max(len(row[place]) for row in rows) for place in range(len(headings))]
    return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
