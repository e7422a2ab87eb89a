"""The command line: what it prints, its exit codes, its errors."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import tensorderiv as td
from tensorderiv import cli
from tensorderiv.catalog import KINDS

SQUARES = "D_ij = sum_p (X_ip - X_jp)^2"
RESULT = "2 (X_il - X_jl)(delta_ik - delta_jk)"
Command = Callable[..., Any]


def one_line(outcome: Any) -> str:
    """The error of an outcome: exit code 2, nothing on standard output, one line and at most source and caret below it."""
    assert outcome.code == 2
    assert outcome.out == ""
    assert "Traceback" not in outcome.err
    lines = outcome.err.splitlines()
    assert lines[0].startswith("error: ")
    assert len(lines) in (1, 3), outcome.err
    if len(lines) == 3:
        assert set(lines[2].strip()) == {"^"}
    return str(lines[0])


# ---------------------------------------------------------------- list and show


def test_list_names_every_entry(command: Command) -> None:
    outcome = command("list")
    assert outcome.code == 0
    assert all(f"  {name} " in outcome.out for name in td.catalog)


def test_list_counts_by_kind_and_keeps_lines_short(command: Command) -> None:
    lines = command("list").out.splitlines()
    assert [line.split()[0] for line in lines if line and not line.startswith(" ")] == list(KINDS)
    assert sum(int(line.split("(")[1].strip(")")) for line in lines if line and not line.startswith(" ")) == len(td.catalog)
    assert max(map(len, lines)) <= 130


def test_list_of_a_text_tells_what_is_called_so(command: Command) -> None:
    outcome = command("list", "manhattan_dist")
    assert outcome.out.splitlines() == [
        "distances (1)",
        "  cityblock  city block (Manhattan, L1) distance  (sklearn: manhattan_distances)",
    ]
    assert [entry["name"] for entry in json.loads(command("list", "infonce", "--json").out)] == ["ntxent"]
    assert "did you mean manhattan" in one_line(command("list", "manhatan"))
    assert "`tensorderiv list` shows all" in one_line(command("list", "no such thing"))


def test_list_as_json(command: Command) -> None:
    entries = json.loads(command("list", "--json").out)
    assert [entry["name"] for entry in entries] == list(td.catalog)
    assert {entry["kind"] for entry in entries} == {"distance", "similarity", "kernel", "loss"}
    assert all(isinstance(entry["aliases"], list) and entry["definition"] and entry["source"] for entry in entries)


def test_show(command: Command) -> None:
    outcome = command("show", "l2")
    assert outcome.code == 0
    for part in ("euclidean  Euclidean distance", "D_ij = sqrt(", "domain", "derivative by X_kl", "scipy: `euclidean`", "source"):
        assert part in outcome.out
    assert "chain rule" not in outcome.out
    assert "chain rule" in command("show", "l2", "--steps").out


def test_show_an_unknown_name(command: Command) -> None:
    assert "did you mean" in one_line(command("show", "euclidian"))


# ---------------------------------------------------------------- derive


def test_derive_prints_steps_and_the_factored_result(command: Command) -> None:
    outcome = command("derive", SQUARES, "--wrt", "X_kl")
    assert outcome.code == 0
    assert RESULT in outcome.out
    assert outcome.out.index("sum") < outcome.out.rindex(RESULT)


@pytest.mark.parametrize("form", cli.deriving.FORMATS)
def test_derive_in_every_format(command: Command, form: str) -> None:
    outcome = command("derive", SQUARES, "--wrt", "X_kl", "--format", form)
    assert outcome.code == 0
    assert "delta" in outcome.out
    assert "\x1b" not in outcome.out


def test_derive_as_json_has_the_shape_of_the_contract(command: Command) -> None:
    told = json.loads(command("derive", SQUARES, "--wrt", "X_kl", "--format", "json").out)
    assert list(told)[:6] == ["definition", "wrt", "extents", "result", "steps", "conditions"]
    assert told["wrt"] == "X_kl"
    assert told["result"]["text"] == RESULT
    assert set(told["result"]) == {"text", "latex"}
    assert sorted(told["extents"].values()) == [["X", 0], ["X", 1]]
    assert told["steps"]
    for step in told["steps"]:
        assert set(step) == {"rule", "why", "text", "latex"}
        assert all(isinstance(value, str) and value for value in step.values())


def test_conditions_are_told(command: Command) -> None:
    told = json.loads(command("derive", "euclidean", "--format", "json").out)
    assert told["conditions"]
    assert all(set(condition) == {"where", "kind", "policy"} for condition in told["conditions"])


def test_derive_a_name_a_file_and_a_text_agree(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "mine.td"
    file.write_text(f"# my own\ntensor X[n,d]\n{SQUARES}\n", encoding="utf-8")
    results = [
        json.loads(command("derive", text, "--wrt", "X_kl", "--format", "json").out)["result"]["text"]
        for text in ("sqeuclidean", str(file), SQUARES)
    ]
    assert results == [RESULT] * 3


def test_derive_latex_from_a_tex_file(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "mine.tex"
    file.write_text(r"D_{ij} = \sum_{p=1}^{d} \left(X_{ip} - X_{jp}\right)^2" + "\n", encoding="utf-8")
    assert RESULT in command("derive", str(file), "--wrt", "X_kl").out


def test_the_columns_convention(command: Command) -> None:
    outcome = command("derive", "D_ij = sum_p (X_pi - X_pj)^2", "--wrt", "X_kl")
    assert "2 (X_ki - X_kj)(delta_il - delta_jl)" in outcome.out


def test_wrt_is_checked(command: Command) -> None:
    assert "the index i is free in D" in one_line(command("derive", SQUARES, "--wrt", "X_ij"))
    assert "Z" in one_line(command("derive", SQUARES, "--wrt", "Z_kl"))


# ---------------------------------------------------------------- generate and verify


def test_generate_and_use(command: Command, tmp_path: Path) -> None:
    out = tmp_path / "kernels"
    outcome = command("generate", "D_ij = sum_p abs(X_ip - Y_jp)^3", "--out", str(out), "--name", "cubes")
    assert outcome.code == 0, outcome.err
    assert f"wrote {out / 'cubes.py'}" in outcome.out
    assert sorted(path.name for path in out.iterdir() if path.is_file()) == ["MANIFEST.json", "cubes.py", "cubes.tex"]
    script = "import numpy as np; from kernels import cubes; print(cubes.pairwise(np.ones((2, 3)), np.zeros((1, 3))).tolist())"
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout == "[[3.0], [3.0]]\n", done.stderr


def test_the_name_comes_from_the_text(command: Command, tmp_path: Path) -> None:
    outcome = command("generate", "D_ij = sum_p (X_ip - Y_jp)^4", "D_ij = sum_p (X_ip - Y_jp)^6", "--out", str(tmp_path))
    assert outcome.code == 0, outcome.err
    names = sorted(path.stem for path in tmp_path.glob("*.py"))
    assert len(names) == 2
    assert all(name.startswith("d_") and name.isidentifier() for name in names)


def test_generate_again(command: Command, tmp_path: Path) -> None:
    """What the folder holds, and nothing else."""
    assert "holds no kernels yet" in one_line(command("generate", "--again", "--out", str(tmp_path)))
    assert command("generate", "sqeuclidean", "--out", str(tmp_path)).code == 0
    (tmp_path / "sqeuclidean.tex").write_text("% Generated by tensorderiv: touched")
    outcome = command("generate", "--again", "--out", str(tmp_path))
    assert outcome.code == 0, outcome.err
    assert f"wrote {tmp_path / 'sqeuclidean.tex'}" in outcome.out
    assert f"unchanged {tmp_path / 'sqeuclidean.py'}" in outcome.out
    assert sorted(path.stem for path in tmp_path.glob("*.py")) == ["sqeuclidean"]


def test_nothing_is_written_when_verification_fails(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tensorderiv import definition
    from tensorderiv.errors import VerificationFailed

    def refuse(*_: object, **__: object) -> None:
        raise VerificationFailed("sqeuclidean: vjp is off")

    monkeypatch.setattr(definition, "generate", refuse)
    outcome = command("generate", "sqeuclidean", "--out", str(tmp_path / "out"))
    assert outcome.code == 3
    assert outcome.err == "error: sqeuclidean: vjp is off\n"
    assert not (tmp_path / "out").exists()


def test_verify_names_paths_and_faults(command: Command, tmp_path: Path) -> None:
    assert command("generate", "sqeuclidean", "--out", str(tmp_path)).code == 0
    good = tmp_path / "sqeuclidean.py"
    outcome = command("verify", str(good))
    assert outcome.code == 0, outcome.out + outcome.err
    assert "sqeuclidean" in outcome.out

    bad = tmp_path / "doubled.py"
    bad.write_text(good.read_text().replace("def vjp(", "def _vjp(", 1) + DOUBLED)
    outcome = command("verify", str(good), str(bad))
    assert outcome.code == 1
    assert "FAILED" in outcome.out


DOUBLED = """

