"""The definition on a page: its text, as it is typed, and its formulas."""

from __future__ import annotations

from tensorderiv.algebra.program import Statement
from tensorderiv.definition import Definition
from tensorderiv.derivation.section import EQUALS, Shown, shown
from tensorderiv.gallery.blocks import Block, Code, Formula


def defining(definition: Definition) -> tuple[Block, ...]:
    """The text of the entry, then each statement as a formula."""
    names = definition.program.names
    return (
        Code("text", definition.source.strip()),
        *(Formula(equation(statement, names)) for statement in definition.program.statements),
    )


def equation(statement: Statement, taken: frozenset[str]) -> Shown:
    """A named quantity and what it is."""
    return shown(statement.element) + EQUALS + shown(statement.body, statement.indices, taken)
