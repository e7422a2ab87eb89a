"""A derivation as plain text."""

from __future__ import annotations

from tensorderiv.algebra.program_text import program_text
from tensorderiv.algebra.text import statement_text, to_text
from tensorderiv.derivation.derivation import Derivation
from tensorderiv.derivation.documents.story import asked_for_text, chain, free_indices_of, names_of, result_names
from tensorderiv.derivation.section import Section
from tensorderiv.derivation.sections import sections


def as_text(derivation: Derivation, form: str = "index") -> str:
    """Definition, chain of equalities with rules and reasons, result, conditions, and the sections of the form."""
    left = asked_for_text(derivation)
    parts = [
        _block("definition", program_text(derivation.program).splitlines() + [f"# {note}" for note in derivation.program.notes])
    ]
    scope, taken = free_indices_of(derivation), names_of(derivation)
    lines = [left]
    for told in chain(derivation) if form == "index" else ():
        lines.append(f"= {to_text(told.expr, scope, taken)}")
        lines += [f"    where {statement_text(name, taken)}" for name in told.names]
        lines.append(f"    [{told.rule}] {told.why}")
    if form == "index":
        parts.append(_block("derivation", lines))
    names = [f"    where {statement_text(name, taken)}" for name in result_names(derivation)]
    parts.append(_block("result", [f"{left} = {to_text(derivation.expr, scope, taken)}", *names]))
    if derivation.conditions:
        told_conditions = [f"{item.where} ({item.kind}): {item.policy}" for item in derivation.conditions]
        parts.append(_block("conditions", told_conditions))
    parts += [_section(section) for section in sections(derivation, form)]
    return "\n\n".join(parts) + "\n"


def _section(section: Section) -> str:
    lines = [f"# {section.remark}"] if section.remark else []
    for row in section.rows:
        lines += row.formula.text.splitlines() if row.formula else []
        lines += [f"    [{row.remark}]" if row.formula else row.remark] if row.remark else []
    return _block(section.title, lines)


def _block(title: str, lines: list[str]) -> str:
    return "\n".join([title, *(f"  {line}" for line in lines)])
