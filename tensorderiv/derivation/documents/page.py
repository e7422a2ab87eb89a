"""A derivation as a standalone HTML page: MathML, no script, nothing from the network."""

from __future__ import annotations

import re
from html import escape

from tensorderiv.algebra.expression import Expr
from tensorderiv.algebra.program import Statement
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
from tensorderiv.language.mathml import display, equals, to_mathml

STYLE = """
body { font-family: Georgia, serif; line-height: 1.5; max-width: 56rem; margin: 2rem auto; padding: 0 1rem; }
math[display="block"] { margin: 0.6rem 0 1rem; overflow-x: auto; }
pre { background: #f4f4f4; padding: 0.6rem 0.8rem; overflow-x: auto; }
.result { border: 1px solid; padding: 0.2rem 0.8rem; overflow-x: auto; }
"""


def as_html(derivation: Derivation, form: str = "index") -> str:
    """Definition, steps, result, conditions, and the sections of the form."""
    title = escape(asked_for_text(derivation))
    left, taken = equals(asked_for(derivation)), names_of(derivation)
    body = [f"<h1>{title}</h1>", "<h2>Definition</h2>", f"<pre>{escape(program_text(derivation.program))}</pre>"]
    body += [_statement(statement, taken) for statement in derivation.program.statements]
    body += [f"<p>{_prose(sentence(note))}</p>" for note in derivation.program.notes]
    if form == "index":
        body += ["<h2>Derivation</h2>", *_steps(derivation, left)]
    body += ["<h2>Result</h2>", _boxed(derivation.expr, left, derivation)]
    if derivation.conditions:
        items = [
            f"<li><code>{escape(c.where)}</code> ({escape(c.kind)}): {_prose(sentence(c.policy))}</li>"
            for c in derivation.conditions
        ]
        body += ["<h2>Conditions</h2>", "<ul>", *items, "</ul>"]
    for section in sections(derivation, form):
        body += [f"<h2>{escape(section.title[:1].upper() + section.title[1:])}</h2>"]
        body += [f"<p>{_prose(sentence(section.remark))}</p>"] if section.remark else []
        for row in section.rows:
            body += [display(row.formula.mathml, row.formula.text)] if row.formula else []
            body += [f"<p>{_prose(sentence(row.remark))}</p>"] if row.remark else []
    head = f'<meta charset="utf-8">\n<title>{title}</title>\n<style>{STYLE}</style>'
    return f'<!DOCTYPE html>\n<html lang="en">\n<head>\n{head}\n</head>\n<body>\n' + "\n".join(body) + "\n</body>\n</html>\n"


def _steps(derivation: Derivation, left: str) -> list[str]:
    """The chain as a numbered list."""
    scope, taken = free_indices_of(derivation), names_of(derivation)
    items = []
    for number, told in enumerate(chain(derivation), 1):
        before = left if number == 1 else "<mo>=</mo>"
        formula = to_mathml(told.expr, scope, before, taken)
        items.append(f"<li><b>{escape(told.rule)}</b>: {_prose(sentence(told.why))}\n{formula}{_where(told.names, taken)}</li>")
    return ["<ol>", *items, "</ol>"]


def _boxed(result: Expr, left: str, derivation: Derivation) -> str:
    taken = names_of(derivation)
    formula = to_mathml(result, free_indices_of(derivation), left, taken)
    return f'<div class="result">{formula}{_where(result_names(derivation), taken)}</div>'


def _where(names: tuple[Statement, ...], taken: frozenset[str]) -> str:
    return "".join(f"<p>where</p>{_statement(name, taken)}" for name in names)


def _statement(statement: Statement, taken: frozenset[str]) -> str:
    return to_mathml(statement.body, statement.indices, equals(statement.element), taken)


def _prose(text: str) -> str:
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", escape(text))
