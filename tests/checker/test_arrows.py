"""Inside the checker imports point one way as well: document -> reading -> meaning -> judge -> explain -> report."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import tensorderiv

PACKAGE = Path(tensorderiv.__file__).parent / "checker"
DATA = {"case", "tree"}
MAY_IMPORT: dict[str, set[str]] = {
    "case": set(),
    "tree": set(),
    "reading": DATA,
    "document": DATA | {"reading"},
    "spans": DATA,
    "tightness": DATA,
    "writing": DATA | {"reading", "spans", "tightness"},
    "meaning": DATA | {"reading"},
    "judge": DATA | {"reading", "meaning"},
    "explain": DATA | {"reading", "spans", "writing", "meaning", "judge"},
    "report": {"judge"},
    "checking": {"case", "document", "judge", "explain", "report"},
    "__init__": set(),
}
"""Folder or module of the checker -> what it may import, besides itself."""

EXCEPTIONS = {("judge/verdict.py", "report")}
"""str(report) prints by `report`, which is a later stage; the import stands inside `__str__`."""

SOURCES = sorted(PACKAGE.rglob("*.py"))


def imported(source: str) -> set[str]:
    """The parts of the checker that a source imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            whole = node.module == "tensorderiv.checker"
            names = [f"{node.module}.{alias.name}" for alias in node.names] if whole else [node.module or ""]
        else:
            continue
        found |= {name.split(".")[2] for name in names if name.startswith("tensorderiv.checker.")}
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_arrows_point_one_way(path: Path) -> None:
    relative = path.relative_to(PACKAGE)
    part = relative.parts[0] if len(relative.parts) > 1 else relative.stem
    assert part in MAY_IMPORT, f"{part} is new: say here what it may import"
    wrong = {
        target for target in imported(path.read_text()) - MAY_IMPORT[part] - {part} if (str(relative), target) not in EXCEPTIONS
    }
    assert not wrong, f"{relative} imports {sorted(wrong)}"


def test_a_wrong_arrow_is_seen() -> None:
    assert imported("from tensorderiv.checker import explain") == {"explain"}
    assert imported("def late():\n    from tensorderiv.checker.report.text import as_text") == {"report"}
