r"""A derivation as LaTeX: a fragment for a paper (needs amsmath), and a document that pdflatex compiles as it is.

Long equalities are broken over lines of an align environment; in the document, a piece that has no break and is still too
wide is shrunk to the line by the macro \tofit.
"""

from __future__ import annotations

import re

from tensorderiv.algebra.expression import Expr
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Program
from tensorderiv.derivation.derivation import Derivation
from tensorderiv.derivation.documents.story import asked_for, chain, free_indices_of, result_names, sentence
from tensorderiv.language.latex import spell, to_latex, written
from tensorderiv.language.latex_lines import aligned, lines, width
from tensorderiv.language.latex_names import escape, name_latex

PAPER = 34.0
"""Width of a line in em: article.cls with its own margins, 10pt."""
PAGE = 40.0
"""Width of a line in em in the document below."""

MOST_BOXED = 12
"""A result of more lines than this is not put in a box."""

PREAMBLE = r"""\documentclass[11pt]{article}
\usepackage[utf8]{inputenc}
\usepackage{amsmath}
\usepackage{graphicx}
\usepackage[a4paper,margin=25mm]{geometry}
\allowdisplaybreaks
\setlength{\parindent}{0pt}
\setlength{\parskip}{6pt}
\setlength{\emergencystretch}{6em}
\newcommand{\tofit}[1]{\resizebox{0.8\linewidth}{!}{$\displaystyle #1$}}
"""


def as_latex_fragment(derivation: Derivation) -> str:
    """The chain of equalities with its reasons, and the result: one align* environment to put into a paper."""
    return _chain(derivation, PAPER, "") + "\n"


def as_latex_display(derivation: Derivation) -> str:
    """The chain with the names of the rules beside it, as one display that MathJax shows in a notebook."""
    scope, left = free_indices_of(derivation), asked_for(derivation)
    rows = [rf"&= {to_latex(told.expr, scope)} && \text{{{escape(told.rule)}}}" for told in chain(derivation)]
    names = [rf"{to_latex(name.element)} &= {to_latex(name.body, name.indices)}" for name in result_names(derivation)]
    body = " \\\\\n".join([f"{to_latex(left)} {rows[0]}", *rows[1:], *names] if rows else [to_latex(left)])
    return f"$$\n\\begin{{aligned}}\n{body}\n\\end{{aligned}}\n$$"


def as_latex_document(derivation: Derivation) -> str:
    """A page that stands on its own: definition, derivation, result, conditions."""
    program = derivation.program
    title = rf"The derivative of $\displaystyle {to_latex(program.output.element)}$ by ${to_latex(derivation.wrt)}$"
    parts = [
        PREAMBLE,
        r"\begin{document}",
        rf"\section*{{{title}}}",
        r"\subsection*{Definition}",
        _rows([(statement.element, statement.body, statement.indices) for statement in program.statements], PAGE, r"\tofit"),
        _inputs(program),
        *(escape(sentence(note)) for note in program.notes),
        r"\subsection*{Derivation}",
        _chain(derivation, PAGE, r"\tofit"),
        r"\subsection*{Result}",
        _result(derivation, PAGE, r"\tofit"),
        *_conditions(derivation),
        r"\end{document}",
    ]
    return "\n".join(part for part in parts if part) + "\n"


def _rows(equalities: list[tuple[Expr, Expr, tuple[Index, ...]]], limit: float, shrink: str) -> str:
    """Equalities one below the other, aligned at their signs."""
    return _align(
        [
            _row(left, right, scope, limit, shrink, _widest([left for left, _, _ in equalities]))
            for left, right, scope in equalities
        ]
    )


def _row(left: Expr | None, right: Expr, scope: tuple[Index, ...], limit: float, shrink: str, left_width: float) -> str:
    return aligned("" if left is None else to_latex(left), left_width, written(right, scope), limit, shrink)


def _align(rows: list[str]) -> str:
    return "\\begin{align*}\n" + " \\\\\n".join(rows) + "\n\\end{align*}"


def _widest(lefts: list[Expr]) -> float:
    return max((width(written(left)) for left in lefts), default=0.0)


def _chain(derivation: Derivation, limit: float, shrink: str) -> str:
    """The chain in one align*: reasons stand between the equalities, names follow the step that first speaks of them."""
    scope, left = free_indices_of(derivation), asked_for(derivation)
    story = list(chain(derivation))
    left_width = _widest([left, *(name.element for told in story for name in told.names)])
    rows: list[str] = []
    for told in story:
        reason = _intertext(rf"\emph{{{escape(_heading(told.rule))}}}: {prose(sentence(told.why))}")
        rows.append(reason + _row(None if rows else left, told.expr, scope, limit, shrink, left_width))
        for count, name in enumerate(told.names):
            joint = _intertext("where") if count == 0 else ""
            rows.append(joint + _row(name.element, name.body, name.indices, limit, shrink, left_width))
    return _align(rows or [to_latex(left)])


def _intertext(text: str) -> str:
    return f"\\intertext{{{text}}}\n"


def _heading(rule: str) -> str:
    return rule[:1].upper() + rule[1:]


def _result(derivation: Derivation, limit: float, shrink: str) -> str:
    """The result in a box, and the names it speaks of. A box cannot break, so a result that could fill a page has none."""
    left, scope = asked_for(derivation), free_indices_of(derivation)
    made = lines(written(derivation.expr, scope), limit - width(written(left)) - 5, shrink)
    body = " \\\\\n  &\\quad ".join(made)
    if len(made) > MOST_BOXED:
        shown = _rows([(left, derivation.expr, scope)], limit, shrink)
    else:
        shown = f"\\[\n\\boxed{{\\begin{{aligned}}\n  {spell(written(left))} &= {body}\n\\end{{aligned}}}}\n\\]"
    names = result_names(derivation)
    if not names:
        return shown
    return shown + "\nwhere\n" + _rows([(name.element, name.body, name.indices) for name in names], limit, shrink)


def _inputs(program: Program) -> str:
    """Here X is n by d, ... and t is a number."""
    shapes = [f"${name_latex(item.tensor.name)}$ {_kind(item.tensor.integer, item.tensor.extents)}" for item in program.inputs]
    return f"Here {'; '.join(shapes)}." if shapes else ""


def _kind(integer: bool, extents: tuple[str | int, ...]) -> str:
    if not extents:
        return "is a label" if integer else "is a number"
    shape = r" \times ".join(name_latex(extent) if isinstance(extent, str) else str(extent) for extent in extents)
    return f"holds ${shape}$ {'labels' if integer else 'numbers'}"


def _conditions(derivation: Derivation) -> list[str]:
    if not derivation.conditions:
        return []
    items = [
        rf"\item {prose(f'`{item.where}`')} ({escape(item.kind)}): {prose(sentence(item.policy))}"
        for item in derivation.conditions
    ]
    return [r"\subsection*{Conditions}", r"\begin{itemize}\raggedright", *items, r"\end{itemize}"]


def prose(text: str) -> str:
    r"""Prose as LaTeX; what stands between backticks is set as code.

    >>> print(prose("`X_ip` is free"))
    \texttt{X\_ip} is free
    """
    pieces = re.split(r"`([^`]*)`", text)
    return "".join(escape(piece) if place % 2 == 0 else rf"\texttt{{{escape(piece)}}}" for place, piece in enumerate(pieces))
