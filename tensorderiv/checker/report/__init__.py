"""What a person sees of a verdict: text, JSON, and the document with its lines marked, as LaTeX and as HTML."""

from tensorderiv.checker.report.latex import as_latex
from tensorderiv.checker.report.page import as_html, as_html_fragment
from tensorderiv.checker.report.rows import rows
from tensorderiv.checker.report.text import as_data, as_text

__all__ = ["as_data", "as_html", "as_html_fragment", "as_latex", "as_text", "rows"]
