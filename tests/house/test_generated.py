"""generated/ is what the catalogue gives today: the same files with the same bytes, and every kernel passes its judges (kernels
take turns, changed ones always)."""

from __future__ import annotations

import difflib
from pathlib import Path
from types import ModuleType

import pytest

import tensorderiv as td
from tensorderiv import pipeline
from tensorderiv.emit.write import MANIFEST, digest, manifest_entry, read_manifest
from tensorderiv.run import load
from tensorderiv.verify import Report, verify_module
from tensorderiv.verify.verify import JUDGES
from tests.support.kernels import GENERATED, KERNELS

BY_HAND = {"__init__.py", "README.md"}
REPAIR = "`make generate` writes them"


def files(folder: Path) -> set[str]:
    """The files below a folder, without caches."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts}


def module(name: str) -> ModuleType:
    return load(GENERATED / f"{name}.py")


def test_every_kernel_is_an_entry() -> None:
    assert {path.stem for path in GENERATED.glob("*.py")} - {"__init__"} == set(KERNELS)
    assert set(KERNELS) <= set(td.catalog)


def test_every_file_is_in_the_manifest() -> None:
    """With the hash of what stands there."""
    known = read_manifest(GENERATED)
    assert set(known) == set(KERNELS), REPAIR
    outputs = [entry["outputs"] for entry in known.values()]
    listed = {file: expected for each in outputs if isinstance(each, dict) for file, expected in each.items()}
    assert files(GENERATED) - BY_HAND == {MANIFEST, *listed}, REPAIR
    for file, expected in listed.items():
        assert digest((GENERATED / file).read_text()) == expected, f"{file}: {REPAIR}"


@pytest.mark.rotating
@pytest.mark.parametrize("name", KERNELS)
def test_every_file_byte_for_byte(name: str) -> None:
    """Also the definition in the manifest is that of the catalogue."""
    made = pipeline.make(td.catalog[name].program, name)
    assert read_manifest(GENERATED)[name] == manifest_entry(made), REPAIR
    for file, new in made.files().items():
        old = (GENERATED / file).read_text()
        if old != new:
            diff = difflib.unified_diff(old.splitlines(), new.splitlines(), f"generated/{file}", "today", lineterm="")
            pytest.fail("\n".join([*list(diff)[:60], REPAIR]))


@pytest.mark.rotating
@pytest.mark.parametrize("name", KERNELS)
def test_every_kernel_passes_its_judges(name: str) -> None:
    check(verify_module(td.catalog[name].program, module(name), judges=JUDGES[:-1]))


@pytest.mark.rotating(one_of=12)
@pytest.mark.parametrize("name", KERNELS)
def test_every_kernel_passes_them_in_single_precision(name: str) -> None:
    """All are compiled once more for it."""
    check(verify_module(td.catalog[name].program, module(name), judges=JUDGES[-1:]))


def check(report: Report) -> None:
    assert report.ok, "\n".join(map(str, report.failures[:10]))
