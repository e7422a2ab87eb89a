"""Canonical form: the one notion of equal.

An expression becomes a sum of monomials  c * sum_{J: conditions} a1^e1 a2^e2 ...  with sums outermost, products multiplied out,
deltas on bound indices contracted, exponentials merged, bound indices named by position, everything sorted. Two expressions with
the same canonical form are equal for all values (a sound test; it is not complete, since functions such as log and sqrt satisfy
identities it does not know).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from typing import cast

from tensorderiv.algebra.build import ONE, ZERO, add, both, call, mul, number, power, sub, total
from tensorderiv.algebra.expression import (
    Add,
    And,
    ArgReduction,
    Bracket,
    Compare,
    Condition,
    CopyTensor,
    Element,
    Expr,
    Function,
    KroneckerDelta,
    MatrixFunction,
    Mul,
    Node,
    Number,
    Position,
    Pow,
    Reduction,
    Size,
)
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.traverse import free_indices, parts, rebuild
from tensorderiv.canonical.classes import written_by_first
from tensorderiv.canonical.monomial import (
    Monomial,
    apart,
    by_height,
    name_by_position,
    resort,
    sort_key,
    times,
    used_indices,
)
from tensorderiv.contract.driver import contract

MOST_EXPANDED = 8
"""A power of a sum is multiplied out up to this exponent."""

EVEN = frozenset({"abs", "cos", "cosh"})
ODD = frozenset({"sin", "tan", "sinh", "tanh", "asin", "atan", "asinh", "atanh", "erf", "sign"})


def equal(left: Expr, right: Expr) -> bool:
    """Whether the canonical forms agree: then left = right for all values of everything that is free.

    >>> from tensorderiv.algebra.expression import Tensor
    >>> x, y = Element(Tensor("x")), Element(Tensor("y"))
    >>> equal(power(sub(x, y), 2), add(power(x, 2), mul(number(-2), x, y), power(y, 2)))
    True
    """
    return canonical(sub(left, right)) == ZERO


MOST_PASSES = 12
"""Passes until the form repeats; two or three are the rule."""


@lru_cache(maxsize=50_000)
def canonical(expr: Expr) -> Expr:
    """The canonical form; idempotent, and blind to the order of terms and factors and to the names of bound indices."""
    current = expr
    for _ in range(MOST_PASSES):
        after = _pass(contract(current))
        if after == current:
            break
        current = after
    return current


def _pass(expr: Expr) -> Expr:
    """Multiply out, settle each monomial, add up equal ones, sort."""
    collected: dict[Monomial, Fraction] = {}
    for term in _expand(expr):
        settled = _settle(term)
        bare = replace(settled, coefficient=Fraction(1))
        collected[bare] = collected.get(bare, Fraction(0)) + settled.coefficient
    return cast(Expr, resort(add(*(_expr(m, c) for m, c in collected.items() if c))))


def _expr(term: Monomial, coefficient: Fraction) -> Expr:
    factors = [power(base, exponent) for base, exponent in term.factors]
    condition = both(*term.conditions)
    if condition is not None and not term.indices:
        return mul(number(coefficient), *factors, Bracket(condition))
    return mul(number(coefficient), total(term.indices, mul(*factors), condition))


def _expand(expr: Expr) -> list[Monomial]:
    """Monomials whose factors are canonical atoms; bound indices are not yet named by position."""
    match expr:
        case Number(value):
            return [Monomial(value)] if value else []
        case Add(terms):
            return [m for term in terms for m in _expand(term)]
        case Mul(factors):
            return _product([_expand(f) for f in factors])
        case Pow(base, Number(value)):
            return _power(base, value)
        case Pow(base, exponent):
            return _symbolic_power(base, canonical(exponent))
        case Function("sqrt", (u,)):
            return _power(u, Fraction(1, 2))
        case Function(name, args):
            return _function(name, args)
        case Reduction("sum", indices, body, condition):
            return _sum(indices, body, condition)
        case Bracket(condition):
            return [Monomial(Fraction(1), conditions=tuple(_conjuncts(condition)))]
        case KroneckerDelta(left, right) if repr(right) < repr(left):
            return _atom(KroneckerDelta(right, left))
        case CopyTensor(subscripts):
            return _atom(CopyTensor(tuple(sorted(set(subscripts), key=repr))))
        case Reduction() | ArgReduction():
            return _atom(cast(Expr, _canonical_parts(by_height(_canonical_parts(expr)))))
    return _atom(cast(Expr, _canonical_parts(expr)))


def _atom(expr: Expr) -> list[Monomial]:
    return [Monomial(Fraction(1), factors=((expr, Fraction(1)),))]


def _canonical_parts(node: Node) -> Node:
    def change(part: Node) -> Node:
        if isinstance(part, Element):
            return part
        return canonical(part) if isinstance(part, Expr) else canonical_condition(part)

    return rebuild(node, change)


def canonical_condition(condition: Condition) -> Condition:
    """Sides canonical; = and != with sides in order; < for >."""
    if isinstance(condition, Compare):
        op, left, right = condition.op, canonical(condition.left), canonical(condition.right)
        if op in (">", ">="):
            op, left, right = ("<" if op == ">" else "<="), right, left
        if op in ("=", "!=") and repr(right) < repr(left):
            left, right = right, left
        return Compare(op, left, right)
    made = cast(Condition, rebuild(condition, lambda part: canonical_condition(cast(Condition, part))))
    items = sorted(set(cast("Iterable[Condition]", parts(made))), key=repr)
    return type(made)(tuple(items)) if len(items) > 1 else items[0]  # type: ignore[call-arg]


def _conjuncts(condition: Condition) -> Iterator[Condition]:
    made = canonical_condition(condition)
    yield from made.parts if isinstance(made, And) else (made,)


def _sum(indices: tuple[Index, ...], body: Expr, condition: Condition | None) -> list[Monomial]:
    where = tuple(_conjuncts(condition)) if condition is not None else ()
    names = {index.name for index in indices} | {index.name for part in where for index in free_indices(part)}
    return [
        Monomial(m.coefficient, indices + m.indices, where + m.conditions, m.factors)
        for m in (apart(m, names) for m in _expand(body))
    ]


def _product(lists: list[list[Monomial]]) -> list[Monomial]:
    result = [Monomial(Fraction(1))]
    for choices in lists:
        result = [times(a, b) for a in result for b in choices]
    return result


def _power(base: Expr, exponent: Fraction) -> list[Monomial]:
    inner = _expand(base)
    if exponent.denominator == 1 and 0 <= exponent <= MOST_EXPANDED and all(not m.indices for m in inner):
        return _product([inner] * int(exponent))
    if exponent.denominator == 1 and 0 <= exponent <= 3:
        return _product([inner] * int(exponent))
    whole = canonical(base)
    if isinstance(whole, Number) and whole.value and exponent.denominator == 1:
        return [Monomial(whole.value ** int(exponent))]
    if len(inner) == 1 and not inner[0].indices and not inner[0].conditions and exponent.denominator == 1:
        (only,) = inner
        factors = tuple((b, e * exponent) for b, e in only.factors)
        return [Monomial(only.coefficient ** int(exponent), factors=factors)]
    if exponent.denominator == 1:
        content, rest = _primitive(whole)
        return [Monomial(content ** int(exponent), factors=((rest, exponent),))]
    return [Monomial(Fraction(1), factors=((whole, exponent),))]


def _symbolic_power(base: Expr, exponent: Expr) -> list[Monomial]:
    """x^(a + 2) as x^a x^2: whole numbers in the exponent are powers of their own."""
    if isinstance(exponent, Number):
        return _power(base, exponent.value)
    terms = exponent.terms if isinstance(exponent, Add) else (exponent,)
    whole = sum((t.value for t in terms if isinstance(t, Number)), Fraction(0))
    rest = add(*(t for t in terms if not isinstance(t, Number)))
    raised = _atom(Pow(canonical(base), rest))
    return _product([raised, _power(base, whole)]) if whole else raised


def _primitive(whole: Expr) -> tuple[Fraction, Expr]:
    """A canonical sum as its leading coefficient and the sum with leading coefficient 1."""
    first = whole.terms[0] if isinstance(whole, Add) else whole
    lead = next((f.value for f in (first.factors if isinstance(first, Mul) else (first,)) if isinstance(f, Number)), Fraction(1))
    if lead in (0, 1):
        return Fraction(1), whole
    return lead, canonical(mul(number(1 / lead), whole))


def _function(name: str, args: tuple[Expr, ...]) -> list[Monomial]:
    done = tuple(canonical(arg) for arg in args)
    if name == "log" and isinstance(done[0], Function) and done[0].name == "exp":
        return _expand(done[0].args[0])
    if name == "log" and isinstance(done[0], MatrixFunction) and done[0].name == "det":
        return _atom(MatrixFunction("logdet", done[0].matrix))
    if name == "exp" and done[0] == ZERO:
        return [Monomial(Fraction(1))]
    if name == "relu":
        return _atom(Function("max", tuple(sorted((ZERO, done[0]), key=sort_key))))
    if name == "log2":
        return _product([_function("log", done), _power(call("log", number(2)), Fraction(-1))])
    if name in ("max", "min"):
        return _atom(Function(name, tuple(sorted(done, key=sort_key))))
    if name in EVEN or name in ODD:
        content, _ = _primitive(done[0])
        if content < 0:
            flipped = canonical(mul(number(-1), done[0]))
            sign = Fraction(-1) if name in ODD else Fraction(1)
            return [Monomial(sign, factors=((Function(name, (flipped,)), Fraction(1)),))]
    return _atom(Function(name, done))


def _settle(term: Monomial) -> Monomial:
    """Merge equal bases and exponentials, write free deltas one way, count lone indices, name bound indices by position."""
    term = _merge(written_by_first(_merge(term), _recanonical))
    used = used_indices(term)
    lone = [index for index in term.indices if index not in used]
    factors = term.factors + tuple((_count(index), Fraction(1)) for index in lone)
    kept = tuple(index for index in term.indices if index in used)
    return name_by_position(_merge(Monomial(term.coefficient, kept, term.conditions, factors)))


def _count(index: Index) -> Expr:
    return Size(index.extent) if isinstance(index.extent, str) else number(index.extent)


def _merge(term: Monomial) -> Monomial:
    """Exponents of equal bases added, exponentials multiplied into one, indicators idempotent, numbers into the coefficient."""
    coefficient = term.coefficient
    exponents: dict[Expr, Fraction] = {}
    inside_exp: list[Expr] = []
    conditions, deltas = _deltas_among(term.conditions)
    for base, exponent in (*term.factors, *((d, Fraction(1)) for d in deltas)):
        if isinstance(base, Number) and exponent.denominator == 1 and (base.value or exponent > 0):
            coefficient *= base.value ** int(exponent)
        elif isinstance(base, Function) and base.name == "exp":
            inside_exp.append(mul(number(exponent), base.args[0]))
        elif isinstance(base, (KroneckerDelta, CopyTensor)):
            exponents[base] = Fraction(1)
        else:
            exponents[base] = exponents.get(base, Fraction(0)) + exponent
    if inside_exp:
        merged = canonical(add(*inside_exp))
        if merged != ZERO:
            exponents[Function("exp", (merged,))] = Fraction(1)
    factors = tuple((base, e) for base, e in exponents.items() if e and base != ONE)
    return Monomial(coefficient, term.indices, conditions, factors)


def _deltas_among(conditions: tuple[Condition, ...]) -> tuple[tuple[Condition, ...], tuple[Expr, ...]]:
    """[i = j] is delta_ij: equalities of indices leave the conditions. The others are canonical, each once."""
    kept: dict[Condition, None] = {}
    deltas: dict[Expr, None] = {}
    for condition in map(canonical_condition, conditions):
        match condition:
            case Compare("=", Position(left), Position(right)):
                deltas[KroneckerDelta(*sorted((left, right), key=repr)) if left != right else ONE] = None
            case _:
                kept[condition] = None
    return tuple(kept), tuple(deltas)


def _recanonical(term: Monomial) -> Monomial:
    """After a substitution the atoms are brought to canonical form again, and multiplied in."""
    expanded = _product([_power(base, exponent) for base, exponent in term.factors])
    if len(expanded) != 1 or expanded[0].indices:
        return term
    (only,) = expanded
    return Monomial(term.coefficient * only.coefficient, term.indices, term.conditions + only.conditions, only.factors)
