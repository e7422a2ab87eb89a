"""What the domains of the inputs say of sums and transposes: A_ij = A_ji, and rows of a simplex sum to 1."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from tensorderiv.algebra.build import ONE, add, call, delta, factors_of, mul, number, sub
from tensorderiv.algebra.expression import And, Bracket, Compare, Element, Expr, MatrixFunction, Position, Reduction
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Program, Statement
from tensorderiv.algebra.traverse import contains, free_indices, rewrite, substitute_expr, tensors
from tensorderiv.canonical import equal
from tensorderiv.simplify.nest import nest_sums
from tensorderiv.simplify.symmetry import is_symmetric

SYMMETRIC = ("symmetric", "spd")


@lru_cache(maxsize=500)
def symmetric_names(program: Program, names: tuple[Statement, ...] = ()) -> frozenset[str]:
    """The matrices that equal their transpose: by their domain, or proved from their definition."""
    known = frozenset(item.tensor.name for item in program.inputs if item.domain.kind in SYMMETRIC)
    for item in (*program.statements, *names):
        if is_symmetric(item) or _is_symmetric_given(item, known):
            known |= {item.tensor.name}
    return known


def _is_symmetric_given(statement: Statement, known: frozenset[str]) -> bool:
    """Whether the body is the same with its indices exchanged because of what it is made of: S + S^T, 1 / (1 + D)."""
    if len(statement.indices) != 2 or statement.indices[0].extent != statement.indices[1].extent:
        return False
    first, second = statement.indices
    swapped = substitute_expr(statement.body, {first: second, second: first})
    return bool(known & tensors(statement.body)) and equal(spread(statement.body, known), spread(swapped, known))


def simplex_names(program: Program) -> frozenset[str]:
    """The inputs whose rows (last axis) sum to 1."""
    return frozenset(item.tensor.name for item in program.inputs if item.domain.kind == "simplex")


def spread(expr: Expr, symmetric: frozenset[str]) -> Expr:
    """The expression written so that the facts show, for comparing: A_ij as (A_ij + A_ji)/2, [i != j] as 1 - delta_ij,
    [a > b] of real a and b as relu(sign(a - b)).
    """

    def change(node: Expr) -> Expr:
        match node:
            case Element(tensor, (left, right)) if tensor.name in symmetric:
                return mul(HALF, add(node, Element(tensor, (right, left))))
            case MatrixFunction("inv", tensor, (left, right)) if tensor.name in symmetric:
                return mul(HALF, add(node, MatrixFunction("inv", tensor, (right, left))))
            case Bracket(Compare("!=", Position(left), Position(right))):
                return sub(ONE, delta(left, right))
            case Bracket(Compare(">" | "<" as op, a, b)) if not contains(node, Position):
                return call("relu", call("sign", sub(a, b) if op == ">" else sub(b, a)))
            case Bracket(Compare(">=" | "<=" as op, a, b)) if not contains(node, Position):
                return sub(ONE, call("relu", call("sign", sub(b, a) if op == ">=" else sub(a, b))))
            case Reduction("sum", indices, body, condition) if condition is not None:
                parts = condition.parts if isinstance(condition, And) else (condition,)
                return Reduction("sum", indices, mul(*(change(Bracket(part)) for part in parts), body))
        return node

    return rewrite(expr, change)


HALF = number(Fraction(1, 2))


def with_facts(expr: Expr, symmetric: frozenset[str], simplex: frozenset[str]) -> Expr:
    """The expression with A_ji written A_ij for symmetric A, and sum_j Y_ij written 1 for rows in the simplex."""

    def change(node: Expr) -> Expr:
        match node:
            case Element(tensor, (Index() as left, Index() as right)) if tensor.name in symmetric:
                return Element(tensor, tuple(sorted((left, right))))
            case MatrixFunction("inv", tensor, (Index() as left, Index() as right)) if tensor.name in symmetric:
                return MatrixFunction("inv", tensor, tuple(sorted((left, right))))
            case Reduction("sum", (index,), body, None):
                return _unit_rows(node, index, body)
        return node

    def _unit_rows(node: Expr, index: Index, body: Expr) -> Expr:
        factors = factors_of(body)
        rows = [f for f in factors if isinstance(f, Element) and f.tensor.name in simplex and index in f.subscripts]
        if len(rows) == 1 and rows[0].subscripts[-1] == index and index not in rows[0].subscripts[:-1]:
            rest = [f for f in factors if f is not rows[0]]
            if all(index not in free_indices(f) for f in rest):
                return mul(*rest, ONE)
        return node

    return rewrite(nest_sums(expr) if simplex else expr, change)
