"""An expression together with the program it speaks of: it prints, converts and evaluates by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy.typing as npt

from tensorderiv.algebra.evaluate import FLOAT, evaluate
from tensorderiv.algebra.expression import Expr
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.numbers import NumberSystem
from tensorderiv.algebra.program import Program, Statement
from tensorderiv.algebra.sizes import bind
from tensorderiv.algebra.text import to_text
from tensorderiv.language.latex import to_latex
from tensorderiv.language.sympy_out import to_sympy


@dataclass(frozen=True, repr=False)
class Formula:
    """An expression over the names of a program, and over `names` (adjoints) that a derivation introduced.

    `axes` are the free indices in the order of the axes of its array: the output's indices, then those of the variable.
    """

    expr: Expr
    program: Program
    names: tuple[Statement, ...]
    axes: tuple[Index, ...]

    @property
    def text(self) -> str:
        """In the grammar of definitions."""
        return to_text(self.expr, None, self._taken)

    @property
    def latex(self) -> str:
        """As LaTeX mathematics, without delimiters."""
        return to_latex(self.expr, self.axes, self._taken)

    @property
    def _taken(self) -> frozenset[str]:
        """Names that stand for a tensor here: no bound index is written by one, and no delta_ij where delta is a parameter."""
        return self.program.names | {name.tensor.name for name in self.names}

    @property
    def sympy(self) -> Any:
        """As SymPy: Indexed, Sum, KroneckerDelta."""
        return to_sympy(self.expr)

    def evaluate(self, number: NumberSystem = FLOAT, **arrays: Any) -> npt.NDArray[Any]:
        """The array it denotes, by the reference meaning: plain loops, slow and sure. Inputs by name.

        Raises NameProblem for a missing input, ExtentMismatch where sizes disagree.
        """
        values, sizes = bind(self.program, arrays)
        statements = (*self.program.statements, *self.names)
        return evaluate(self.expr, axes=self.axes, arrays=values, sizes=sizes, statements=statements, number=number)

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex}$"

    def __repr__(self) -> str:
        return f"<Formula {self.text}>"

    def __str__(self) -> str:
        return self.text
