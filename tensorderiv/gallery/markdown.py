"""A page as Markdown.

Formulas stand in ```math blocks, of which GitHub takes every letter as it is; between $$ it eats some backslashes.
"""

from __future__ import annotations

import re

from tensorderiv.gallery.blocks import Block, Code, Folded, Formula, Items, Table, Words
from tensorderiv.gallery.layout import lay_out
from tensorderiv.gallery.page import Page


def as_markdown(page: Page) -> str:
    """docs/gallery/NAME.md: each part under its heading, the steps folded."""
    parts = [
        (part.title if part.key != "derivative" else _derivative(part.title), map(_block, part.blocks)) for part in page.parts
    ]
    return lay_out("NAME.md", entry=page.entry, title=prose(page.entry.title), parts=parts)


def _derivative(title: str) -> str:
    """The variable is code."""
    words, _, variable = title.rpartition(" ")
    return f"{words} `{variable}`"


def _block(block: Block) -> str:
    match block:
        case Words(text):
            return prose(text)
        case Code(language, text):
            return f"```{language}\n{text}\n```"
        case Formula(formula):
            return f"```math\n{allowed(formula.latex)}\n```"
        case Items(items):
            return "\n".join(f"- {prose(item)}" for item in items)
        case Table():
            return table(block)
        case Folded(title, blocks):
            inside = "\n\n".join(map(_block, blocks))
            return f"<details><summary>{prose(title)}</summary>\n\n{inside}\n\n</details>"


def table(made: Table) -> str:
    """Words stand at the left, numbers at the right."""
    rule = ["---" if column < made.words else "---:" for column in range(len(made.head))]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (made.head, rule, *(map(prose, row) for row in made.rows)))


def allowed(latex: str) -> str:
    r"""LaTeX without the macro that GitHub refuses ("The following macros are not allowed: operatorname").

    >>> print(allowed(r"\operatorname{diag}\left(x\right)"))
    \mathop{\mathrm{diag}}\left(x\right)
    """
    return re.sub(r"\\operatorname\*?\{([^{}]*)\}", r"\\mathop{\\mathrm{\1}}", latex)


def prose(text: str) -> str:
    r"""Words of which nothing is taken for markup; what stands between backticks is code already.

    >>> print(prose("`X_ip` is free, |a|_1 < 2"))
    `X_ip` is free, \|a\|\_1 \< 2
    """
    pieces = text.split("`")
    if len(pieces) % 2 == 0:  # a backtick without its partner is no code
        pieces[-2:] = ["\\`".join(pieces[-2:])]
    return "`".join(piece if place % 2 else re.sub(r"([*_<>$|\[\]~#])", r"\\\1", piece) for place, piece in enumerate(pieces))
