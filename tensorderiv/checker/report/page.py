"""The derivation with each line marked, as a standalone HTML page: no script, nothing from the network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from tensorderiv.checker.judge import LineReport, Report
from tensorderiv.checker.report.rows import counterexample_text, headline, inputs_of, manner_of, mark

STYLE = """
body { font-family: Georgia, serif; line-height: 1.5; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table.derivation { border-collapse: collapse; width: 100%; }
table.derivation td { padding: 0.3rem 0.6rem; vertical-align: top; border-left: 4px solid transparent; }
table.derivation code { white-space: pre-wrap; overflow-wrap: anywhere; }
tr.good td:first-child { border-left-color: #1b7f3b; }
tr.bad td:first-child { border-left-color: #b3261e; }
tr.unclear td:first-child { border-left-color: #9a6700; }
tr.bad { background: #fdecea; }
.good .mark { color: #1b7f3b; }
.bad .mark { color: #b3261e; }
.unclear .mark { color: #9a6700; }
.faint { color: #666; font-size: 0.9em; }
dt { font-weight: bold; }
pre { background: #f4f4f4; padding: 0.6rem 0.8rem; overflow-x: auto; }
"""


def as_html(reports: Sequence[Report]) -> str:
    """A page with all derivations one below the other."""
    title = escape(next((report.name for report in reports if report.name), "derivation"))
    body = "\n".join(as_html_fragment(report) for report in reports)
    head = f'<meta charset="utf-8">\n<title>{title}</title>\n<style>{STYLE}</style>'
    return f'<!DOCTYPE html>\n<html lang="en">\n<head>\n{head}\n</head>\n<body>\n{body}\n</body>\n</html>\n'


def as_html_fragment(report: Report) -> str:
    """One derivation: the verdict, the definitions, the lines with their marks and the findings."""
    manner = {"right": "good", "wrong": "bad", "unreadable": "unclear"}[report.verdict]
    parts = [f"<h2>{escape(report.name)}</h2>"] if report.name else []
    parts.append(f'<p class="{manner}"><strong class="mark">{escape(headline(report))}</strong></p>')
    if report.problem is not None and report.problem.excerpt:
        parts.append(f"<pre>{escape(report.problem.excerpt)}</pre>")
    parts += [f"<p><code>{escape(text)}</code></p>" for text in report.definitions]
    if report.lines:
        parts += ['<table class="derivation">', *map(_row, report.lines), "</table>"]
    found = list(_findings(report))
    if found:
        parts += ["<dl>", *(f"<dt>{escape(label)}</dt><dd>{text}</dd>" for label, text in found), "</dl>"]
    return "\n".join(parts)


def _row(line: LineReport) -> str:
    notes = "".join(f'<div class="faint">{escape(note)}</div>' for note in (line.message, line.reading) if note)
    cells = [f"<td>{line.number}</td>", f'<td class="mark">{escape(mark(line))}</td>']
    return f'<tr class="{manner_of(line)}">{"".join(cells)}<td><code>{escape(line.text)}</code>{notes}</td></tr>'


def _findings(report: Report) -> Iterator[tuple[str, str]]:
    if report.slip is not None:
        yield report.slip.kind, escape(report.slip.why)
    if report.counterexample is not None:
        yield "counterexample", "<br>".join(map(escape, (counterexample_text(report), *inputs_of(report.counterexample))))
    if report.suggestion is not None:
        yield "right", f"<code>{escape(report.suggestion)}</code>"
    for text in (*report.remarks, *report.readings):
        yield "note", escape(text)
    if report.problem is not None and report.problem.understood:
        yield "understood", f"<code>{escape(report.problem.understood)}</code>"
