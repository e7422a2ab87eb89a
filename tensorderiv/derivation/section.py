"""What a document tells beside the derivation itself: invariances, the gradient on the sphere, a matrix form, a case table.

Whoever finds such a thing describes it as a `Section`; every format prints sections alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tensorderiv.algebra.expression import Condition, Expr
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.text import condition_text, to_text
from tensorderiv.language.latex import condition_latex, to_latex
from tensorderiv.language.mathml import condition_content, content


@dataclass(frozen=True)
class Shown:
    """One formula in the three alphabets of the documents: plain text, LaTeX without delimiters, the inside of <math>."""

    text: str
    latex: str
    mathml: str

    def __add__(self, other: Shown) -> Shown:
        """Both side by side, without a sign between them."""
        return Shown(f"{self.text} {other.text}", f"{self.latex} {other.latex}", self.mathml + other.mathml)


EQUALS = Shown("=", "=", "<mo>=</mo>")


@dataclass(frozen=True)
class Row:
    """A formula with a remark behind it; either may be missing."""

    formula: Shown | None = None
    remark: str = ""


@dataclass(frozen=True)
class Section:
    """A titled list of formulas. `key` and `data` are what JSON says of it."""

    key: str
    title: str
    rows: tuple[Row, ...]
    data: Any
    remark: str = ""


def words(text: str) -> Shown:
    """Words inside a formula: where, if, for all."""
    return Shown(text, rf"\text{{ {text} }}", f"<mtext>&nbsp;{text}&nbsp;</mtext>")


def shown(expr: Expr, scope: Sequence[Index] | None = None, taken: frozenset[str] = frozenset()) -> Shown:
    """An index expression in all alphabets; see `to_text` for `scope` and `taken`."""
    return Shown(to_text(expr, scope, taken), to_latex(expr, scope, taken), content(expr, scope, taken))


def shown_condition(condition: Condition) -> Shown:
    """A condition in all alphabets."""
    return Shown(condition_text(condition), condition_latex(condition), condition_content(condition))
