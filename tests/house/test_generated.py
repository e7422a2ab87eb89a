"""generated/ is what the catalogue gives today, for the entries in its manifest: the same files with the same bytes, and every
kernel passes its judges (a third of them in one run, and the changed ones)."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

import tensorderiv as td
from tensorderiv import pipeline
from tensorderiv.definition import verify
from tensorderiv.emit import write
from tests.support.kernels import GENERATED, KERNELS

BY_HAND = {"__init__.py", "README.md"}
REPAIR = "`make generate` writes them"


def files(folder: Path) -> set[str]:
    """The files below a folder, without caches."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts}


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fresh")
    write([pipeline.make(td.catalog[name].program, name) for name in KERNELS], folder)
    return folder


def test_the_list_of_files(fresh: Path) -> None:
    assert files(GENERATED) - BY_HAND == files(fresh), REPAIR


def test_every_file_byte_for_byte(fresh: Path) -> None:
    for name in sorted(files(fresh)):
        old, new = (GENERATED / name).read_bytes(), (fresh / name).read_bytes()
        if old != new:
            diff = difflib.unified_diff(
                old.decode().splitlines(), new.decode().splitlines(), f"generated/{name}", "today", lineterm=""
            )
            pytest.fail("\n".join([*list(diff)[:60], REPAIR]))


def test_every_kernel_is_an_entry() -> None:
    assert {path.stem for path in GENERATED.glob("*.py")} - {"__init__"} == set(KERNELS)
    assert set(KERNELS) <= set(td.catalog)


@pytest.mark.rotating
@pytest.mark.parametrize("name", KERNELS)
def test_every_kernel_passes_its_judges(name: str) -> None:
    (report,) = verify(name)
    assert report.ok, "\n".join(map(str, report.failures[:10]))
