"""Reading an expression that is linear in pending derivatives, term by term.

After the laws have run, dL is a sum of terms  sum_{J: condition} coefficient * diff(u_subscripts, x).  Collecting the
coefficients of one quantity u gives its adjoint; putting tangents in for the derivatives gives the tangent of L.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from tensorderiv.algebra.build import ONE, ZERO, add, both, delta, mul, negation, total
from tensorderiv.algebra.expression import (
    Add,
    Bracket,
    Condition,
    Derivative,
    Element,
    Expr,
    Mul,
    Reduction,
    Select,
)
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.traverse import contains, index_names, rename_bound
from tensorderiv.contract import contract
from tensorderiv.errors import RuleProblem


@dataclass(frozen=True)
class LinearTerm:
    """sum_{indices: condition} coefficient * diff(element, x)."""

    indices: tuple[Index, ...]
    condition: Condition | None
    coefficient: Expr
    derivative: Derivative

    @property
    def element(self) -> Element:
        assert isinstance(self.derivative.body, Element)
        return self.derivative.body

    @property
    def expr(self) -> Expr:
        return total(self.indices, mul(self.coefficient, self.derivative), self.condition)


def linear_terms(expr: Expr, around: frozenset[str] = frozenset()) -> Iterator[LinearTerm]:
    """The terms of an expression that is linear in its pending derivatives; bound indices are kept apart by renaming.

    `around` are the names of the indices bound further out: no bound index may take one of them.
    """
    match expr:
        case _ if expr == ZERO:
            return
        case Derivative():
            yield LinearTerm((), None, ONE, expr)
        case Add(terms):
            for part in terms:
                yield from linear_terms(part, around)
        case Mul(factors):
            moving = [f for f in factors if contains(f, Derivative)]
            if len(moving) != 1:
                raise RuleProblem(f"not linear in its derivatives: {expr}")
            rest = mul(*(f for f in factors if f is not moving[0]))
            names = around | index_names(rest)
            for term in linear_terms(_apart(moving[0], names), names):
                yield LinearTerm(term.indices, term.condition, mul(rest, term.coefficient), term.derivative)
        case Reduction("sum", indices, body, condition):
            names = around | {index.name for index in indices} | (index_names(condition) if condition else frozenset())
            for term in linear_terms(_apart(body, names), names):
                yield LinearTerm(indices + term.indices, both(condition, term.condition), term.coefficient, term.derivative)
        case Select(condition, then, otherwise):
            for branch, where in ((then, condition), (otherwise, negation(condition))):
                for term in linear_terms(branch, around):
                    yield LinearTerm(term.indices, term.condition, mul(Bracket(where), term.coefficient), term.derivative)
        case _:
            raise RuleProblem(f"not linear in its derivatives: {expr}")


def _apart(expr: Expr, names: frozenset[str]) -> Expr:
    """`expr` with the bound indices of its pending sums renamed away from `names`."""
    match expr:
        case Reduction("sum", indices, body, condition):
            node = Reduction("sum", indices, _apart(body, names), condition)
            clashes = [index for index in indices if index.name in names]
            return cast(Expr, rename_bound(node, clashes, names | index_names(node))) if clashes else node
        case Add(terms):
            return add(*(_apart(term, names) for term in terms))
        case Mul(factors):
            return mul(*(_apart(factor, names) if contains(factor, Derivative) else factor for factor in factors))
        case Select(condition, then, otherwise):
            return Select(condition, _apart(then, names), _apart(otherwise, names))
    return expr


def coefficient_of(element: Element, terms: list[LinearTerm]) -> Expr:
    """The adjoint: the coefficient c_K with  sum of the terms = sum_K c_K diff(u_K, x), contracted.

    Each term contributes sum_J coefficient * delta(K_1, subscript_1) ...; the indices K of `element` are fresh.
    """
    taken = frozenset(index.name for index in element.subscripts if isinstance(index, Index))
    pieces = []
    for term in terms:
        term = _rename_term(term, taken)
        matches = [delta(sub, index) for sub, index in zip(term.element.subscripts, element.subscripts, strict=True)]
        pieces.append(contract(total(term.indices, mul(term.coefficient, *matches), term.condition)))
    return add(*pieces)


def _rename_term(term: LinearTerm, taken: frozenset[str]) -> LinearTerm:
    (renamed,) = linear_terms(_apart(term.expr, taken))
    return renamed
