"""Long work tells how far it has come: to a callback, or on a terminal; to nobody else."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import tensorderiv as td
from tensorderiv.definition import verify
from tensorderiv.progress import Progress

pty = pytest.importorskip("pty", reason="no pseudo-terminals here")

NORMS = "L = sum_i x_i^2"
SHOW, HIDE = b"\x1b[?25h", b"\x1b[?25l"


def on_a_terminal(*arguments: str, stop_at: bytes | None = None, cache: Path | None = None) -> tuple[int, str, bytes]:
    """Exit code, standard output (a pipe) and what a terminal at standard error receives. Ctrl-C once it shows `stop_at`."""
    master, slave = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "tensorderiv", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=slave,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100", **({"TENSORDERIV_CACHE": str(cache)} if cache else {})},
    )
    os.close(slave)
    seen, deadline = b"", time.monotonic() + 120
    while time.monotonic() < deadline:
        if select.select([master], [], [], 0.1)[0]:
            try:
                seen += os.read(master, 65536)
            except OSError:  # the other end is closed: Linux says so by an error
                break
        if stop_at is not None and stop_at in seen:
            child.send_signal(signal.SIGINT)
            stop_at = None
    out = child.communicate(timeout=60)[0].decode()
    os.close(master)
    return child.returncode, out, seen


def plain(seen: bytes) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", seen.decode())


def test_a_callback_hears_each_stage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    heard: list[Progress] = []
    pair = [td.define(NORMS, name="first"), td.define("L = sum_i x_i^4", name="second")]
    td.generate(pair, tmp_path, progress=heard.append)
    assert [(p.name, p.number, p.count) for p in heard if p.doing == "deriving"] == [("first", 1, 2), ("second", 2, 2)]
    words = list(dict.fromkeys(p.doing for p in heard if p.name == "second"))
    expected = [
        "deriving",
        "emitting",
        "looking for inputs",
        "compiling value",
        "judging by brute force: general",
        "judging by autodiff: general",
        "judging by finite differences: general",
        "judging input safety",
        "measuring accuracy",
    ]
    assert [word for word in words if word in expected] == expected
    assert all(p.count == 2 for p in heard)

    heard.clear()
    assert all(report.ok for report in verify(tmp_path, progress=heard.append))
    assert {(p.name, p.number, p.count) for p in heard} == {("first", 1, 2), ("second", 2, 2)}
    assert capsys.readouterr() == ("", "")


def test_a_terminal_shows_it_and_standard_output_stays_as_it_is(tmp_path: Path) -> None:
    arguments = ("generate", NORMS, "--name", "norms", "--out")
    done = subprocess.run(
        [sys.executable, "-m", "tensorderiv", *arguments, str(tmp_path / "a")], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    code, out, seen = on_a_terminal(*arguments, str(tmp_path / "b"))
    assert code == 0
    assert out.replace(str(tmp_path / "b"), str(tmp_path / "a")) == done.stdout
    assert re.search(r"1/1 norms (compiling|judging|looking|emitting|measuring)[^\n]* 0:00:0\d", plain(seen)), plain(seen)
    assert seen.count(HIDE) == seen.count(SHOW) > 0
    assert seen.endswith(b"\x1b[2K")  # the line is gone


def test_stopping_leaves_nothing_but_a_clean_terminal(tmp_path: Path) -> None:
    out = tmp_path / "kernels"
    pairs = (
        "D_ij = sum_p abs(X_ip - Y_jp)^3"  # with nothing kept, compiling it takes seconds: it is not over before the signal comes
    )
    code, printed, seen = on_a_terminal("generate", pairs, "--out", str(out), stop_at=b"compiling", cache=tmp_path / "cache")
    assert (code, printed) == (130, "")
    assert not out.exists()
    assert seen.rindex(SHOW) > seen.rindex(HIDE)
    assert plain(seen).rstrip().endswith("error: stopped")


def test_a_dumb_terminal_gets_no_control_sequences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    from tensorderiv import terminal

    class Dumb(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setattr(sys, "stderr", Dumb())
    with terminal.display() as display:
        display(Progress("rbf", 1, 2, "deriving"))
        display.between(print)("told")
    assert sys.stderr.getvalue() == ""


def test_ctrl_c_waits_until_all_files_are_in_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C after the first file has moved: all of them are new, none is left over."""
    from tensorderiv.emit.write import Generated, write

    head = "Generated by tensorderiv\n"
    write([Generated(name, "old", head, "old") for name in ("a", "b")], tmp_path)
    move = Path.replace

    def interrupted(self: Path, target: Path) -> Path:
        moved = move(self, target)
        signal.raise_signal(signal.SIGINT)
        return moved

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write([Generated(name, "new", f"{head}new", "new") for name in ("a", "b")], tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["MANIFEST.json", "a.py", "a.tex", "b.py", "b.tex"]
    assert {path.read_text() for path in tmp_path.glob("*.tex")} == {"new"}
    before = (tmp_path / "MANIFEST.json").read_text()
    monkeypatch.undo()
    assert write([Generated(name, "new", f"{head}new", "new") for name in ("a", "b")], tmp_path) == ()
    assert (tmp_path / "MANIFEST.json").read_text() == before
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.parametrize("module", ["tensorderiv", "tensorderiv.cli", "tensorderiv.definition"])
def test_rich_is_imported_only_to_show_something(module: str) -> None:
    script = f"import {module}, sys; raise SystemExit('rich' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_the_line_is_taken_away_while_a_verdict_prints() -> None:
    from tensorderiv.terminal import Display

    order: list[str] = []

    class Line:
        def stop(self) -> None:
            order.append("stop")

        def start(self) -> None:
            order.append("start")

    display = Display(Line())  # type: ignore[arg-type]
    display.between(order.append)("told")
    with pytest.raises(BrokenPipeError):
        display.between(broken)("told")
    assert order == ["stop", "told", "start", "stop", "start"]


def broken(item: str) -> None:
    raise BrokenPipeError(item)
