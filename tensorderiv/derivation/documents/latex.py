r"""A derivation as LaTeX: a fragment for a paper (needs amsmath), and a document that pdflatex compiles as it is.

Long equalities are broken over lines of an align environment; in the document, a piece that has no break and is still too
wide is shrunk to the line by the macro \tofit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tensorderiv.algebra.expression import Expr
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Program, Statement
from tensorderiv.derivation.derivation import Derivation
from tensorderiv.derivation.documents.story import asked_for, chain, free_indices_of, names_of, result_names, sentence
from tensorderiv.derivation.section import Section
from tensorderiv.derivation.sections import sections
from tensorderiv.language.latex import to_latex, written
from tensorderiv.language.latex_lines import aligned, lines, width
from tensorderiv.language.latex_names import escape, name_latex

PAPER = 34.0
"""Width of a line in em: article.cls with its own margins, 10pt."""
PAGE = 40.0
"""Width of a line in em in the document below."""

WIDE = 160
"""Characters of LaTeX beyond which a formula of a section may be too wide for the page."""

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
\newsavebox{\formula}
\newcommand{\tofit}[1]{\sbox{\formula}{$\displaystyle #1$}%
  \ifdim\wd\formula>0.8\linewidth\resizebox{0.8\linewidth}{!}{\usebox{\formula}}\else\usebox{\formula}\fi}
"""


def as_latex_fragment(derivation: Derivation, form: str = "index") -> str:
    """The chain of equalities with its reasons, to put into a paper: one align* environment. Other forms give their sections."""
    paper = _Paper(PAPER, "", names_of(derivation))
    if form == "index":
        return paper.chain(derivation) + "\n"
    return "\n".join(part for section in sections(derivation, form) for part in _section(section)) + "\n"


def as_latex_display(derivation: Derivation) -> str:
    """The chain with the names of the rules beside it, as one display that MathJax shows in a notebook."""
    scope, left, taken = free_indices_of(derivation), asked_for(derivation), names_of(derivation)
    rows = [rf"&= {to_latex(told.expr, scope, taken)} && \text{{{escape(told.rule)}}}" for told in chain(derivation)]
    names = [rf"{to_latex(name.element)} &= {to_latex(name.body, name.indices, taken)}" for name in result_names(derivation)]
    body = " \\\\\n".join([f"{to_latex(left)} {rows[0]}", *rows[1:], *names] if rows else [to_latex(left)])
    return f"$$\n\\begin{{aligned}}\n{body}\n\\end{{aligned}}\n$$"


def as_latex_document(derivation: Derivation, form: str = "index") -> str:
    """A page that stands on its own: definition, derivation, result, conditions, and the sections of the form."""
    program, page = derivation.program, _Paper(PAGE, r"\tofit", names_of(derivation))
    kind = "derivative" if derivation.order == 1 else "second derivative"
    by = " and ".join(f"${to_latex(variable)}$" for variable in derivation.variables)
    title = rf"The {kind} of $\displaystyle {to_latex(program.output.element)}$ by {by}"
    parts = [
        PREAMBLE,
        r"\begin{document}",
        rf"\section*{{{title}}}",
        r"\subsection*{Definition}",
        page.statements(program.statements),
        _inputs(program),
        *(prose(sentence(note)) for note in program.notes),
        *((r"\subsection*{Derivation}", page.chain(derivation)) if form == "index" else ()),
        r"\subsection*{Result}",
        page.result(derivation),
        *_conditions(derivation),
        *(part for section in sections(derivation, form) for part in _section(section, page.shrink)),
        r"\end{document}",
    ]
    return "\n".join(part for part in parts if part) + "\n"


