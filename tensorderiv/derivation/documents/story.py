"""What every document tells of a derivation, before any alphabet is chosen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tensorderiv.algebra.expression import Derivative, Expr
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.text import statement_text, to_text
from tensorderiv.derivation.derivation import Derivation


@dataclass(frozen=True)
class Told:
    """One equality of the chain. `names` are those a reader meets here for the first time."""

    rule: str
    why: str
    expr: Expr
    names: tuple[Statement, ...]


def asked_for(derivation: Derivation) -> Expr:
    """The left-hand side of the chain: the derivative of the output by the variables."""
    left: Expr = derivation.program.output.element
    for variable in derivation.variables:
        left = Derivative(left, variable)
    return left


def asked_for_text(derivation: Derivation) -> str:
    """dD_ij/dX_kl, or d2D_ij/(dX_kl dX_mq) for the second derivative."""
    output, below = to_text(derivation.program.output.element), [f"d{to_text(variable)}" for variable in derivation.variables]
    return f"d{output}/{below[0]}" if len(below) == 1 else f"d{len(below)}{output}/({' '.join(below)})"


def free_indices_of(derivation: Derivation) -> tuple[Index, ...]:
    """The indices of the derivative: those of the output, then those of the variable."""
    variables = (index for variable in derivation.variables for index in variable.subscripts if isinstance(index, Index))
    return derivation.program.output.indices + tuple(variables)


def chain(derivation: Derivation) -> Iterator[Told]:
    """The equalities: every step but the bare question, each with the names that are new in it."""
    met: set[Statement] = set()
    for step in derivation.steps:
        if step.expr == asked_for(derivation):
            continue
        new = tuple(name for name in step.names if name not in met)
        met.update(new)
        yield Told(step.rule, step.why, step.expr, new)


def result_names(derivation: Derivation) -> tuple[Statement, ...]:
    """The names that the result speaks of besides those of the definition."""
    return derivation.steps[-1].names if derivation.steps else ()


def names_of(derivation: Derivation) -> frozenset[str]:
    """All tensor names a reader of any step may meet: bound indices keep away from them."""
    return derivation.program.names | {name.tensor.name for step in derivation.steps for name in step.names}


def with_names(derivation: Derivation, expr: Expr, names: tuple[Statement, ...]) -> str:
    """An expression as text, and a `where` line for each name: readable on its own."""
    taken = names_of(derivation)
    return "\n".join([to_text(expr, None, taken), *(f"where {statement_text(name, taken)}" for name in names)])


def sentence(text: str) -> str:
    """A reason with a full stop."""
    return text if text.endswith((".", "!", "?")) else text + "."
