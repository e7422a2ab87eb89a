"""Deltas and copy tensors as shared loops: what stands on a diagonal is computed there and nowhere else.

    T_ijk = H_ijk x_i            ->   T = 0;  for i: T_iii += x_i              no test in n^3 places
    J_ijkl = f_ijl (delta_ik - delta_jk)
                                 ->   J = 0;  for i, j, l: J_ijil += f_ijl;  for i, j, l: J_ijjl -= f_ijl
    sum_k delta_jk f_k           ->   f_j

An equality of two indices of one extent is meant; a zero delta makes its product zero, so nothing is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tensorderiv.algebra.build import add, both, factors_of, mul, terms_of, total
from tensorderiv.algebra.expression import Add, Bracket, Compare, Condition, Element, Expr, Mul, Position, Reduction
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.traverse import bound_indices, substitute, substitute_expr, walk
from tensorderiv.lower.values import condition_parts, split_conditions


@dataclass(frozen=True)
class Diagonal:
    """element += body for all values of the indices; the subscripts of the element repeat some of them."""

    element: Element
    indices: tuple[Index, ...]
    body: Expr


def sift(node: Expr) -> Expr:
    """sum_k delta_jk f_k as f_j; any other node as it is.

    >>> from tensorderiv.algebra.build import delta
    >>> from tensorderiv.algebra.expression import Tensor
    >>> j, k = Index("j", "n"), Index("k", "n")
    >>> print(sift(total([k], mul(delta(j, k), Element(Tensor("f", ("n",)), (k,))))))
    f_j
    """
    if not isinstance(node, Reduction) or node.op != "sum":
        return node
    kept, brackets = split_conditions(factors_of(node.body))
    conditions = condition_parts(both(node.condition, brackets))
    for condition in conditions:
        for index, other in _sides(condition):
            if index in node.indices and not _captured(node.body, other):
                rest = both(*(part for part in conditions if part != condition))
                where = None if rest is None else substitute(rest, {index: other})
                assert where is None or isinstance(where, Condition)
                indices = tuple(i for i in node.indices if i != index)
                body = substitute_expr(mul(*kept), {index: other})
                if indices:
                    return sift(total(indices, body, where))
                return mul(*(Bracket(part) for part in condition_parts(where)), body)
    return node


def _sides(condition: Condition) -> Iterable[tuple[Index, Index]]:
    """(a, b) and (b, a) where the condition is a = b for two indices of one extent."""
    match condition:
        case Compare("=", Position(Index() as left), Position(Index() as right)) if left.extent == right.extent:
            if left != right:
                yield left, right
                yield right, left


def _captured(body: Expr, index: Index) -> bool:
    return any(index.name == bound.name for node in walk(body) for bound in bound_indices(node))


def split(statement: Statement) -> tuple[Statement, tuple[Diagonal, ...]]:
    """The statement without the terms that stand on a diagonal of the target, and these."""
    dense: list[Expr] = []
    found: list[Diagonal] = []
    for term in terms_of(statement.body):
        for part in _expanded(term, statement.indices):
            made = _diagonal(part, statement)
            if made is None:
                dense.append(part)
            else:
                found.append(made)
    return (Statement(statement.tensor, statement.indices, add(*dense)), tuple(found)) if found else (statement, ())


def _expanded(term: Expr, indices: tuple[Index, ...]) -> list[Expr]:
    """f (delta_ik - delta_jk) as two terms."""
    for place, factor in enumerate(factors_of(term)):
        if isinstance(factor, Add) and all(_equalities(part, indices) for part in factor.terms):
            others = [f for n, f in enumerate(factors_of(term)) if n != place]
            return [made for part in factor.terms for made in _expanded(mul(*others, part), indices)]
    return [term]


def _equalities(term: Expr, indices: tuple[Index, ...]) -> list[tuple[Index, Index]]:
    """The pairs of the target's indices that a factor of the term makes equal; the later index first."""
    _, brackets = split_conditions(factors_of(term))
    pairs = [pair for part in condition_parts(brackets) for pair in _sides(part)]
    return [(a, b) for a, b in pairs if a in indices and b in indices and indices.index(a) > indices.index(b)]


def _diagonal(term: Expr, statement: Statement) -> Diagonal | None:
    element, indices, body = statement.element, statement.indices, term
    while pairs := _equalities(body, indices):
        later, earlier = pairs[0]
        if _captured(body, earlier):
            return None
        kept, brackets = split_conditions(factors_of(body))
        rest = [part for part in condition_parts(brackets) if (later, earlier) not in _sides(part)]
        body = substitute_expr(mul(*(Bracket(part) for part in rest), *kept), {later: earlier})
        body = _without_trivial(body)
        renamed = substitute_expr(element, {later: earlier})
        assert isinstance(renamed, Element)
        element, indices = renamed, tuple(i for i in indices if i != later)
    return Diagonal(element, indices, body) if indices != statement.indices else None


def _without_trivial(body: Expr) -> Expr:
    """The product without brackets such as [i = i]."""
    factors = []
    for factor in factors_of(body):
        match factor:
            case Bracket(Compare("=", left, right)) if left == right:
                continue
        factors.append(factor)
    return mul(*factors) if isinstance(body, Mul | Bracket) else body
