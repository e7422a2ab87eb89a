"""What is installed is what stands in the folders, and the version is written once."""

from __future__ import annotations

import tomllib
from importlib import metadata
from pathlib import Path

import tensorderiv

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def test_every_package_is_listed() -> None:
    folders = {path.parent for path in (ROOT / "tensorderiv").rglob("__init__.py")}
    found = {".".join(folder.relative_to(ROOT).parts) for folder in folders}
    found |= {"tensorderiv.generated", "tensorderiv.templates"}
    assert sorted(PROJECT["tool"]["setuptools"]["packages"]) == sorted(found)


def test_every_folder_with_code_is_a_package() -> None:
    for path in (ROOT / "tensorderiv").rglob("*.py"):
        assert (path.parent / "__init__.py").exists(), f"{path.parent} has no __init__.py"


def test_every_data_file_is_packaged() -> None:
    """A file that is not Python must match a package-data pattern, or a wheel lacks it."""
    patterns = PROJECT["tool"]["setuptools"]["package-data"]
    everywhere, catalog = patterns["*"], patterns["tensorderiv.catalog"]
    for top in ("tensorderiv", "templates", "generated"):
        for path in (ROOT / top).rglob("*"):
            if path.is_dir() or path.suffix == ".py" or "__pycache__" in path.parts:
                continue
            assert any(path.match(pattern) for pattern in [*everywhere, *catalog]), f"{path} matches no pattern in pyproject.toml"


def test_one_version() -> None:
    assert metadata.version("tensorderiv") == tensorderiv.__version__
    assert "version" in PROJECT["project"]["dynamic"]
    assert f"## {tensorderiv.__version__}" in (ROOT / "CHANGELOG.md").read_text()


def test_python_versions_agree() -> None:
    assert PROJECT["project"]["requires-python"] == ">=3.11"
    assert "(3, 11)" in (ROOT / "Makefile").read_text()
