"""Named quantities stay named: a sub-expression that equals a definition is written by its name again.

    sqrt(sum_q X_kq^2)  ->  N_k        where N_i = sqrt(sum_p X_ip^2)
    sum_p X_ip Y_jp / (N_i^2 M_j)  ->  S_ij / N_i

Matching is structural, up to the order of terms and factors and the names of bound indices; a product is recognised inside a
larger product. Both sides are first brought to nested sums (`nest`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import islice
from typing import TypeAlias

from tensorderiv.algebra.build import ONE, add, call, factors_of, mul, neg, power, sub, terms_of
from tensorderiv.algebra.expression import (
    Add,
    Element,
    Expr,
    Function,
    MatrixFunction,
    Mul,
    Node,
    Number,
    Pow,
    Reduction,
    Subscript,
)
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.traverse import bound_indices, contains, free_indices, index_names, parts, rewrite, subscripts_of, walk
from tensorderiv.simplify.nest import PENDING, nest_sums, rename_apart
from tensorderiv.simplify.tidy import split_power, tidy

MOST_PARTS = 8
"""Sums and products with more parts than this are compared in order only: matching up to order grows as the factorial."""


MOST_READINGS = 24
"""A symmetric quantity can be read in several ways (C_ij or C_ji); of this many the first by name is taken."""


@dataclass(frozen=True)
class Binding:
    """What the free indices of the pattern stand for, and which bound indices correspond."""

    free: tuple[tuple[Index, Subscript], ...] = ()
    bound: tuple[tuple[Index, Index], ...] = ()

    def with_bound(self, pattern: Sequence[Index], target: Sequence[Index]) -> Binding:
        return Binding(self.free, self.bound + tuple(zip(pattern, target, strict=True)))


def match_subscript(pattern: Subscript, target: Subscript, binding: Binding) -> Iterator[Binding]:
    """Bind a pattern index to a subscript, or check that it is the same as before."""
    if not isinstance(pattern, Index):
        if isinstance(pattern, Expr) and isinstance(target, Expr):
            yield from match(pattern, target, binding)
        elif pattern == target:
            yield binding
        return
    here = dict(binding.bound)
    if pattern in here:
        if here[pattern] == target:
            yield binding
        return
    if isinstance(target, Index) and (target in here.values() or target.extent != pattern.extent):
        return
    known = dict(binding.free)
    if pattern not in known:
        yield Binding((*binding.free, (pattern, target)), binding.bound)
    elif known[pattern] == target:
        yield binding


def match(pattern: Node, target: Node, binding: Binding) -> Iterator[Binding]:
    """All ways to read the target as the pattern."""
    if type(pattern) is not type(target):
        return
    if isinstance(pattern, (Add, Mul)):
        if len(parts(pattern)) == len(parts(target)):
            yield from match_unordered(parts(pattern), parts(target), binding)
        return
    if _head(pattern) != _head(target) or len(parts(pattern)) != len(parts(target)):  # X_i has no part, X[argmax_j ..] has one
        return
    mine, theirs = bound_indices(pattern), bound_indices(target)
    if len(mine) != len(theirs) or any(a.extent != b.extent for a, b in zip(mine, theirs, strict=True)):
        return
    inner = binding.with_bound(mine, theirs)
    for found in match_in_order(parts(pattern), parts(target), subscripts_of(pattern), subscripts_of(target), inner):
        yield Binding(found.free, binding.bound)


def _head(node: Node) -> object:
    match node:
        case Element(tensor, subscripts):
            return tensor, len(subscripts)
        case MatrixFunction(function, matrix, subscripts):
            return function, matrix, len(subscripts)
        case Function(name, args):
            return name, len(args)
        case Reduction(op, indices, _, condition):
            return op, len(indices), condition is None
        case Number(value):
            return value
    return getattr(node, "name", None), getattr(node, "op", None), getattr(node, "extent", None), len(parts(node))


def match_in_order(
    patterns: Sequence[Node], targets: Sequence[Node], left: Sequence[Subscript], right: Sequence[Subscript], binding: Binding
) -> Iterator[Binding]:
    """Subscripts first, then parts, each in its place."""
    if left:
        for found in match_subscript(left[0], right[0], binding):
            yield from match_in_order(patterns, targets, left[1:], right[1:], found)
        return
    yield from _match_pairs(list(zip(patterns, targets, strict=True)), binding)


def _match_pairs(pairs: Sequence[tuple[Node, Node]], binding: Binding) -> Iterator[Binding]:
    if not pairs:
        yield binding
        return
    for found in match(*pairs[0], binding):
        yield from _match_pairs(pairs[1:], found)


def match_unordered(patterns: Sequence[Node], targets: Sequence[Node], binding: Binding) -> Iterator[Binding]:
    """Terms or factors in any order."""
    if not patterns:
        yield binding
        return
    choices = range(len(targets)) if len(targets) <= MOST_PARTS else range(1)
    for position in choices:
        for found in match(patterns[0], targets[position], binding):
            yield from match_unordered(patterns[1:], (*targets[:position], *targets[position + 1 :]), found)


Found: TypeAlias = tuple[Binding, tuple[Expr, ...]]
"""A reading, and the factors it leaves over."""


def match_factors(patterns: Sequence[Expr], targets: Sequence[Expr], binding: Binding) -> Iterator[Found]:
    """Find the pattern's factors among the target's; what is left over comes back. N^-1 is found in N^-2 and leaves N^-1."""
    if not patterns:
        yield binding, tuple(targets)
        return
    base, wanted = split_power(patterns[0])
    for position, target in enumerate(targets):
        there, exponent = split_power(target)
        if _is_root(base) and wanted < 0 and not _is_root(there):  # 1/v is read as sqrt(v)^-2
            there, exponent = call("sqrt", there), 2 * exponent
        if wanted != exponent and not (0 < wanted < exponent or exponent < wanted < 0):
            continue
        for found in match(base, there, binding):
            left = () if wanted == exponent else (power(there, exponent - wanted),)
            yield from match_factors(patterns[1:], (*targets[:position], *left, *targets[position + 1 :]), found)


def _is_root(base: Expr) -> bool:
    return isinstance(base, Function) and base.name == "sqrt"


@lru_cache(maxsize=2000)
def pattern_of(statement: Statement) -> tuple[Expr, ...] | None:
    """The factors of the body in nested form, rational numbers left out; None for bodies too plain to be worth a name."""
    body = tidy(nest_sums(statement.body))
    worth_it = contains(body, Reduction, Function, MatrixFunction) or _has_divisor(body)
    return factors_of(body) if worth_it and set(free_indices(body)) == set(statement.indices) else None


def _has_divisor(body: Expr) -> bool:
    """W / (W + B) is worth its name, X_ip Y_jp is not."""
    return any(isinstance(node, Pow) and isinstance(node.base, Add) and split_power(node)[1] < 0 for node in walk(body))


def fold_names(expr: Expr, statements: Sequence[Statement]) -> Expr:
    """Write sub-expressions by the names of the statements that define them, later (larger) ones first.

    Factors are looked for where they stand, then brought into the sums beside them, where a product may be recognised.
    """
    current = nest_sums(expr)
    for statement in reversed(statements):
        pattern = pattern_of(statement)
        if pattern is None:
            continue
        fold = partial(fold_node, pattern=pattern, statement=statement)
        current = rewrite(current, fold, PENDING) if len(pattern) > 1 else current
        inside = rewrite(current, push_in, PENDING)
        folded = rewrite(inside, fold, PENDING)
        current = _fold_complement(nest_sums(folded) if folded != inside else current, statement)
    return current


def _fold_complement(expr: Expr, statement: Statement) -> Expr:
    """sigmoid(-u) -> 1 - y   where y = sigmoid(u)."""
    if not (isinstance(statement.body, Function) and statement.body.name == "sigmoid"):
        return expr
    mirrored = (call("sigmoid", tidy(nest_sums(neg(statement.body.args[0])))),)

    def change(node: Expr) -> Expr:
        if not (isinstance(node, Function) and node.name == "sigmoid"):
            return node
        folded = fold_node(node, mirrored, statement)
        return node if folded == node else sub(ONE, folded)

    return rewrite(expr, change, PENDING)


def push_in(node: Expr) -> Expr:
    """c sum_i f_i sum_p g_ip -> sum_i c f_i sum_p g_ip: bring factors to where a product with an inner sum may be recognised."""
    if not isinstance(node, Mul):
        return node
    for position, factor in enumerate(node.factors):
        if isinstance(factor, Reduction) and factor.op == "sum" and any(_is_sum(f) for f in factors_of(factor.body)):
            rest = mul(*node.factors[:position], *node.factors[position + 1 :])
            inner = rename_apart(factor, index_names(rest))
            return Reduction("sum", inner.indices, push_in(mul(rest, inner.body)), inner.condition)
    return node


def _is_sum(expr: Expr) -> bool:
    return isinstance(expr, Reduction) and expr.op == "sum"


def fold_node(node: Expr, pattern: tuple[Expr, ...], statement: Statement) -> Expr:
    """One node by one name, as often as it fits; a sum of terms is split where that lets a term be recognised."""
    readings = []
    for found, rest in islice(match_factors(pattern, factors_of(node), Binding()), MOST_READINGS):
        subscripts = dict(found.free)
        if set(subscripts) == set(statement.indices):
            element = Element(statement.tensor, tuple(subscripts[index] for index in statement.indices))
            readings.append((element, rest))
    if readings:
        element, rest = min(readings, key=lambda reading: str(reading[0]))
        return fold_node(mul(*rest, element), pattern, statement) if rest else element
    return _fold_terms(node, pattern, statement)


def _fold_terms(node: Expr, pattern: tuple[Expr, ...], statement: Statement) -> Expr:
    """c sum_p (f_p + g_p) -> name + c sum_p g_p   where c sum_p f_p is the named quantity."""
    factors = factors_of(node)
    sums = [f for f in factors if isinstance(f, Reduction) and f.op == "sum" and isinstance(f.body, Add)]
    if len(sums) != 1:
        return node
    (inner,) = sums
    assert isinstance(inner, Reduction)
    others = mul(*(f for f in factors if f is not inner))
    folded: list[Expr] = []
    kept: list[Expr] = []
    for term in terms_of(inner.body):
        before = mul(others, nest_sums(Reduction("sum", inner.indices, term, inner.condition)))
        after = fold_node(before, pattern, statement)
        (kept if after == before else folded).append(term if after == before else after)
    if not folded:
        return node
    rest = [mul(others, Reduction("sum", inner.indices, add(*kept), inner.condition))] if kept else []
    return add(*rest, *folded)
