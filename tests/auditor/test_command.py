"""`tensorderiv audit`: what it prints, its exit codes, its errors."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tensorderiv import cli

SQUARES = "D(x, y) = sum_i (x_i - y_i)^2"
SOURCE = """
import sys

import numpy as np

def right(x, y):
    print("not shown")
    return 2 * (x - y)

def half(x, y):
    return x - y

def raises(x, y):
    raise ValueError("no such thing\\nreally")

def leaves(x, y):
    sys.exit(3)

number = 5

class Holder:
    @staticmethod
    def right(x, y, p=2):
        return 2 * (x - y)
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "hand_written.py").write_text(SOURCE)
    (tmp_path / "broken.py").write_text("def f(:")
    (tmp_path / "leaves.py").write_text("raise SystemExit(3)")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = cli.run(["audit", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


def test_right_is_0(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "hand_written.py:right", "--against", SQUARES)
    assert (code, err) == (0, "")
    assert out.startswith("right: right\n")
    assert "gradient by x   right: agrees within rounding" in out
    assert "not shown" not in out


def test_wrong_is_1(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "hand_written.py:half", "--against", "sqeuclidean")
    assert code == 1
    assert "wrong: the factor 2 is missing" in out
    assert "counterexample  d=1  x = [0]  y = [1]\n  returned      [-1]\n  due           [-2]\n" in out


def test_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "hand_written:half", "--against", SQUARES, "--format", "json")
    found = json.loads(out)
    assert code == 1
    assert found["verdict"] == "wrong"
    assert found["findings"][0]["kind"] == "factor"
    assert found["counterexamples"][0]["inputs"] == {"x": [0.0], "y": [1.0]}


def test_the_same_twice(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = (run(capsys, "hand_written.py:half", "--against", SQUARES) for _ in range(2))
    assert first == second


def test_methods_and_parameters(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    powers = "scalar p\nD(x, y) = sum_i abs(x_i - y_i)^p"
    assert run(capsys, "hand_written.py:Holder.right", "--against", powers)[0] == 1
    assert run(capsys, "hand_written.py:Holder.right", "--against", powers, "--param", "p=2")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("hand_written.py:raises",), "the function raised ValueError: no such thing"),
        (("hand_written.py:leaves",), "the function raised SystemExit: 3"),
        (("hand_written.py:number",), "number of hand_written.py is a int, no function"),
        (("hand_written.py:rihgt",), "hand_written.py has no attribute rihgt; did you mean right"),
        (("broken.py:f",), "broken.py cannot be imported: SyntaxError"),
        (("leaves.py:f",), "leaves.py cannot be imported: SystemExit: 3"),
        (("no_such_module:f",), "no_such_module cannot be imported: ModuleNotFoundError"),
        (("nowhere.py:f",), "there is no file nowhere.py"),
        (("hand_written",), "names no function"),
        ((":",), "names no function"),
        (("hand_written.py:half", "--param", "p"), "--param 'p' is not NAME=NUMBER"),
        (("hand_written.py:half", "--param", "p=1"), "there is no parameter p"),
        (("hand_written.py:half", "--wrt", "z"), "there is no input z"),
    ],
)
def test_errors_are_one_line(folder: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str) -> None:
    code, out, err = run(capsys, *arguments, "--against", SQUARES)
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    assert words in err


def test_an_unreadable_definition(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "hand_written.py:half", "--against", "D(x, y) = sum_i (x_i")
    assert code == 2
    assert err.startswith("error: line 1")
