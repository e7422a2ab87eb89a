"""A derivation on paper: pure functions from a `Derivation` to a text, one for each format."""

from __future__ import annotations

from collections.abc import Callable

from tensorderiv.derivation.derivation import Derivation
from tensorderiv.derivation.documents.as_json import as_data, as_json
from tensorderiv.derivation.documents.latex import as_latex_display, as_latex_document, as_latex_fragment
from tensorderiv.derivation.documents.markdown import as_markdown
from tensorderiv.derivation.documents.page import as_html
from tensorderiv.derivation.documents.plain import as_text
from tensorderiv.errors import NameProblem

FORMATS: dict[str, Callable[[Derivation, str], str]] = {
    "text": as_text,
    "latex": as_latex_document,
    "fragment": as_latex_fragment,
    "markdown": as_markdown,
    "html": as_html,
    "json": as_json,
}
"""Name of a format -> its printer. "latex" compiles as it stands, "fragment" goes into a paper."""


def document(derivation: Derivation, style: str, form: str = "index") -> str:
    """The derivation in one of `FORMATS` and one of `sections.FORMS`. Raises NameProblem for any other."""
    if style not in FORMATS:
        raise NameProblem(f"no format {style!r}", hint=f"take one of {', '.join(FORMATS)}")
    return FORMATS[style](derivation, form)


__all__ = [
    "FORMATS",
    "as_data",
    "as_html",
    "as_json",
    "as_latex_display",
    "as_latex_document",
    "as_latex_fragment",
    "as_markdown",
    "as_text",
    "document",
]
