"""A report as rows of styled pieces: plain text joins them, a terminal colours them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from tensorderiv.checker.judge import LineReport, Report
from tensorderiv.equality import Counterexample
from tensorderiv.equality.verdict import written

LABEL = 16
"""Columns of the labels under the headline."""

MOST_ENTRIES = 12
"""Entries of an input that are shown with a counterexample."""


@dataclass(frozen=True)
class Piece:
    """A text and what it is: "", "good", "bad", "unclear", "faint", "strong"."""

    text: str
    manner: str = ""


Row: TypeAlias = tuple[Piece, ...]


def rows(report: Report) -> Iterator[Row]:
    """The headline, what is wrong and what is right, then all lines with their marks."""
    if report.name:
        yield (Piece(report.name, "strong"),)
    yield (Piece(headline(report), {"right": "good", "wrong": "bad", "unreadable": "unclear"}[report.verdict]),)
    if report.verdict == "wrong":
        yield from _wrong(report)
    if report.problem is not None:
        yield from _problem(report)
    yield from (_labelled("note", remark) for remark in report.remarks)
    yield from (_labelled("read as", reading) for reading in report.readings)
    if report.lines:
        yield ()
        yield from _lines(report.lines)


def headline(report: Report) -> str:
    """The verdict in one line."""
    if report.verdict == "right":
        return "every line follows from the one before" if report.chain else "every line holds"
    if report.verdict == "unreadable":
        return f"could not be judged: {report.problem}" if report.problem else "could not be judged"
    assert report.first_wrong_line is not None
    line = report.lines[report.first_wrong_line]
    if not report.chain:
        return f"line {line.number} does not hold"
    return f"line {line.number} does not follow from line {line.number - 1}"


def counterexample_text(report: Report) -> str:
    """Sizes, indices and both values on one line."""
    example = report.counterexample
    if example is None or report.first_wrong_line is None:
        return ""
    number = report.first_wrong_line
    left, right = (f"line {number - 1}", f"line {number}") if report.chain else ("left", "right")
    where = "  ".join(part for part in (pairs(example.sizes), pairs(example.indices)) if part)
    return "   ".join(part for part in (where, f"{left}: {written(example.left)}", f"{right}: {written(example.right)}") if part)


def pairs(values: Any) -> str:
    """n=3 d=1."""
    return " ".join(f"{name}={value}" for name, value in values.items())


def inputs_of(example: Counterexample) -> Iterator[str]:
    """The inputs of a counterexample, one a line; large ones are left out."""
    for name, array in example.inputs.items():
        if array.size <= MOST_ENTRIES:
            yield f"{name} = {array_text(array)}"


def array_text(array: Any) -> str:
    """Nested brackets, numbers exactly where they are short."""
    if getattr(array, "ndim", 0) == 0:
        return written(array.item() if hasattr(array, "item") else array)
    return f"[{', '.join(array_text(part) for part in array)}]"


def _wrong(report: Report) -> Iterator[Row]:
    assert report.first_wrong_line is not None
    if report.slip is not None:
        yield _labelled(report.slip.kind, report.slip.why)
    if report.counterexample is not None:
        yield _labelled("counterexample", counterexample_text(report))
        yield from (_labelled("", text) for text in inputs_of(report.counterexample))
    elif report.slip is None:
        yield _labelled("", report.lines[report.first_wrong_line].message)
    if report.suggestion is not None:
        yield (Piece("  " + "right".ljust(LABEL), "strong"), Piece(report.suggestion, "good"))
        after = report.first_wrong_line + 1
        if report.slip is not None and report.slip.follows is not None and after < len(report.lines):
            yield _labelled("", f"line {after} {'follows' if report.slip.follows else 'does not follow'} from it")


def _problem(report: Report) -> Iterator[Row]:
    assert report.problem is not None
    yield from ((Piece("  " + line, "faint"),) for line in report.problem.excerpt.splitlines())
    if report.problem.understood:
        yield _labelled("understood", report.problem.understood)


def _labelled(label: str, text: str) -> Row:
    shown = label.ljust(LABEL) if len(label) < LABEL else f"{label}: "
    return Piece("  " + shown, "strong"), Piece(text)


def _lines(lines: Sequence[LineReport]) -> Iterator[Row]:
    width = max(len(mark(line)) for line in lines)
    for line in lines:
        yield (Piece(f"  {line.number:>2}  "), Piece(mark(line).ljust(width + 2), manner_of(line)), Piece(line.text))
        for note in (line.message, f"read as: {line.reading}" if line.reading else ""):
            if note:
                yield (Piece(" " * (6 + width + 2) + note, "faint"),)


def mark(line: LineReport) -> str:
    """The state of a line in a few words; a sound step after a wrong line is told as such."""
    if line.good and line.follows and line.equals_start is False:
        return f"sound step ({line.status})"
    if line.good and line.follows is False and line.equals_start:
        return f"right again ({line.status})"
    return line.status


def manner_of(line: LineReport) -> str:
    """How a mark is coloured."""
    if line.status in ("wrong", "ill-typed"):
        return "bad"
    if line.status == "unreadable" or line.equals_start is False:
        return "unclear"
    return "good"
