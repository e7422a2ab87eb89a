"""The derivations as people read them, byte for byte. `make golden` writes them again; read the difference."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.golden.write import FOLDER, documents, stale, write

WANTED = documents()


@pytest.mark.parametrize("name", WANTED)
def test_a_derivation_reads_as_it_did(name: str) -> None:
    path = FOLDER / name
    assert path.exists(), "new: run `make golden`"
    assert path.read_text(encoding="utf-8") == WANTED[name], "if this is what it should be, run `make golden`"


def test_no_golden_file_is_left_over() -> None:
    assert {path.name for path in FOLDER.iterdir()} == WANTED.keys()


def test_a_changed_a_missing_and_a_forgotten_file_are_seen(tmp_path: Path) -> None:
    wanted = {"a.txt": "x = 1\n", "b.txt": "x = 2\n"}
    assert write(tmp_path, wanted) == ["a.txt", "b.txt"]
    assert stale(tmp_path, wanted) == []
    (tmp_path / "a.txt").write_text("x = 1 \n")
    (tmp_path / "b.txt").unlink()
    (tmp_path / "c.txt").write_text("")
    assert stale(tmp_path, wanted) == ["a.txt", "b.txt", "c.txt"]
    assert write(tmp_path, wanted) == ["a.txt", "b.txt", "c.txt"]
    assert stale(tmp_path, wanted) == []
