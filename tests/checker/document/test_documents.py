"""Documents as people write them, each with the cases that it must come out as (expected.json).

After a change that is meant: `python -m tests.checker.document.test_documents` writes expected.json anew; look at the difference.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tensorderiv.checker.document import read_document
from tensorderiv.checker.judge import judge
from tensorderiv.errors import TensorDerivError
from tests.checker.document.summary import plain, summary

HERE = Path(__file__).parent
DOCUMENTS = sorted((HERE / "documents").iterdir())
EXPECTED = HERE / "expected.json"


def found_in(path: Path) -> list[dict[str, Any]]:
    """The cases of a document with their verdicts, or the error."""
    try:
        cases = read_document(path.read_text(encoding="utf-8"), path.stem)
    except TensorDerivError as error:
        return [{"error": error.message, "line": error.place.line if error.place else None}]
    data = []
    for case in cases:
        report = judge(case) if case.problem is None else None
        verdict = None if report is None else [report.verdict, report.first_wrong_line]
        data.append({**summary(case), "verdict": verdict})
    return data


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_comes_out_as_its_cases(path: Path) -> None:
    expected = json.loads(EXPECTED.read_text(encoding="utf-8"))
    assert found_in(path) == expected[path.name]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_the_name_says_what_is_wrong(path: Path) -> None:
    """Of a document that is not called so, no derivation is wrong: the expectations are held against the names."""
    expected = json.loads(EXPECTED.read_text(encoding="utf-8"))[path.name]
    wrong = any(case.get("verdict", [""])[0] == "wrong" for case in expected if case.get("verdict"))
    assert wrong == ("wrong" in path.stem or path.stem == "forum_post")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_the_places_are_those_of_the_lines(path: Path) -> None:
    """Every line stands where its place says: letters and digits of the line are found there, macros aside."""
    text = path.read_text(encoding="utf-8")
    try:
        cases = read_document(text)
    except TensorDerivError:
        return
    for case in cases:
        assert len(case.places) == len(case.lines)
        assert all(0 <= start < end <= len(text) for start, end in case.places)
        if "\\def" not in text and "\\newcommand" not in text and path.suffix != ".txt":
            for line, (start, end) in zip(case.lines, case.places, strict=True):
                if case.kind == "chain":
                    assert plain(line) == plain(text[start:end]).replace("&", "").replace("\\nonumber", "")
        starts = [start for start, _ in case.places]
        assert starts == sorted(starts)


if __name__ == "__main__":
    EXPECTED.write_text(json.dumps({path.name: found_in(path) for path in DOCUMENTS}, indent=1) + "\n", encoding="utf-8")
