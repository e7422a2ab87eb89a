"""Generated modules where machine code cannot be kept, or used again: they compile, work, and say nothing.

Root writes where the mode forbids it, so the processes here first give that privilege up; a limit on the size of files stands
for a full disk.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tensorderiv.emit import emit
from tensorderiv.language import read

PLAIN_USER = """
import ctypes, os, sys
if os.geteuid() == 0:
    assert ctypes.CDLL(None).prctl(24, 1, 0, 0, 0) == 0  # PR_CAPBSET_DROP, CAP_DAC_OVERRIDE: takes effect with exec
os.execv(sys.executable, [sys.executable, "-W", "error", *sys.argv[1:]])
"""
USE = """
import sys
sys.path.insert(0, {folder!r})
import small
{before}
print(small.value([1.0, 2.0]))
print({{kernel.stats.cache_path for kernel in vars(small).values() if hasattr(kernel, "stats")}})
"""
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="gives a privilege of root up as Linux does it")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "installed"
    made.mkdir()
    (made / "small.py").write_text(emit(read("L = sum_i x_i^2"), "small"))
    return made


def use(folder: Path, before: str = "", **environment: str) -> tuple[str, str]:
    """The value, and the folders of the machine code, from a fresh process of a plain user."""
    unset = ("HOME", "XDG_CACHE_HOME", "NUMBA_CACHE_DIR", "NUMBA_DISABLE_JIT")
    kept = {name: value for name, value in os.environ.items() if name not in unset}
    script = USE.format(folder=str(folder), before=before)
    done = subprocess.run(
        [sys.executable, "-c", PLAIN_USER, "-c", script],
        env={**kept, **environment, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    value, places = done.stdout.splitlines()
    return value, places


@linux
def test_a_folder_that_may_not_be_written(folder: Path, tmp_path: Path) -> None:
    home, locked = tmp_path / "home", tmp_path / "locked"
    for made in (home, locked):
        made.mkdir()
    for closed in (folder, locked):
        closed.chmod(0o555)
    try:
        value, places = use(folder, HOME=str(home))
        assert value == "5.0"
        assert str(home) in places  # the user's own cache
        assert use(folder, HOME=str(locked)) == ("5.0", "{None}")
        assert use(folder, HOME=str(locked), NUMBA_CACHE_DIR=str(locked / "numba")) == ("5.0", "{None}")
        assert str(home) in use(folder, HOME=str(locked), NUMBA_CACHE_DIR=str(home / "numba"))[1]
        assert sorted(path.name for path in folder.iterdir()) == ["small.py"]
    finally:
        for closed in (folder, locked):
            closed.chmod(0o755)


@linux
def test_a_folder_that_is_closed_after_the_import(folder: Path) -> None:
    cache = folder / "__pycache__"
    try:
        assert use(folder, f"import os; os.chmod({str(cache)!r}, 0o555)")[0] == "5.0"
        assert list(cache.iterdir()) == []
    finally:
        cache.chmod(0o755)


def test_a_full_disk(folder: Path) -> None:
    pytest.importorskip("resource", reason="no limits here")
    assert use(folder, "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))")[0] == "5.0"


def test_machine_code_that_was_kept_under_another_name(folder: Path) -> None:
    """A script beside the module, then one that imports it from its folder: the first kept the name of a module not there."""
    for place, statement in ((folder, "import small"), (folder.parent, "from installed import small"), (folder, "import small")):
        code = f"import sys; sys.path.insert(0, {str(place)!r}); {statement}; print(small.value([1.0, 2.0]))"
        unset = {"NUMBA_CACHE_DIR", "NUMBA_DISABLE_JIT"}
        kept = {name: value for name, value in os.environ.items() if name not in unset}
        done = subprocess.run([sys.executable, "-W", "error", "-c", code], env=kept, capture_output=True, text=True, check=False)
        assert (done.stdout, done.stderr) == ("5.0\n", "")


@linux
def test_compiling_on_the_fly_without_a_home(tmp_path: Path) -> None:
    """A user without a home: neither $HOME nor an entry among the users."""
    script = """
import os, tempfile
import numba, numpy
from tensorderiv.run import load_source
source = open(os.environ["SOURCE"]).read()
if os.geteuid() == 0:
    os.setuid(54321)
from pathlib import Path
try:
    print("home", Path.home())
except RuntimeError:
    print("no home")
print(load_source(source, "small").__file__.startswith(tempfile.gettempdir()))
"""
    if os.geteuid() != 0:
        pytest.skip("only root becomes a user that does not exist")
    tmp_path.chmod(0o755)
    source = tmp_path / "small.py"
    source.write_text(emit(read("L = sum_i x_i^2"), "small"))
    left = ("HOME", "XDG_CACHE_HOME", "TENSORDERIV_CACHE")
    kept = {name: value for name, value in os.environ.items() if name not in left}
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**kept, "SOURCE": str(source), "NUMBA_DISABLE_JIT": "1"},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "no home\nTrue\n", done.stderr
