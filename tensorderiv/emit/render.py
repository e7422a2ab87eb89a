"""The one Jinja environment: strict, so that a name the context lacks is an error and not an empty string."""

from __future__ import annotations

from functools import lru_cache
from importlib import util
from pathlib import Path

import jinja2

from tensorderiv.emit.context import ModuleText


def templates_folder() -> Path:
    """The folder of the package `tensorderiv.templates`; in a checkout that is not installed, `templates/` at its top."""
    found = util.find_spec("tensorderiv.templates")
    if found is not None and found.origin is not None:
        return Path(found.origin).parent
    return Path(__file__).resolve().parents[2] / "templates"


@lru_cache(maxsize=1)
def environment() -> jinja2.Environment:
    """The path of a template mirrors that of its output: templates/generated/NAME.py.jinja writes generated/NAME.py."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates_folder()),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # Python text, not HTML
    )


def render_module(module: ModuleText) -> str:
    """The text of a generated module."""
    text = environment().get_template("generated/NAME.py.jinja").render(module=module)
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"
