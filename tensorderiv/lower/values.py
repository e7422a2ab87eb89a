"""Small questions about expressions that several lowering passes ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tensorderiv.algebra.build import ZERO, add, both, conjuncts, factors_of, mul, power
from tensorderiv.algebra.expression import (
    Add,
    And,
    Bracket,
    Compare,
    Condition,
    Constant,
    CopyTensor,
    Element,
    Expr,
    Function,
    KroneckerDelta,
    Mul,
    Node,
    Number,
    Or,
    Position,
    Pow,
    Reduction,
    Select,
    Size,
    Subscript,
)
from tensorderiv.algebra.index import Extent, Index
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.traverse import bound_indices, parts, substitute_expr

CHEAP = frozenset({"abs", "relu", "sign", "max", "min", "floor"})
"""Functions that cost no more than arithmetic; every other is computed once and kept."""


def is_leaf(expr: Expr) -> bool:
    """A number, a size, a scalar or the value of an index: nothing is gained by keeping it in a local."""
    match expr:
        case Number() | Constant() | Size():
            return True
        case Element(_, ()):
            return True
        case Position(index):
            return isinstance(index, Index | int)
    return False


def is_whole(expr: Expr) -> bool:
    """An integer in a comparison: an index, a label, an extent or a whole number."""
    match expr:
        case Position() | Size():
            return True
        case Number(value):
            return value.denominator == 1
        case Element(tensor):
            return tensor.integer
    return False


def as_number(subscript: Subscript) -> Expr:
    """What stands in an index place, as a value that can be compared."""
    if isinstance(subscript, Element):
        return subscript
    return Position(subscript)


def equal_condition(subscripts: Iterable[Subscript]) -> Condition:
    """All subscripts agree."""
    first, *rest = subscripts
    condition = both(*(Compare("=", as_number(first), as_number(other)) for other in rest))
    assert condition is not None
    return condition


def as_condition(factor: Expr) -> Condition | None:
    """The condition whose truth value a factor is: brackets and deltas."""
    match factor:
        case Bracket(condition):
            return condition
        case KroneckerDelta(left, right):
            return equal_condition((left, right))
        case CopyTensor(subscripts):
            return equal_condition(subscripts)
    return None


def split_conditions(factors: Iterable[Expr]) -> tuple[list[Expr], Condition | None]:
    """Brackets and deltas among the factors of a summand, as a condition of the sum: sum [c] f -> sum_{c} f."""
    kept: list[Expr] = []
    conditions: list[Condition | None] = []
    for factor in factors:
        condition = as_condition(factor)
        if condition is None:
            kept.append(factor)
        else:
            conditions.append(condition)
    return kept, both(*conditions)


def condition_parts(condition: Condition | None) -> list[Condition]:
    """The parts of a conjunction."""
    return list(conjuncts(condition))


def body_of(statement: Statement, subscripts: tuple[Subscript, ...]) -> Expr:
    """The expression that defines an element: the body with the statement's indices replaced."""
    return substitute_expr(statement.body, dict(zip(statement.indices, subscripts, strict=True)))


def unfolded_bound(node: Node, statements: Mapping[str, Statement]) -> frozenset[Extent]:
    """The extents that are reduced over in the node, in the names it uses and in theirs (for names in `statements`)."""
    extents = {index.extent for index in bound_indices(node)}
    if isinstance(node, Element) and node.tensor.name in statements:
        extents |= unfolded_bound(statements[node.tensor.name].body, statements)
    for part in parts(node):
        extents |= unfolded_bound(part, statements)
    return frozenset(extents)


def is_costly(node: Node, statements: Mapping[str, Statement]) -> bool:
    """Whether computing the node needs a loop or a function that is not cheap."""
    match node:
        case Reduction():
            return True
        case Function(name, _) if name not in CHEAP:
            return True
        case Element(tensor) if tensor.name in statements:
            return is_costly(statements[tensor.name].body, statements)
    return bool(bound_indices(node)) or any(is_costly(part, statements) for part in parts(node))


def factors_under(expr: Expr) -> tuple[Expr, ...]:
    """The factors of a product; those of a product under an integer power, each with it."""
    match expr:
        case Mul(factors):
            return tuple(inner for factor in factors for inner in factors_under(factor))
        case Pow(Mul(factors), Number(value) as exponent) if value.denominator == 1:
            return tuple(power(inner, exponent) for factor in factors for inner in factors_under(factor))
    return (expr,)


def often_zero(node: Expr, virtual: Mapping[str, Statement], exceptions: bool = True) -> bool:
    """Whether a factor is decided by a condition: a bracket, a delta, a case, a sum of such.

    Without `exceptions`, conditions that hold nearly everywhere (`nearly_always`) do not count: the guard of a kink, i != j.
    """

    def zero(part: Expr) -> bool:
        return often_zero(part, virtual, exceptions)

    def counts(condition: Condition) -> bool:
        return exceptions or not nearly_always(condition)

    match node:
        case Bracket(condition):
            return counts(condition)
        case KroneckerDelta() | CopyTensor() | Function("relu", _):
            return True
        case Select(condition, then, otherwise):
            return then == ZERO or (otherwise == ZERO and counts(condition)) or (zero(then) and zero(otherwise))
        case Reduction("sum", _, body, condition):
            return (condition is not None and counts(condition)) or zero(body)
        case Element(tensor) if tensor.name in virtual:
            return zero(virtual[tensor.name].body)
        case Add(terms):
            return all(map(zero, terms))
        case Mul(factors):
            return any(map(zero, factors))
    return False


def nearly_always(condition: Condition) -> bool:
    """Whether a condition holds but for exceptions: two numbers, or two indices, are not the same."""
    match condition:
        case Compare(op):
            return op == "!="
        case And(parts_of_it):
            return all(map(nearly_always, parts_of_it))
        case Or(parts_of_it):
            return any(map(nearly_always, parts_of_it))
    return False


def under_one_condition(terms: Iterable[Expr]) -> list[Expr]:
    """[c] f + [c] g as [c] (f + g): one branch, and what f and g share is computed once."""
    groups: dict[tuple[Condition, ...], list[Expr]] = {}
    for term in terms:
        kept, brackets = split_conditions(factors_of(term))
        groups.setdefault(tuple(condition_parts(brackets)), []).append(term if brackets is None else mul(*kept))
    made: list[Expr] = []
    for conditions, parts_of_group in groups.items():
        made += [mul(*(Bracket(c) for c in conditions), add(*parts_of_group))] if conditions else parts_of_group
    return made
