"""A derivation as JSON: every `text` is readable again by the grammar in which definitions are written."""

from __future__ import annotations

import json
from typing import Any

from tensorderiv.algebra.expression import Expr
from tensorderiv.algebra.program import Program, Statement
from tensorderiv.algebra.program_text import program_text
from tensorderiv.algebra.text import to_text
from tensorderiv.derivation.derivation import Derivation
from tensorderiv.derivation.documents.story import free_indices_of, names_of, result_names, with_names
from tensorderiv.derivation.sections import sections
from tensorderiv.language.latex import statement_latex, to_latex


def as_json(derivation: Derivation, form: str = "index") -> str:
    """The data of `as_data`, indented."""
    return json.dumps(as_data(derivation, form), indent=2, ensure_ascii=False) + "\n"


def as_data(derivation: Derivation, form: str = "index") -> dict[str, Any]:
    """The shape that the contract of `derive --format json` fixes; the sections of the form follow under their own keys."""
    return {
        "definition": program_text(derivation.program),
        "wrt": ", ".join(to_text(variable) for variable in derivation.variables),
        "extents": extents_of(derivation.program),
        "result": _both(derivation, derivation.expr, result_names(derivation)),
        "steps": [{"rule": step.rule, "why": step.why} | _both(derivation, step.expr, step.names) for step in derivation.steps],
        "conditions": [{"where": item.where, "kind": item.kind, "policy": item.policy} for item in derivation.conditions],
    } | {section.key: section.data for section in sections(derivation, form)}


def extents_of(program: Program) -> dict[str, list[str | int]]:
    """Where the value of each extent is found: the first input and axis that has it."""
    found: dict[str, list[str | int]] = {}
    for item in program.inputs:
        for axis, extent in enumerate(item.tensor.extents):
            if isinstance(extent, str):
                found.setdefault(extent, [item.tensor.name, axis])
    return found


def _both(derivation: Derivation, expr: Expr, names: tuple[Statement, ...]) -> dict[str, str]:
    """Text and LaTeX of an expression, with its names."""
    taken = names_of(derivation)
    latex = [to_latex(expr, free_indices_of(derivation), taken), *(statement_latex(name, taken) for name in names)]
    return {"text": with_names(derivation, expr, names), "latex": r",\quad ".join(latex)}
