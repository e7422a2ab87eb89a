"""A derivation as data: the chain of equal expressions, each with its rule and reason, and the conditions it holds under."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy.typing as npt

from tensorderiv.algebra.evaluate import FLOAT
from tensorderiv.algebra.expression import Element, Expr
from tensorderiv.algebra.numbers import NumberSystem
from tensorderiv.algebra.program import Program, Statement
from tensorderiv.derivation.formula import Formula


@dataclass(frozen=True, repr=False)
class Step:
    """One rule applied: the formula it left. All steps of a derivation denote the same array."""

    rule: str
    why: str
    formula: Formula

    @property
    def expr(self) -> Expr:
        return self.formula.expr

    @property
    def names(self) -> tuple[Statement, ...]:
        """The adjoint names it speaks of (printed as `where` lines)."""
        return self.formula.names

    def evaluate(self, number: NumberSystem = FLOAT, **arrays: Any) -> npt.NDArray[Any]:
        """The array this step denotes; see `Formula.evaluate`."""
        return self.formula.evaluate(number, **arrays)

    def __str__(self) -> str:
        return f"{self.formula}    [{self.rule}]"

    def __repr__(self) -> str:
        return f"<Step {self.rule}>"


@dataclass(frozen=True)
class Condition:
    """A place where the formula is not the derivative, its kind (kink, singular, removable, domain, jump), and what is done."""

    where: str
    kind: str
    policy: str


@dataclass(frozen=True, repr=False)
class Derivation:
    """The derivative of a program's output by an entry of an input (or by two: the second derivative), with every step.

    The array of the result (and of every step) has the output's axes first, then those of the variables.
    """

    program: Program
    variables: tuple[Element, ...]
    steps: tuple[Step, ...]
    conditions: tuple[Condition, ...]

    @property
    def wrt(self) -> Element:
        """The (first) variable of differentiation."""
        return self.variables[0]

    @property
    def order(self) -> int:
        """How often the output is differentiated: 1 or 2."""
        return len(self.variables)

    @property
    def result(self) -> Formula:
        """The last step's formula."""
        return self.steps[-1].formula

    @property
    def expr(self) -> Expr:
        """The result as an expression."""
        return self.result.expr

    def evaluate(self, number: NumberSystem = FLOAT, **arrays: Any) -> npt.NDArray[Any]:
        """The derivative as an array, by the reference meaning; see `Formula.evaluate`."""
        return self.result.evaluate(number, **arrays)

    def document(self, style: str = "text", form: str = "index") -> str:
        """The derivation as "text", "latex" (compiles), "fragment" (for a paper), "markdown", "html" or "json".

        `form` says what is shown: "index" the steps, "matrix" the result as a matrix expression, "cases" as a table of its values
        by coincidence of the indices.
        """
        from tensorderiv.derivation.documents import document  # documents read derivations

        return document(self, style, form)

    def to_latex(self) -> str:
        """The chain of equalities with rules and reasons, for a paper that loads amsmath."""
        return self.document("fragment")

    def _repr_latex_(self) -> str:
        from tensorderiv.derivation.documents import as_latex_display

        return as_latex_display(self)

    def __repr__(self) -> str:
        return f"<Derivation of {self.program.output.element} by {', '.join(map(str, self.variables))}: {len(self.steps)} steps>"

    def __str__(self) -> str:
        return self.document("text")
