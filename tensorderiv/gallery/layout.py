"""The templates of docs/gallery/: strict, and escaping where HTML is written."""

from __future__ import annotations

from functools import cache

import jinja2
from markupsafe import Markup

from tensorderiv.derivation.section import Shown
from tensorderiv.emit.render import templates_folder
from tensorderiv.language.mathml import display


@cache
def environment() -> jinja2.Environment:
    """The path of a template is the path of what it writes."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates_folder()),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=lambda name: name is not None and name.endswith(".html.jinja"),
    )
    made.filters["mathml"] = mathml
    return made


def mathml(formula: Shown) -> Markup:
    """A displayed formula; MathML is made of expressions, never of a user's text."""
    return Markup(display(formula.mathml, formula.text))


def lay_out(template: str, **context: object) -> str:
    """The text of docs/gallery/TEMPLATE, without spaces at the ends of its lines."""
    text = environment().get_template(f"docs/gallery/{template}.jinja").render(**context)
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"
