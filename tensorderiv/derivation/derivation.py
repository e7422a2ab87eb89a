"""A derivation as data: the chain of equal expressions, each with its rule and reason, and the conditions it holds under."""

from __future__ import annotations

from dataclasses import dataclass

from tensorderiv.algebra.expression import Element, Expr
from tensorderiv.algebra.program import Program, Statement


@dataclass(frozen=True)
class Step:
    """One rule applied: the expression it left. `names` are the adjoint names it speaks of (printed as `where` lines)."""

    rule: str
    why: str
    expr: Expr
    names: tuple[Statement, ...] = ()


@dataclass(frozen=True)
class Condition:
    """A place where the formula is not the derivative, its kind (kink, singular, removable, domain, jump), and what is done."""

    where: str
    kind: str
    policy: str


@dataclass(frozen=True)
class Derivation:
    """The derivative of a program's output by one entry of an input: every step denotes the same array."""

    program: Program
    wrt: Element
    steps: tuple[Step, ...]
    result: Expr
    conditions: tuple[Condition, ...]

    def document(self, form: str = "text") -> str:
        """The derivation as "text", "latex" (compiles), "fragment" (for a paper), "markdown", "html" or "json"."""
        from tensorderiv.derivation.documents import document  # documents read derivations

        return document(self, form)

    def to_latex(self) -> str:
        """The chain of equalities with rules and reasons, for a paper that loads amsmath."""
        return self.document("fragment")

    def _repr_latex_(self) -> str:
        from tensorderiv.derivation.documents import as_latex_display

        return as_latex_display(self)

    def __str__(self) -> str:
        return self.document("text")