def vjp(*arguments, **keywords):
    gradients = _vjp(*arguments, **keywords)
    return tuple(2 * g for g in gradients) if isinstance(gradients, tuple) else 2 * gradients
"""


def test_verify_an_unknown_name(command: Command) -> None:
    assert "nosuchkernel" in one_line(command("verify", "nosuchkernel"))


# ---------------------------------------------------------------- errors


def test_an_unknown_definition_names_the_nearest(command: Command) -> None:
    assert "did you mean euclidean" in one_line(command("derive", "euclidan"))
    assert "a definition looks like" in one_line(command("derive", "what is this"))
    assert "no such file" in one_line(command("derive", "nowhere/mine.td"))


def test_unreadable_files(command: Command, tmp_path: Path) -> None:
    assert "is a folder" in one_line(command("derive", str(tmp_path)))
    binary = tmp_path / "binary.td"
    binary.write_bytes(b"D_ij = \xff\xfe\x00")
    assert "is not UTF-8 text: byte 7" in one_line(command("derive", str(binary)))
    binary.write_bytes(b"D_ij = \x00")
    assert "byte 7 is 0x00" in one_line(command("derive", str(binary)))
    binary.write_bytes(b" " * 2_000_000)
    assert "2,000,000 bytes" in one_line(command("derive", str(binary)))


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read(command: Command, tmp_path: Path) -> None:
    secret = tmp_path / "secret.td"
    secret.write_text(SQUARES)
    secret.chmod(0)
    assert "Permission denied" in one_line(command("derive", str(secret)))


def test_the_caret_stands_under_the_place(command: Command) -> None:
    outcome = command("derive", "D_ij = sum_p (X_ip - Q(X_jp))^2")
    one_line(outcome)
    source, caret = outcome.err.splitlines()[1:]
    assert source[caret.index("^")] == "Q"


def test_wrong_usage(command: Command) -> None:
    assert "did you mean derive?" in one_line(command("deriv"))
    assert "nothing to generate" in one_line(command("generate"))
    assert "--name goes with one DEF" in one_line(command("generate", "cosine", "rbf", "--name", "both"))
    assert "'pdf' is not one of" in one_line(command("derive", SQUARES, "--format", "pdf"))
    assert "No such option" in one_line(command("list", "--colour"))


@pytest.mark.parametrize("name", ["../evil", "/tmp/evil", "a/b", "class", "numpy", "", "x" * 300, "a.b"])
def test_a_name_is_never_a_path(command: Command, tmp_path: Path, name: str) -> None:
    out = tmp_path / "out"
    assert "cannot be the name of a module" in one_line(command("generate", SQUARES, "--out", str(out), "--name", name))
    assert list(tmp_path.iterdir()) == []


def test_out_must_be_a_folder(command: Command, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("mine")
    one_line(command("generate", "sqeuclidean", "--out", str(taken)))
    assert taken.read_text() == "mine"


def test_no_file_outside_the_folder(command: Command, tmp_path: Path) -> None:
    """A link in --out that points elsewhere is not followed."""
    out = tmp_path / "out"
    out.mkdir()
    victim = tmp_path / "victim"
    victim.write_text("mine")
    (out / "sqeuclidean.py").symlink_to(victim)
    command("generate", "sqeuclidean", "--out", str(out))
    assert victim.read_text() == "mine"


def test_stopping_shows_no_traceback(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(entry: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli.listing, "asdict", stop)
    outcome = command("list", "cosine", "--json")
    assert (outcome.code, outcome.out, outcome.err.strip()) == (130, "", "error: stopped")


def test_a_fault_of_ours_is_told_in_one_line(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TENSORDERIV_TRACEBACK", raising=False)
    monkeypatch.setattr(cli.listing, "asdict", lambda entry: 1 // 0)
    assert "a fault inside tensorderiv, ZeroDivisionError" in one_line(command("list", "cosine", "--json"))


def process(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-m", "tensorderiv", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


def test_as_a_process() -> None:
    done = process("list")
    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
    done = process("show", "nothing")
    assert (done.returncode, done.stdout) == (2, "")
    assert "\x1b" not in done.stderr


def test_a_closed_pipe_is_no_fault() -> None:
    pipeline = f"{sys.executable} -W error -m tensorderiv list --json | head -n 1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", pipeline], capture_output=True, text=True, check=False)
    assert done.returncode in (0, 141)
    assert (done.stdout, done.stderr) == ("[\n", "")


def test_nothing_unfinished_is_offered() -> None:
    """Commands of later issues are not registered before they work."""
    commands = {"list", "show", "derive", "check", "audit", "compare", "stationary", "generate", "verify", "bench"}
    assert set(cli.app.commands) == commands
