"""`tensorderiv compare` and `tensorderiv stationary`: what they print, their exit codes, their errors."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tensorderiv import cli


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = cli.run([*arguments])
    out, err = capsys.readouterr()
    return code, out, err


def test_a_relation_is_0_and_a_difference_1(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "compare", "sqeuclidean", "euclidean")
    assert (code, err) == (0, "")
    assert "dD/dx_l = 2 D' dD'/dx_l" in out
    code, out, err = run(capsys, "compare", "sqeuclidean", "cityblock")
    assert (code, err) == (1, "")
    assert "degrees" in out


def test_compare_as_json_with_a_figure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figure = tmp_path / "figure.svg"
    code, out, err = run(capsys, "compare", "sqeuclidean", "cityblock", "--format", "json", "--plot", str(figure))
    data = json.loads(out)
    assert (code, data["relation"], data["second"]["gradient"]) == (1, "different", "dD'/dx_l = sign(x_l - y_l)")
    assert 0 < data["counterexample"]["degrees"] < 180
    assert figure.exists()
    assert err == f"wrote {figure}\n"


def test_stationary_is_0_and_not_stationary_1(capsys: pytest.CaptureFixture[str]) -> None:
    loss = "L = sum_i x_i^2 y_i"
    code, out, err = run(capsys, "stationary", loss, "--at", "x_i = 0", "--size", "n=2")
    assert (code, err) == (0, "")
    assert "0: proved" in out
    code, out, _ = run(capsys, "stationary", loss, "--at", "x_i = 1", "--format", "json")
    data = json.loads(out)
    assert (code, data["stationary"], data["conclusion"]) == (1, False, None)
    assert data["gradients"][0]["counterexample"]["value"] != 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["compare", "sqeuclidean"], "Missing argument 'DEF'"),
        (["compare", "sqeuclidean", "nothing"], "'nothing' is no catalogue name"),
        (["compare", "sqeuclidean", "triplet"], "the second definition has no real input X"),
        (["stationary", "npairs"], "Missing option '--at'"),
        (["stationary", "npairs", "--at", "X_ip = v_p", "--size", "n=q"], "--size 'n=q' is not NAME=NUMBER"),
        (["stationary", "npairs", "--at", "X_ip = v_p", "--param", "t=hot"], "--param 't=hot' is not NAME=NUMBER"),
    ],
)
def test_errors_are_2(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert err.count("\n") == 1
