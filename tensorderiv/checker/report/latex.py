r"""The derivation with each line marked, as a LaTeX document that compiles as it is.

Lines stand as their author wrote them; one that could not be read may not compile, so it is set as code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tensorderiv.checker.judge import LineReport, Report
from tensorderiv.checker.report.rows import counterexample_text, headline, inputs_of, manner_of, mark
from tensorderiv.language.latex_names import escape

PREAMBLE = r"""\documentclass[11pt]{article}
\usepackage[utf8]{inputenc}
\usepackage{amsmath}
\usepackage{amssymb}
\usepackage{graphicx}
\usepackage{xcolor}
\usepackage[a4paper,margin=25mm]{geometry}
\setlength{\parindent}{0pt}
\setlength{\parskip}{6pt}
\setlength{\emergencystretch}{6em}
\definecolor{good}{HTML}{1B7F3B}
\definecolor{bad}{HTML}{B3261E}
\definecolor{unclear}{HTML}{9A6700}
\newsavebox{\formula}
\newcommand{\tofit}[1]{\sbox{\formula}{$\displaystyle #1$}%
  \ifdim\wd\formula>0.66\linewidth\resizebox{0.66\linewidth}{!}{\usebox{\formula}}\else\usebox{\formula}\fi}
% number, colour, mark, formula
\newcommand{\checked}[4]{\par\noindent\makebox[1.6em][r]{#1}\hspace{1em}%
  \makebox[0.26\linewidth][l]{\small\textcolor{#2}{#3}}#4\par}
\providecommand{\bm}[1]{\boldsymbol{#1}}
\providecommand{\mathds}[1]{\mathbb{#1}}
\providecommand{\mathbbm}[1]{\mathbb{#1}}
\providecommand{\tr}{\operatorname{tr}}
\providecommand{\Tr}{\operatorname{Tr}}
\providecommand{\diag}{\operatorname{diag}}
"""


REFUSED = re.compile(r"\\(tag|label|notag|nonumber|intertext|shortintertext|eqref|ref|cite|footnote)(?![A-Za-z])")
"""What belongs to a display, and cannot stand in a box."""

ALIGNED = re.compile(r"(?<!\\)&|\\\\")
"""Signs that need an environment around them."""


def as_latex(reports: Sequence[Report]) -> str:
    """All derivations one below the other."""
    parts = [PREAMBLE, r"\begin{document}", *(part for report in reports for part in _section(report)), r"\end{document}"]
    return "\n".join(parts) + "\n"


def _section(report: Report) -> Iterator[str]:
    manner = {"right": "good", "wrong": "bad", "unreadable": "unclear"}[report.verdict]
    if report.name:
        yield rf"\section*{{{prose(report.name)}}}"
    yield rf"\textcolor{{{manner}}}{{\textbf{{{prose(headline(report))}}}}}"
    if report.definitions:
        yield r"\subsection*{Definitions}"
        unread = report.problem is not None and report.problem.where.startswith("definition")
        yield from (rf"\par {_formula(text, unread)}" for text in report.definitions)
    if report.lines:
        yield r"\subsection*{Lines}"
        yield from (_line(line, report.chain) for line in report.lines)
    yield from _findings(report)


def _line(line: LineReport, chain: bool) -> str:
    told = _formula(line.text, line.status == "unreadable", "= " if chain and line.number else "")
    row = rf"\checked{{{line.number}}}{{{manner_of(line)}}}{{{prose(mark(line))}}}{{{told}}}"
    return row + (rf"\hspace*{{2.6em}}{{\small {prose(line.message)}}}" if line.message else "")


def _findings(report: Report) -> Iterator[str]:
    found = []
    if report.slip is not None:
        found.append(rf"\item[{prose(report.slip.kind)}] {prose(report.slip.why)}")
    if report.counterexample is not None:
        told = [counterexample_text(report), *inputs_of(report.counterexample)]
        found.append(r"\item[counterexample] " + r" \\ ".join(map(prose, told)))
    if report.suggestion is not None:
        found.append(rf"\item[right] {_formula(report.suggestion, unread=False)}")
    found += [rf"\item[note] {prose(text)}" for text in (*report.remarks, *report.readings)]
    if report.problem is not None and report.problem.understood:
        found.append(rf"\item[understood] {code(report.problem.understood)}")
    if found:
        yield "\n".join([r"\subsection*{Findings}", r"\begin{description}\raggedright", *found, r"\end{description}"])


def _formula(latex: str, unread: bool, before: str = "") -> str:
    return code(before + latex) if unread or not balanced(latex) else rf"\tofit{{{before}{latex}}}"


def balanced(latex: str) -> bool:
    r"""Whether a text can stand inside the braces of a macro: ASCII, its braces closed, and no comment sign.

    >>> balanced(r"\frac{a}{b}"), balanced(r"a}{"), balanced("a % b"), balanced("\\"), balanced(r"a \tag{1}"), balanced("a & b")
    (True, False, False, False, False, False)
    """
    if REFUSED.search(latex) or (ALIGNED.search(latex) and "\\begin" not in latex):
        return False
    depth, escaped = 0, False
    for letter in latex:
        if not escaped:
            depth += (letter == "{") - (letter == "}")
            if depth < 0 or letter in "%#$":
                return False
        escaped = letter == "\\" and not escaped
    return depth == 0 and not escaped and latex.isascii() and "\n\n" not in latex


def prose(text: str) -> str:
    """Words as LaTeX; formulas within them are set as they are typed."""
    return code(text) if any(letter in text for letter in "\\^_{}<>|") else escape(text)


def code(text: str) -> str:
    r"""A text as it is typed, letter by letter.

    >>> print(code(r"a_{i}"))
    \texttt{a\symbol{95}\symbol{123}i\symbol{125}}
    """
    return rf"\texttt{{{''.join(_letter(letter) for letter in text)}}}"


def _letter(letter: str) -> str:
    if letter.isspace():
        return " "
    if not (letter.isascii() and letter.isprintable()):
        return "?"
    return letter if letter.isalnum() or letter in ".,;:()[]=+-*/!" else rf"\symbol{{{ord(letter)}}}"
