"""`tensorderiv check` and `td.check`: sources, formats, exit codes, errors."""

from __future__ import annotations

import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import tensorderiv as td
from tensorderiv import cli
from tensorderiv.errors import SyntaxProblem, TensorDerivError

X: dict[str, Any] = {"symbols": [{"name": "x"}]}
RIGHT = X | {"id": "a right one", "lines": ["(x+1)^2", "x^2 + 2x + 1"]}
WRONG = X | {"id": "a wrong one", "lines": ["(x+1)^2", "x^2 + 1"]}
UNREAD = X | {"id": "an odd one", "lines": ["(x+1)^2", r"x^2 + \lim y"]}


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = cli.run(["check", *arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def stored(folder: Path, *cases: dict[str, Any]) -> str:
    path = folder / "cases.json"
    path.write_text(json.dumps(cases if len(cases) > 1 else cases[0]))
    return str(path)


@pytest.mark.parametrize(("case", "code"), [(RIGHT, 0), (WRONG, 1), (UNREAD, 2)])
def test_exit_codes(capsys: pytest.CaptureFixture[str], tmp_path: Path, case: dict[str, Any], code: int) -> None:
    found, out, err = run(capsys, stored(tmp_path, case))
    assert (found, err) == (code, "")
    assert out.startswith(case["id"])
    assert "\x1b" not in out
    assert td.check(case).exit_code == code


@pytest.mark.parametrize(("cases", "code"), [((RIGHT, WRONG), 1), ((RIGHT, UNREAD), 2), ((UNREAD, WRONG, RIGHT), 1)])
def test_of_several_the_worst_counts(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, cases: tuple[dict[str, Any], ...], code: int
) -> None:
    found, out, _ = run(capsys, stored(tmp_path, *cases))
    assert found == code
    assert all(case["id"] in out for case in cases)
    report = td.check(list(cases))
    assert report.exit_code == code
    assert f"of {len(cases)}" in report.remarks[-1]


def test_a_document(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "my.tex"
    path.write_text("given $x \\in \\mathbb{R}$\n\\begin{align}\n(x+1)^2 &= x^2 + 2x + 1 \\\\\n &= x^2 + 1\n\\end{align}\n")
    code, out, _ = run(capsys, str(path))
    assert code == 1
    assert "line 2 does not follow from line 1" in out
    assert (
        td.check(path).first_wrong_line
        == td.check(path.read_text()).first_wrong_line
        == td.check(str(path)).first_wrong_line
        == 2
    )


def test_standard_input(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(json.dumps(WRONG).encode())))
    code, out, _ = run(capsys, "-", "--format", "json")
    assert code == 1
    assert json.loads(out)["first_wrong_line"] == 1


@pytest.mark.parametrize("style", cli.judging.CHECK_FORMATS)
def test_formats(capsys: pytest.CaptureFixture[str], tmp_path: Path, style: str) -> None:
    code, out, err = run(capsys, stored(tmp_path, WRONG, RIGHT), "--format", style)
    assert (code, err) == (1, "")
    assert "x^2 + 1" in out
    if style == "json":
        assert [item["verdict"] for item in json.loads(out)] == ["wrong", "right"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("absent.tex", None),
        ("binary.tex", b"\xff\xfe\x00"),
        ("null.md", b"a\0b"),
        ("empty.tex", b""),
        ("prose.md", b"There is nothing here."),
        ("broken.json", b"{"),
        ("wrong.json", b'{"lines": 3}'),
        ("none.json", b"[]"),
        ("number.json", b"3"),
    ],
)
def test_errors_are_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str, data: bytes | None) -> None:
    path = tmp_path / name
    if data is not None:
        path.write_bytes(data)
    code, out, err = run(capsys, str(path))
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert "fault" not in err
    assert len(err.splitlines()) in (1, 3)
    with pytest.raises((TensorDerivError, OSError)):
        td.check(path)


def test_a_folder_is_no_document(tmp_path: Path) -> None:
    with pytest.raises(SyntaxProblem, match="folder"):
        td.check(tmp_path)
