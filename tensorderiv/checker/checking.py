"""`td.check`: a derivation in, its report out. Data flow: document -> reading -> meaning -> judge -> explain -> report."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any, TypeAlias

from tensorderiv.checker.case import Case
from tensorderiv.checker.document import read_document
from tensorderiv.checker.explain import explain
from tensorderiv.checker.judge import (
    MOST_EXPLAINING,
    SECONDS,
    Answer,
    Explain,
    Explanation,
    Jacobian,
    Problem,
    Report,
    WrongStep,
    judge,
)
from tensorderiv.errors import SyntaxProblem, TensorDerivError

Source: TypeAlias = str | Path | Mapping[str, Any] | Sequence[Mapping[str, Any]]

LARGEST = 1_000_000
"""Bytes of a document; what is larger is something else."""

SUFFIXES = (".tex", ".md", ".txt", ".json")
TENTHS = 0.3
WORST: tuple[Answer, ...] = ("wrong", "unreadable", "right")


def check(case: Source, *, seconds: float = SECONDS) -> Report:
    r"""Which line of a derivation is the first wrong one.

    `case` is a path to a .tex, .md, .txt or .json file, the text of one, or an object with "lines" and declarations. Of several
    derivations in a document the report of the worst is returned (wrong, then unreadable, then right); `check_all` gives all.
    Raises SyntaxProblem where there is no derivation, and OSError.

    >>> print(check({"symbols": [{"name": "x"}], "lines": ["(x+1)^2", "x^2 + 2x + 1", "x^2 + 1"]}).first_wrong_line)
    2
    """
    return worst(check_all(case, seconds=seconds))


def check_all(case: Source, *, seconds: float = SECONDS) -> tuple[Report, ...]:
    """The reports of all derivations in a document, in order; remarks in passing that cannot be judged are left out."""
    cases = cases_of(case)
    reports = check_cases(cases, seconds=seconds)
    kept = [report for one, report in zip(cases, reports, strict=True) if not (one.aside and report.verdict == "unreadable")]
    return tuple(kept) or reports


def check_cases(cases: Sequence[Case], *, seconds: float = SECONDS) -> tuple[Report, ...]:
    """The reports of the derivations of one document, in which derivatives of vectors lie one way."""
    explaining = Explaining()
    reports = tuple(check_case(case, seconds=seconds, explaining=explaining) for case in cases)
    ways = {
        place: report.way
        for place, (case, report) in enumerate(zip(cases, reports, strict=True))
        if report.verdict == "right" and report.way is not None and case.layout == "open" and case.places
    }
    if len(set(ways.values())) < 2:
        return reports
    misfits: list[dict[int, Report]] = []
    for way in dict.fromkeys(ways.values()):
        others = [place for place, own in ways.items() if own != way]
        held = {place: check_case(cases[place], seconds=seconds, explaining=explaining, way=way) for place in others}
        wrong = {place: _held(report, way) for place, report in held.items() if report.verdict == "wrong"}
        if not wrong:
            return reports
        misfits.append(wrong)
    return tuple(misfits[0].get(place, report) for place, report in enumerate(reports))


def _held(report: Report, way: Jacobian) -> Report:
    """The report of a derivation that is right in another layout than the first ones."""
    told = f"it would be right in the other layout, but derivations elsewhere are written in {way} layout"
    return replace(report, remarks=(*report.remarks, told))


class Explaining:
    """`explain` with the seconds of one derivation shared among all of a document; each gets a few tenths at least."""

    def __init__(self) -> None:
        self.left = MOST_EXPLAINING

    def __call__(self, step: WrongStep) -> Explanation | None:
        begun = monotonic()
        try:
            return explain(replace(step, seconds=min(step.seconds, max(TENTHS, self.left))))
        finally:
            self.left -= monotonic() - begun


def check_case(case: Case, *, seconds: float = SECONDS, explaining: Explain = explain, way: Jacobian | None = None) -> Report:
    """The report of one derivation. A fault of ours is told as what it is, and is no verdict. `way`: how derivatives dy/dx of
    vectors lie, where the case leaves that open.
    """
    if case.problem is not None:
        excerpt = case.problem.excerpt()
        told = Problem(str(case.problem), excerpt=excerpt)
        return Report("unreadable", (), readings=case.notes, problem=told, name=case.name, definitions=case.definitions)
    try:
        return judge(case, seconds=seconds, explain=explaining, way=way)
    except Exception as error:  # the boundary: TENSORDERIV_TRACEBACK=1 shows where
        if os.environ.get("TENSORDERIV_TRACEBACK"):
            raise
        ours = f"a fault inside tensorderiv, {type(error).__name__}: {error}"
        problem = Problem(str(error) if isinstance(error, TensorDerivError) else ours)
        return Report("unreadable", (), problem=problem, name=case.name, definitions=case.definitions)


def worst(reports: tuple[Report, ...]) -> Report:
    """The report that counts for a document."""
    found = min(reports, key=lambda report: WORST.index(report.verdict))
    if len(reports) == 1:
        return found
    told = f"derivation {reports.index(found) + 1} of {len(reports)}: {', '.join(report.verdict for report in reports)}"
    return replace(found, remarks=(*found.remarks, told))


def cases_of(source: Source) -> tuple[Case, ...]:
    """The derivations of a source. Raises SyntaxProblem where there are none, and OSError."""
    if isinstance(source, Mapping):
        return (Case.from_json(source),)
    if isinstance(source, Path):
        return from_file(source)
    if not isinstance(source, str):
        return tuple(Case.from_json(item) for item in source)
    if _names_a_file(source):
        return from_file(Path(source))
    return from_text(source)


def from_file(path: Path) -> tuple[Case, ...]:
    """The derivations of a file."""
    if path.is_dir():
        raise SyntaxProblem(f"{path} is a folder", hint=f"give a file in it that ends in {', '.join(SUFFIXES)}")
    size = path.stat().st_size
    if size > LARGEST:
        raise SyntaxProblem(f"{path} holds {size:,} bytes; a document has at most {LARGEST:,}")
    return from_text(decoded(path.read_bytes(), str(path)), path.stem, as_json=path.suffix == ".json")


def from_text(text: str, name: str = "", *, as_json: bool | None = None) -> tuple[Case, ...]:
    """The derivations of a text; without `as_json` it is JSON if it begins as such."""
    if as_json or (as_json is None and text.lstrip()[:1] in ("{", "[") and '"lines"' in text):
        try:
            given = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise SyntaxProblem(f"{name or 'the text'} is no JSON: {error}") from None
        items = given if isinstance(given, list) else [given]
        if not items:
            raise SyntaxProblem(f"{name or 'the list'} holds no case")
        return tuple(Case.from_json(item) for item in items)
    found = read_document(text, name)
    if not found:
        raise SyntaxProblem(
            f"there is no derivation in {name or 'the text'}",
            hint="write a chain a = b = c, between $$ or in an align environment",
        )
    return found


def decoded(data: bytes, name: str) -> str:
    """The text of a document. Raises SyntaxProblem for what is no text."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SyntaxProblem(f"{name} is not UTF-8 text: byte {error.start} is {error.object[error.start]:#04x}") from None
    if "\0" in text:
        raise SyntaxProblem(f"{name} is not text: byte {text.index(chr(0))} is 0x00")
    return text


def _names_a_file(text: str) -> bool:
    """A single line that ends as a file name does, or is one."""
    if "\n" in text or len(text) > 1000:
        return False
    return text.endswith(SUFFIXES) or os.path.isfile(text)  # noqa: PTH113  -- Path.is_file raises on a text that is no path
