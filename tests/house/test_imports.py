"""Imports point one way along the line in which data flows (docs/decisions/0005)."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "tensorderiv"

LANGUAGE = {"errors", "algebra"}
FORMS = {"contract", "canonical", "simplify"}
DERIVATION = {"errors", "algebra", "language", "differentiate", "adjoint", "equality"} | FORMS
KERNELS = {"errors", "naming", "version", "algebra", "adjoint", "differentiate"} | FORMS
JUDGES = {"errors", "algebra", "language"}
TOP = {"comparison", "definition", "pipeline", "resolve", "naming", "catalog", "cli", "version", "errors"}
STAGES = {"algebra", "language", "contract", "differentiate", "adjoint", "derivation", "lower", "emit", "run", "verify"}
COMPARED = {"errors", "algebra", "language", "derivation", "equality", "definition"}

MAY_IMPORT: dict[str, set[str]] = {
    "version": set(),
    "errors": set(),
    "progress": set(),
    "algebra": {"errors"},
    "language": LANGUAGE,
    "contract": {"errors", "algebra"},
    "canonical": {"errors", "algebra", "contract"},
    "simplify": {"errors", "algebra", "contract", "canonical"},
    "differentiate": {"errors", "algebra"} | FORMS,
    "adjoint": {"errors", "algebra", "differentiate"} | FORMS,
    "derivation": DERIVATION,
    "equality": {"errors", "algebra", "language"} | FORMS,
    "lower": KERNELS,
    "emit": KERNELS | {"lower", "templates"},
    "run": KERNELS | {"lower", "emit", "generated"},
    # the judges are handed callables; they never import what they judge
    "verify": JUDGES,
    # what checks a derivation shares nothing with what derives
    "checker": JUDGES | {"equality"},
    "naming": {"errors"},
    # handed a module as the judges are, and their samples and oracles
    "timing": JUDGES | {"verify"},
    "pipeline": STAGES | {"errors", "naming", "version", "progress", "timing"},
    "definition": STAGES | {"errors", "naming", "version", "progress", "timing", "pipeline", "generated"},
    "comparison": COMPARED,
    # judges by the reference meaning; derives only to name what is wrong
    "auditor": JUDGES | {"verify", "equality", "derivation", "definition"},
    # gradients side by side, and gradients at a point: derived, decided, and looked at in numbers
    "relations": COMPARED | {"canonical", "contract", "simplify", "naming", "verify", "auditor"},
    "stationarity": COMPARED | {"naming", "pipeline", "verify", "relations"},
    "catalog": {"errors", "definition"},
    # a page for each entry of the catalogue; the accuracy of its kernel is measured by the judges
    "gallery": JUDGES | {"derivation", "definition", "pipeline", "catalog", "lower", "emit", "run", "verify"},
    "resolve": {"errors", "naming", "catalog", "definition"},
    "terminal": {"progress"},
    "cli": TOP - {"cli"} | {"verify", "timing", "terminal", "checker", "auditor", "relations", "stationarity", "gallery"},
    "adapters": TOP - {"cli"} | {"run"},
    "__main__": {"cli"},
    "__init__": TOP | {"derivation", "checker", "auditor", "relations", "stationarity"},
}
"""Folder or module of the package -> what it may import, besides itself."""

EXCEPTIONS = {("algebra/expression.py", "language")}
"""str(expression) prints by the printer, which is a later stage; the import stands inside `__str__`."""


def imported(source: str) -> set[str]:
    """The parts of tensorderiv that a source imports, anywhere in it, TYPE_CHECKING and function bodies included."""
    parts: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            names = (
                [f"{node.module}.{alias.name}" for alias in node.names] if node.module == "tensorderiv" else [node.module or ""]
            )
        parts |= {name.split(".")[1] for name in names if name.startswith("tensorderiv.")}
    return parts


def part_of(path: Path) -> str:
    """The folder below tensorderiv/, or the module's name."""
    relative = path.relative_to(PACKAGE)
    return relative.parts[0] if len(relative.parts) > 1 else relative.stem


def forbidden(part: str, source: str) -> set[str]:
    return imported(source) - MAY_IMPORT[part] - {part}


SOURCES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_arrows_point_one_way(path: Path) -> None:
    part = part_of(path)
    assert part in MAY_IMPORT, f"{part} is new: say in tests/house/test_imports.py what it may import"
    relative = str(path.relative_to(PACKAGE))
    wrong = {target for target in forbidden(part, path.read_text()) if (relative, target) not in EXCEPTIONS}
    assert not wrong, f"{relative} imports {sorted(wrong)}; {part} may import {sorted(MAY_IMPORT[part])}"


def test_the_permitted_arrows_have_no_cycle() -> None:
    def reach(part: str, seen: frozenset[str]) -> None:
        for target in MAY_IMPORT.get(part, set()) - {part}:
            assert target not in seen, f"{part} and {target} may import each other"
            reach(target, seen | {target})

    for part in MAY_IMPORT:
        reach(part, frozenset({part}))


@pytest.mark.parametrize(
    "source",
    [
        "from tensorderiv.lower import plan",
        "import tensorderiv.lower.plan",
        "from tensorderiv import lower",
        "def late():\n    from tensorderiv.lower.plan import schedule",
        "if TYPE_CHECKING:\n    from tensorderiv.lower import Plan",
    ],
)
def test_a_wrong_arrow_is_seen(source: str) -> None:
    assert forbidden("verify", source) == {"lower"}


def test_nothing_evaluates_text() -> None:
    """No eval, exec, sympify or parse_expr anywhere in the package: text is data."""
    banned = {"eval", "exec", "sympify", "parse_expr", "compile"}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in banned, f"{path.name}:{node.lineno} calls {node.func.id}"
