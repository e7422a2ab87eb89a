"""A report as plain text, and as JSON."""

from __future__ import annotations

from typing import Any

from tensorderiv.checker.judge import LineReport, Report
from tensorderiv.checker.report.rows import array_text, rows
from tensorderiv.equality import Counterexample
from tensorderiv.equality.verdict import written


def as_text(report: Report) -> str:
    """What `tensorderiv check` prints, without colours."""
    return "\n".join("".join(piece.text for piece in row).rstrip() for row in rows(report))


def as_data(report: Report) -> dict[str, Any]:
    """The report as plain data; numbers that are no short rationals are given with six digits."""
    slip, problem = report.slip, report.problem
    return {
        "name": report.name,
        "verdict": report.verdict,
        "first_wrong_line": report.first_wrong_line,
        "error_kind": slip.kind if slip else None,
        "why": slip.why if slip else None,
        "right": report.suggestion,
        "following_line_follows": slip.follows if slip else None,
        "counterexample": _example(report.counterexample),
        "lines": [_line(line) for line in report.lines],
        "readings": list(report.readings),
        "remarks": list(report.remarks),
        "problem": None
        if problem is None
        else {
            "message": problem.message,
            "where": problem.where,
            "excerpt": problem.excerpt,
            "understood": problem.understood,
        },
    }


def _line(line: LineReport) -> dict[str, Any]:
    return {
        "number": line.number,
        "text": line.text,
        "status": line.status,
        "follows": line.follows,
        "equals_start": line.equals_start,
        "reading": line.reading,
        "message": line.message,
    }


def _example(example: Counterexample | None) -> dict[str, Any] | None:
    if example is None:
        return None
    return {
        "sizes": dict(example.sizes),
        "indices": dict(example.indices),
        "left": written(example.left),
        "right": written(example.right),
        "inputs": {name: array_text(array) for name, array in example.inputs.items()},
    }