@dataclass(frozen=True)
class _Paper:
    """What the formulas are set on: the width of a line, the macro for what cannot be broken, the names that are taken."""

    limit: float
    shrink: str
    taken: frozenset[str]

    def row(self, left: Expr | None, right: Expr, scope: tuple[Index, ...], left_width: float) -> str:
        form = written(right, scope, self.taken)
        return aligned("" if left is None else to_latex(left), left_width, form, self.limit, self.shrink)

    def statements(self, statements: tuple[Statement, ...]) -> str:
        """Equalities one below the other, aligned at their signs."""
        widest = _widest([statement.element for statement in statements])
        return _align([self.row(statement.element, statement.body, statement.indices, widest) for statement in statements])

    def chain(self, derivation: Derivation) -> str:
        """The chain in one align*: reasons stand between the equalities, names follow the step that first speaks of them."""
        scope, left = free_indices_of(derivation), asked_for(derivation)
        story = list(chain(derivation))
        widest = _widest([left, *(name.element for told in story for name in told.names)])
        rows: list[str] = []
        for told in story:
            reason = _intertext(rf"\emph{{{escape(_heading(told.rule))}}}: {prose(sentence(told.why))}")
            rows.append(reason + self.row(None if rows else left, told.expr, scope, widest))
            for count, name in enumerate(told.names):
                joint = _intertext("where") if count == 0 else ""
                rows.append(joint + self.row(name.element, name.body, name.indices, widest))
        return _align(rows or [to_latex(left)])

    def result(self, derivation: Derivation) -> str:
        """The result in a box, and the names it speaks of. A box cannot break, so a result that could fill a page has none."""
        left, scope, names = asked_for(derivation), free_indices_of(derivation), result_names(derivation)
        left_width = _widest([left])
        made = lines(written(derivation.expr, scope, self.taken), self.limit - left_width - 5, self.shrink)
        if len(made) > MOST_BOXED:
            shown = _align([self.row(left, derivation.expr, scope, left_width)])
        else:
            body = " \\\\\n  &\\quad ".join(made)
            shown = f"\\[\n\\boxed{{\\begin{{aligned}}\n  {to_latex(left)} &= {body}\n\\end{{aligned}}}}\n\\]"
        return f"{shown}\nwhere\n{self.statements(names)}" if names else shown


def _align(rows: list[str]) -> str:
    return "\\begin{align*}\n" + " \\\\\n".join(rows) + "\n\\end{align*}"


def _widest(lefts: Sequence[Expr]) -> float:
    return max((width(written(left)) for left in lefts), default=0.0)


def _intertext(text: str) -> str:
    return f"\\intertext{{{text}}}\n"


def _heading(rule: str) -> str:
    return rule[:1].upper() + rule[1:]


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


def _section(section: Section, shrink: str = "") -> list[str]:
    """A heading, and each formula on a line of its own; what is too wide for the page is shrunk to it."""
    title = section.title[:1].upper() + section.title[1:]
    parts = [rf"\subsection*{{{escape(title)}}}", *([prose(sentence(section.remark))] if section.remark else [])]
    for row in section.rows:
        if row.formula is not None:
            latex = rf"{shrink}{{{row.formula.latex}}}" if shrink and len(row.formula.latex) > WIDE else row.formula.latex
            parts.append(f"\\[\n{latex}\n\\]")
        if row.remark:
            parts.append((r"\par " if row.formula is None else "") + prose(sentence(row.remark)))
    return parts


def prose(text: str) -> str:
    r"""Prose as LaTeX; what stands between backticks is set as code.

    >>> print(prose("`X_ip` is free"))
    \texttt{X\_ip} is free
    """
    pieces = re.split(r"`([^`]*)`", text)
    return "".join(escape(piece) if place % 2 == 0 else rf"\texttt{{{typewriter(piece)}}}" for place, piece in enumerate(pieces))


def typewriter(text: str) -> str:
    r"""Code in the typewriter font, which has the signs that the roman fonts of LaTeX lack.

    >>> print(typewriter("x < 0"))
    x \symbol{60} 0
    """
    return "".join(rf"\symbol{{{ord(letter)}}}" if letter in "<>{}|\\" else escape(letter) for letter in text)
