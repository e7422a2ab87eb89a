"""Proofs of equality: canonical form, with named quantities written out and denominators cleared where that is needed."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from tensorderiv.algebra.build import ZERO, mul, power, sub
from tensorderiv.algebra.expression import Add, Element, Expr, MatrixFunction, Mul, Number, Pow, Reduction
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.traverse import bound_indices, contains, free_indices, rewrite, substitute_expr
from tensorderiv.contract.canonical import canonical
from tensorderiv.contract.effort import effort

MOST_EFFORT = 4000
"""Proofs that would multiply out more than this are not tried."""

MOST_DENOMINATORS = 4


def proves(left: Expr, right: Expr, left_names: Sequence[Statement] = (), right_names: Sequence[Statement] = ()) -> bool:
    """Whether canonical form shows left = right, wherever both are defined.

    First in the names as they stand, if they mean the same on both sides, then with all of them written out.
    """
    same = {statement.tensor.name: statement for statement in left_names}
    if all(same.get(statement.tensor.name, statement) == statement for statement in right_names) and vanishes(sub(left, right)):
        return True
    if not left_names and not right_names:
        return False
    return vanishes(sub(written_out(left, left_names), written_out(right, right_names)))


def vanishes(expr: Expr, most: int = MOST_EFFORT) -> bool:
    """Whether canonical form shows that the expression is 0; False also where that would take too long.

    >>> from tensorderiv.algebra.build import ONE, add, div
    >>> from tensorderiv.algebra.expression import Tensor
    >>> x, y = Element(Tensor("x")), Element(Tensor("y"))
    >>> vanishes(sub(add(div(x, add(x, y)), div(y, add(x, y))), ONE))
    True
    """
    for _ in range(MOST_DENOMINATORS + 1):
        if effort(expr) > most:
            return False
        expr = canonical(expr)
        if expr == ZERO:
            return True
        below = denominator(expr)
        if below is None:
            return False
        expr = canonical_times(expr, below)
    return False


def denominator(expr: Expr) -> Expr | None:
    """The first base with a negative exponent in a canonical sum, to the highest power; None where there is none."""
    found: dict[Expr, Fraction] = {}
    for term in expr.terms if isinstance(expr, Add) else (expr,):
        for base, exponent in _powers(term):
            if exponent < 0:
                found[base] = max(found.get(base, Fraction(0)), -exponent)
    return next((power(base, exponent) for base, exponent in found.items()), None)


def _powers(term: Expr) -> list[tuple[Expr, Fraction]]:
    """The powers among the factors of a monomial that do not hold its bound indices."""
    factors: list[Expr] = list(term.factors) if isinstance(term, Mul) else [term]
    bound: set[object] = set()
    for factor in list(factors):
        if isinstance(factor, Reduction) and factor.op == "sum":
            bound |= set(bound_indices(factor))
            factors += factor.body.factors if isinstance(factor.body, Mul) else [factor.body]
    return [
        (factor.base, factor.exponent.value)
        for factor in factors
        if isinstance(factor, Pow) and isinstance(factor.exponent, Number) and not bound & set(free_indices(factor.base))
    ]


def canonical_times(expr: Expr, below: Expr) -> Expr:
    """The sum times a factor, term by term."""
    return Add(tuple(mul(term, below) for term in expr.terms)) if isinstance(expr, Add) else mul(expr, below)


def written_out(expr: Expr, statements: Sequence[Statement]) -> Expr:
    """The expression with every named quantity replaced by its definition."""
    known: dict[str, Statement] = {}
    for statement in statements:
        body = _inserted(statement.body, known)
        known[statement.tensor.name] = Statement(statement.tensor, statement.indices, body)
    return _inserted(expr, known)


def _inserted(expr: Expr, known: dict[str, Statement]) -> Expr:
    def insert(node: Expr) -> Expr:
        if isinstance(node, Element) and node.tensor.name in known:
            statement = known[node.tensor.name]
            return substitute_expr(statement.body, dict(zip(statement.indices, node.subscripts, strict=True)))
        return node

    return rewrite(expr, insert) if known else expr


__all__ = ["MOST_EFFORT", "contains", "MatrixFunction", "proves", "vanishes", "written_out"]
