"""A derivation as Markdown with $$ blocks."""

from __future__ import annotations

from tensorderiv.algebra.program_text import program_text
from tensorderiv.derivation.derivation import Derivation
from tensorderiv.derivation.documents.story import (
    asked_for,
    asked_for_text,
    chain,
    free_indices_of,
    names_of,
    result_names,
    sentence,
)
from tensorderiv.derivation.sections import sections
from tensorderiv.language.latex import statement_latex, to_latex


def as_markdown(derivation: Derivation, form: str = "index") -> str:
    """Definition, numbered steps, result, conditions, and the sections of the form."""
    left, scope, taken = to_latex(asked_for(derivation)), free_indices_of(derivation), names_of(derivation)
    parts = [f"# Derivative: {asked_for_text(derivation)}", "## Definition", f"```\n{program_text(derivation.program)}\n```"]
    parts += [_display(statement_latex(statement, taken)) for statement in derivation.program.statements]
    parts += [sentence(note) for note in derivation.program.notes]
    if form == "index":
        parts.append("## Derivation")
    for number, told in enumerate(chain(derivation) if form == "index" else (), 1):
        parts.append(f"{number}. **{_plain(told.rule)}**: {_plain(sentence(told.why))}")
        parts.append(
            _display(f"{left} = {to_latex(told.expr, scope, taken)}" if number == 1 else f"= {to_latex(told.expr, scope, taken)}")
        )
        if told.names:
            parts += ["where", *(_display(statement_latex(name, taken)) for name in told.names)]
    parts += ["## Result", _display(rf"\boxed{{{left} = {to_latex(derivation.expr, scope, taken)}}}")]
    parts += [_display(rf"\text{{where }} {statement_latex(name, taken)}") for name in result_names(derivation)]
    if derivation.conditions:
        items = [f"- `{item.where}` ({item.kind}): {_plain(sentence(item.policy))}" for item in derivation.conditions]
        parts += ["## Conditions", "\n".join(items)]
    for section in sections(derivation, form):
        parts += [f"## {_title(section.title)}", *([_plain(sentence(section.remark))] if section.remark else [])]
        for row in section.rows:
            parts += [_display(row.formula.latex)] if row.formula else []
            parts += [_plain(sentence(row.remark))] if row.remark else []
    return "\n\n".join(parts) + "\n"


def _title(text: str) -> str:
    return text[:1].upper() + text[1:]


def _display(latex: str) -> str:
    return f"$$\n{latex}\n$$"


def _plain(text: str) -> str:
    """Prose whose formulas are not taken for markup; what stands in backticks is code already."""
    pieces = text.split("`")
    marked = "".join(f"\\{char}" if char in "*_<$|" else char for char in "\0".join(pieces[::2]))
    plain = marked.split("\0")
    return "".join(
        piece + (f"`{pieces[2 * place + 1]}`" if 2 * place + 1 < len(pieces) else "") for place, piece in enumerate(plain)
    )
