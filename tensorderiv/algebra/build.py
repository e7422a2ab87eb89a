"""Constructors for people and passes: they flatten, fold numbers and drop neutral elements, and do nothing else.

No law of the calculus is applied here, so nothing a reader should see happens out of sight.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from tensorderiv.algebra.deadline import in_time
from tensorderiv.algebra.expression import (
    Add,
    And,
    Compare,
    Condition,
    Expr,
    Function,
    KroneckerDelta,
    Mul,
    Number,
    Pow,
    Reduction,
    Subscript,
)
from tensorderiv.algebra.index import Index

ZERO = Number(Fraction(0))
ONE = Number(Fraction(1))
MINUS_ONE = Number(Fraction(-1))
TWO = Number(Fraction(2))


def number(value: int | Fraction) -> Number:
    return Number(Fraction(value))


def add(*terms: Expr) -> Expr:
    """The sum: nested sums are flattened, zeros dropped, numbers folded into the place of the first."""
    in_time()
    flat: list[Expr] = []
    constant, place = Fraction(0), None
    for term in terms:
        for part in term.terms if isinstance(term, Add) else (term,):
            if isinstance(part, Number):
                constant += part.value
                place = len(flat) if place is None else place
            else:
                flat.append(part)
    if constant and place is not None:
        flat.insert(place, Number(constant))
    if not flat:
        return ZERO
    return flat[0] if len(flat) == 1 else Add(tuple(flat))


def mul(*factors: Expr) -> Expr:
    """The product: nested products are flattened, numbers folded to the front, a zero wins."""
    in_time()
    flat: list[Expr] = []
    constant = Fraction(1)
    for factor in factors:
        for part in factor.factors if isinstance(factor, Mul) else (factor,):
            if isinstance(part, Number):
                constant *= part.value
            else:
                flat.append(part)
    if constant == 0:
        return ZERO
    if constant != 1:
        flat.insert(0, Number(constant))
    if not flat:
        return ONE
    return flat[0] if len(flat) == 1 else Mul(tuple(flat))


def neg(expr: Expr) -> Expr:
    return mul(MINUS_ONE, expr)


def sub(left: Expr, right: Expr) -> Expr:
    return add(left, neg(right))


def power(base: Expr, exponent: Expr | int | Fraction) -> Expr:
    """base ** exponent; x^1 is x, x^0 is 1, numbers to integer powers are folded, (x^a)^-1 is x^(-a) for numbers a."""
    exp = exponent if isinstance(exponent, Expr) else number(exponent)
    if isinstance(exp, Number):
        if exp.value == 1:
            return base
        if exp.value == 0:
            return ONE
        if isinstance(base, Number) and exp.value.denominator == 1 and (base.value != 0 or exp.value > 0) and _small(base, exp):
            return Number(base.value ** int(exp.value))
        if isinstance(base, Pow) and isinstance(base.exponent, Number) and exp.value == -1:
            return power(base.base, -base.exponent.value)
    return Pow(base, exp)


MOST_BITS = 4096
"""Numbers that would be longer are left as powers: 9^9^9 is not multiplied out."""


def _small(base: Number, exponent: Number) -> bool:
    bits = max(base.value.numerator.bit_length(), base.value.denominator.bit_length())
    return bits * abs(exponent.value) <= MOST_BITS


def div(numerator: Expr, denominator: Expr) -> Expr:
    """numerator / denominator as factors: a / (b c) is a b^-1 c^-1."""
    below = denominator.factors if isinstance(denominator, Mul) else (denominator,)
    return mul(numerator, *(power(factor, -1) for factor in below))


def call(name: str, *args: Expr) -> Expr:
    return Function(name, args)


def total(indices: Iterable[Index], body: Expr, condition: Condition | None = None) -> Expr:
    """sum over the indices where the condition holds; over no index it is the body."""
    bound = tuple(indices)
    if not bound and condition is None:
        return body
    return Reduction("sum", bound, body, condition)


def delta(left: Subscript, right: Subscript) -> Expr:
    """KroneckerDelta; 1 where both sides are the same subscript."""
    return ONE if left == right else KroneckerDelta(left, right)


def both(*conditions: Condition | None) -> Condition | None:
    """The conjunction, flattened and without repeats; None is true."""
    parts: list[Condition] = []
    for condition in conditions:
        if condition is None:
            continue
        for part in condition.parts if isinstance(condition, And) else (condition,):
            if part not in parts:
                parts.append(part)
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def conjuncts(condition: Condition | None) -> tuple[Condition, ...]:
    """The parts of a conjunction; a single condition is its only part, None (true) has none."""
    if condition is None:
        return ()
    return condition.parts if isinstance(condition, And) else (condition,)


def opposite_orders(one: Condition, other: Condition) -> Condition | None:
    """a != b for the pair a < b and b < a, however they are written; None for any other pair."""
    match one, other:
        case Compare("<" | ">" as op, a, b), Compare("<" | ">" as also, c, d) if (a, b) == ((d, c) if op == also else (c, d)):
            return Compare("!=", a, b)
    return None


def negation(condition: Condition) -> Condition:
    """not condition, by De Morgan down to the comparisons."""
    from tensorderiv.algebra.expression import CompareOp, Or

    opposite: dict[CompareOp, CompareOp] = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
    match condition:
        case Compare(op, left, right):
            return Compare(opposite[op], left, right)
        case And(parts):
            return Or(tuple(negation(part) for part in parts))
        case Or(parts):
            return And(tuple(negation(part) for part in parts))
    raise TypeError(f"negation: no rule for {type(condition).__name__}")


def factors_of(expr: Expr) -> tuple[Expr, ...]:
    """The factors of a product; any other expression is its only factor."""
    return expr.factors if isinstance(expr, Mul) else (expr,)


def terms_of(expr: Expr) -> tuple[Expr, ...]:
    """The terms of a sum; any other expression is its only term."""
    return expr.terms if isinstance(expr, Add) else (expr,)
