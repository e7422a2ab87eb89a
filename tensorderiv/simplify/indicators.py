"""Cases and brackets brought together: what holds in both cases stands outside, and complementary brackets are one case.

if(c, a g, b g) -> g if(c, a, b)     if(c, a, 0) -> [c] a     [c] (a + y) + [not c] y -> [c] a + y     delta_ij [i != j] -> 0
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from tensorderiv.algebra.build import ONE, ZERO, add, both, conjuncts, factors_of, mul, negation, terms_of
from tensorderiv.algebra.expression import (
    Add,
    And,
    Bracket,
    Compare,
    CompareOp,
    Condition,
    Derivative,
    Expr,
    Mul,
    Number,
    Or,
    Position,
    Reduction,
    Select,
    Subscript,
)
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.traverse import contains, free_indices, rewrite, substitute
from tensorderiv.canonical import canonical_condition
from tensorderiv.contract.coincidence import agreeing
from tensorderiv.contract.laws import DELTAS
from tensorderiv.simplify.common_factors import common_factors
from tensorderiv.simplify.factor import in_front


def settle(expr: Expr) -> Expr:
    """The laws of this file, innermost first."""
    return rewrite(expr, _settle_node, (Derivative,))


def _settle_node(node: Expr) -> Expr:
    match node:
        case Select(condition, then, otherwise):
            return settle_cases(condition, then, otherwise)
        case Bracket(condition):
            return _bracket(condition)
        case Mul():
            return resolve(node)
        case Add():
            return join_complements(node)
        case Reduction("sum", indices, body, condition) if condition is not None:
            return conditions_out(indices, body, condition)
    return node


def settle_cases(condition: Condition, then: Expr, otherwise: Expr) -> Expr:
    """if(c, a, a) -> a,   if(c, a, 0) -> [c] a,   if(c, a + y, y) -> [c] a + y,   if(c, a g, b g) -> g if(c, a, b)."""
    if then == otherwise:
        return then
    if otherwise == ZERO:
        return mul(Bracket(condition), then)
    if then == ZERO:
        return mul(Bracket(negation(condition)), otherwise)
    shared = [term for term in terms_of(then) if term in terms_of(otherwise)]
    here, there = (add(*(term for term in terms_of(side) if term not in shared)) for side in (then, otherwise))
    if shared and ZERO in (here, there):
        return add(settle_cases(condition, here, there), *shared)
    common, (first, second) = common_factors([then, otherwise])
    inner = Select(condition, first, second)
    return in_front(common, inner) if common else inner


def _bracket(condition: Condition) -> Expr:
    """[c] of a condition that compares a thing with itself, or two numbers, is decided."""
    decided = truth(condition)
    return Bracket(condition) if decided is None else ONE if decided else ZERO


def truth(condition: Condition) -> bool | None:
    """Whether a condition holds (or fails) whatever the values are; None where it depends on them."""
    match condition:
        case Compare(op, Position(int(left)), Position(int(right))):
            return _holds(op, left, right)
        case Compare(op, Number(left), Number(right)):
            return _holds(op, left, right)
        case Compare(op, left, right) if left == right:
            return op in ("=", "<=", ">=")
        case And(parts):
            values = [truth(part) for part in parts]
            return False if False in values else True if all(values) else None
        case Or(parts):
            values = [truth(part) for part in parts]
            return True if True in values else False if all(value is False for value in values) else None
    return None


def _holds(op: CompareOp, left: Fraction | int, right: Fraction | int) -> bool:
    compare: dict[CompareOp, bool] = {"=": left == right, "!=": left != right, "<": left < right, ">": left > right}
    return compare.get(op, left <= right if op == "<=" else left >= right)


def resolve(node: Mul) -> Expr:
    """delta_ij [c_ij] -> delta_ij [c_ii], which may be decided;   [c] [not c] -> 0."""
    mapping: dict[Index, Subscript] = {}
    for factor in node.factors:
        first, *rest = agreeing(factor) or (0,)
        mapping |= {other: first for other in rest if isinstance(other, Index)}
    kept: list[Expr] = []
    for factor in node.factors:
        if not isinstance(factor, Bracket):
            kept.append(factor)
            continue
        there = substitute(factor.condition, mapping)
        assert isinstance(there, Condition)
        decided = truth(there)
        if decided is False:
            return ZERO
        if decided is None:
            kept.append(factor)
    met = {canonical_condition(f.condition) for f in kept if isinstance(f, Bracket)}
    if any(canonical_condition(negation(condition)) in met for condition in met):
        return ZERO
    return mul(*kept) if len(kept) < len(node.factors) else node


def join_complements(node: Add) -> Expr:
    """[c] a + [not c] b -> if(c, a, b); what both cases share stands outside."""
    terms = [piece for term in node.terms for piece in _opened(term)]
    for condition in _conditions_of(terms):
        opposite = canonical_condition(negation(condition))
        mine, others = _with(terms, condition), _with(terms, opposite)
        both_sides = [*mine.values(), *others.values()]
        if not mine or not others or len({_deltas(term) for term in both_sides}) > 1 or contains(add(*both_sides), Reduction):
            continue
        shared = [rest for rest in mine.values() if rest in others.values()]
        here = add(*(rest for rest in mine.values() if rest not in shared))
        there = add(*(rest for rest in others.values() if rest not in shared))
        rest = [term for position, term in enumerate(terms) if position not in mine and position not in others]
        joined = settle_cases(condition, here, there)
        return join_complements_of([*rest, *shared, joined])
    return node


def _opened(term: Expr) -> list[Expr]:
    """[c] (a + b) as [c] a and [c] b, so that what both cases share is seen."""
    factors = factors_of(term)
    sums = [f for f in factors if isinstance(f, Add)]
    if len(sums) != 1 or len(factors) < 2 or not all(isinstance(f, (Bracket, Number)) for f in factors if f is not sums[0]):
        return [term]
    return [mul(*(f for f in factors if f is not sums[0]), piece) for piece in sums[0].terms]


def join_complements_of(terms: Sequence[Expr]) -> Expr:
    whole = add(*terms)
    return join_complements(whole) if isinstance(whole, Add) else whole


def _conditions_of(terms: Iterable[Expr]) -> list[Condition]:
    """The conditions of the brackets among the factors, in the order met."""
    found = [f.condition for term in terms for f in factors_of(term) if isinstance(f, Bracket)]
    return list(dict.fromkeys(found))


def _with(terms: Sequence[Expr], condition: Condition) -> dict[int, Expr]:
    """The terms that hold [condition], by position, without it."""
    wanted = canonical_condition(condition)
    found: dict[int, Expr] = {}
    for position, term in enumerate(terms):
        for factor in factors_of(term):
            if isinstance(factor, Bracket) and canonical_condition(factor.condition) == wanted:
                found[position] = mul(*(f for f in factors_of(term) if f is not factor))
                break
    return found


def _deltas(term: Expr) -> frozenset[Expr]:
    return frozenset(f for f in factors_of(term) if isinstance(f, DELTAS))


def conditions_out(indices: tuple[Index, ...], body: Expr, condition: Condition) -> Expr:
    """sum_{j: c_k and d_j} f_j -> [c_k] sum_{j: d_j} f_j: a condition without a summed index stands outside."""
    parts = conjuncts(condition)
    outside = [part for part in parts if not set(free_indices(part)) & set(indices)]
    if not outside:
        return Reduction("sum", indices, body, condition)
    inside = both(*(part for part in parts if part not in outside))
    return mul(*(Bracket(part) for part in outside), Reduction("sum", indices, body, inside))
