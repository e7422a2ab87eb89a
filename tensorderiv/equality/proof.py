"""Proofs of equality: canonical form, with named quantities written out and denominators cleared where that is needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from tensorderiv.algebra.build import ZERO, add, factors_of, mul, power, sub
from tensorderiv.algebra.expression import Add, Derivative, Element, Expr, MatrixFunction, Node, Number, Reduction
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.traverse import free_indices, parts, rewrite, substitute_expr, walk
from tensorderiv.canonical import canonical
from tensorderiv.canonical.effort import effort
from tensorderiv.simplify.tidy import split_power

MOST_WRITTEN = 5000
"""Definitions are not inserted where the whole would have more nodes than this."""

MOST_EFFORT = 1000
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
    if max(written_size(left, left_names), written_size(right, right_names)) > MOST_WRITTEN:
        return False
    left, right = written_out(left, left_names), written_out(right, right_names)
    whole = matrices(left) | matrices(right)
    if any(_meaning(name, left_names) != _meaning(name, right_names) for name in whole):
        return False
    return vanishes(sub(left, right))


def matrices(expr: Expr) -> frozenset[str]:
    """The matrices that functions of whole matrices are taken of: names that cannot be written out."""
    return frozenset(node.matrix.name for node in walk(expr) if isinstance(node, MatrixFunction))


def _meaning(name: str, statements: Sequence[Statement]) -> Statement | None:
    """The definition of a name, in inputs alone; None for an input."""
    statement = next((statement for statement in statements if statement.tensor.name == name), None)
    return None if statement is None else replace(statement, body=written_out(statement.body, statements))


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
        expr = cleared(expr, *below)
    return False


def denominator(expr: Expr) -> tuple[Expr, Fraction] | None:
    """A base with a negative exponent in a canonical sum, and how often it divides at most; None where there is none."""
    found: dict[Expr, Fraction] = {}
    for term in expr.terms if isinstance(expr, Add) else (expr,):
        for factor in _outer_factors(term):
            base, exponent = split_power(factor)
            if exponent < 0 and not isinstance(base, Number):
                found[base] = max(found.get(base, Fraction(0)), -exponent)
    return next(iter(found.items()), None)


def _outer_factors(term: Expr) -> list[Expr]:
    """The factors of a monomial that do not hold its bound indices, those under its sum included."""
    found: list[Expr] = []
    for factor in factors_of(term):
        if isinstance(factor, Reduction) and factor.op == "sum":
            found += [inner for inner in factors_of(factor.body) if not set(factor.indices) & set(free_indices(inner))]
        else:
            found.append(factor)
    return found


def cleared(expr: Expr, base: Expr, exponent: Fraction) -> Expr:
    """The sum times base^exponent, added to the exponent where the base is a factor already: (a + b)^-1 (a + b) is 1."""
    return add(*(_raised(term, base, exponent) for term in (expr.terms if isinstance(expr, Add) else (expr,))))


def _raised(term: Expr, base: Expr, exponent: Fraction) -> Expr:
    factors = list(factors_of(term))
    for place, factor in enumerate(factors):
        if split_power(factor)[0] == base:
            factors[place] = power(base, split_power(factor)[1] + exponent)
            return mul(*factors)
        if (
            isinstance(factor, Reduction)
            and factor.op == "sum"
            and any(split_power(f)[0] == base for f in _outer_factors(factor))
        ):
            factors[place] = replace(factor, body=_raised(factor.body, base, exponent))
            return mul(*factors)
    return mul(*factors, power(base, exponent))


def written_size(expr: Expr, statements: Sequence[Statement]) -> int:
    """How many nodes `written_out` would make: names that stand twice in one another grow as powers of two."""
    sizes: dict[str, int] = {}

    def size(node: Node) -> int:
        inner = sum(size(part) for part in parts(node))
        return inner + (sizes.get(node.tensor.name, 1) if isinstance(node, Element) else 1)

    for statement in statements:
        sizes[statement.tensor.name] = size(statement.body)
    return size(expr)


def written_out(expr: Expr, statements: Sequence[Statement]) -> Expr:
    """The expression with every named quantity replaced by its definition, save what derivatives are taken by.

    Where that would be larger than MOST_WRITTEN nodes the names are left.
    """
    if written_size(expr, statements) > MOST_WRITTEN:
        return expr
    variables = {node.variable.tensor.name for node in walk(expr) if isinstance(node, Derivative)}
    known: dict[str, Statement] = {}
    for statement in statements:
        if statement.tensor.name in variables:
            continue
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
