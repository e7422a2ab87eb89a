"""Monomials, the terms of a canonical form: how they are multiplied, renamed, and how their bound indices are named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import islice, permutations, product
from typing import cast

from tensorderiv.algebra.build import mul
from tensorderiv.algebra.expression import (
    Add,
    And,
    Compare,
    Condition,
    CopyTensor,
    Expr,
    KroneckerDelta,
    Mul,
    Node,
    Number,
    Or,
    Subscript,
)
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.traverse import bottom_up, bound_indices, free_indices, parts, rebind, substitute

MOST_ORDERS = 120
"""Bound indices of one monomial that look alike are named by trying their orders, up to this many."""


@dataclass(frozen=True)
class Monomial:
    """coefficient * sum_{indices: conditions} product of base^exponent."""

    coefficient: Fraction
    indices: tuple[Index, ...] = ()
    conditions: tuple[Condition, ...] = ()
    factors: tuple[tuple[Expr, Fraction], ...] = ()


def times(a: Monomial, b: Monomial) -> Monomial:
    b = apart(b, names_of(a))
    a = apart(a, names_of(b))
    return Monomial(a.coefficient * b.coefficient, a.indices + b.indices, a.conditions + b.conditions, a.factors + b.factors)


def names_of(term: Monomial) -> set[str]:
    names = {index.name for index in term.indices}
    for base, _ in term.factors:
        names |= {index.name for index in free_indices(base)}
    for condition in term.conditions:
        names |= {index.name for index in free_indices(condition)}
    return names


def apart(term: Monomial, names: set[str]) -> Monomial:
    """Bound indices renamed away from `names`."""
    used = set(names) | names_of(term)
    renaming: dict[Index, Subscript] = {}
    for index in term.indices:
        if index.name in names:
            count = 0
            while f"{index.name}~{count}" in used:
                count += 1
            renaming[index] = Index(f"{index.name}~{count}", index.extent)
            used.add(f"{index.name}~{count}")
    return rename(term, renaming) if renaming else term


def rename(term: Monomial, mapping: Mapping[Index, Subscript]) -> Monomial:
    """Substitute indices in a monomial; bound ones are renamed along."""
    indices = tuple(cast(Index, mapping.get(index, index)) for index in term.indices)
    conditions = tuple(cast(Condition, substitute(c, mapping)) for c in term.conditions)
    factors = tuple((cast(Expr, substitute(base, mapping)), exponent) for base, exponent in term.factors)
    return Monomial(term.coefficient, indices, conditions, factors)


def used_indices(term: Monomial) -> set[Index]:
    used: set[Index] = set()
    for base, _ in term.factors:
        used |= set(free_indices(base))
    for condition in term.conditions:
        used |= set(free_indices(condition))
    return used


def height(node: Node) -> int:
    """How deep reductions are nested inside."""
    inside = max((height(part) for part in parts(node)), default=0)
    return inside + (1 if bound_indices(node) else 0)


def by_height(node: Node) -> Node:
    """A reduction whose bound indices are named by its height and their position: independent of the names written."""
    level = height(node)
    return rebind(node, {index: Index(f"@{level}.{place}", index.extent) for place, index in enumerate(bound_indices(node))})


def name_by_position(term: Monomial) -> Monomial:
    """Bound indices named @h.0, @h.1, ... in the order that makes the written monomial smallest."""
    level = 1 + max([height(base) for base, _ in term.factors] + [height(c) for c in term.conditions], default=0)
    orders = islice(_orders(term), MOST_ORDERS)
    return min((named(term, order, level) for order in orders), key=lambda m: repr((m.indices, m.factors, m.conditions)))


def _orders(term: Monomial) -> Iterator[tuple[Index, ...]]:
    """The orders to try: by what stands around each index, and all orders of those that look alike."""
    if len(term.indices) < 2:
        yield term.indices
        return
    looks: dict[str, list[Index]] = {}
    for index in term.indices:
        looks.setdefault(_surroundings(term, index), []).append(index)
    groups = [looks[look] for look in sorted(looks)]
    for choice in product(*(permutations(group) for group in groups)):
        yield tuple(index for group in choice for index in group)


def _surroundings(term: Monomial, index: Index) -> str:
    """What the monomial looks like from one of its bound indices, whatever the names of the others."""
    mapping: dict[Index, Subscript] = {other: Index("@other", other.extent) for other in term.indices}
    moved = rename(Monomial(Fraction(1), (), term.conditions, term.factors), mapping | {index: Index("@mine", index.extent)})
    factors = sorted((repr(resort(base)), exponent) for base, exponent in moved.factors)
    return repr((index.extent, factors, sorted(repr(resort(condition)) for condition in moved.conditions)))


def named(term: Monomial, order: tuple[Index, ...], level: int) -> Monomial:
    renaming: dict[Index, Subscript] = {index: Index(f"@{level}.{place}", index.extent) for place, index in enumerate(order)}
    moved = rename(Monomial(term.coefficient, order, term.conditions, term.factors), renaming)
    factors = tuple(sorted(((cast(Expr, resort(b)), e) for b, e in moved.factors), key=factor_key))
    conditions = tuple(sorted((cast(Condition, resort(c)) for c in moved.conditions), key=sort_key))
    return Monomial(moved.coefficient, moved.indices, conditions, factors)


def resort(node: Node) -> Node:
    """Terms, factors and symmetric pairs in the order of their keys, everywhere: a renaming may have changed it."""

    def change(part: Node) -> Node:
        match part:
            case Add(terms):
                return Add(tuple(sorted(terms, key=term_key)))
            case Mul(factors):
                return Mul(tuple(sorted(factors, key=sort_key)))
            case KroneckerDelta(left, right):
                return KroneckerDelta(*sorted((left, right), key=repr))
            case CopyTensor(subscripts):
                return CopyTensor(tuple(sorted(subscripts, key=repr)))
            case Compare("=" | "!=" as op, left_side, right_side):
                return Compare(op, *sorted((left_side, right_side), key=sort_key))
            case And(items) | Or(items):
                return type(part)(tuple(sorted(items, key=sort_key)))
        return part

    return bottom_up(node, change)


@lru_cache(maxsize=50_000)
def sort_key(node: Node) -> str:
    return repr(node)


def term_key(term: Node) -> tuple[str, str]:
    """Terms are ordered without regard to their coefficient, so that a sum and its negative have the same order."""
    if isinstance(term, Mul):
        return sort_key(mul(*(f for f in term.factors if not isinstance(f, Number)))), sort_key(term)
    return sort_key(term), ""


def factor_key(item: tuple[Expr, Fraction]) -> tuple[str, Fraction]:
    return sort_key(item[0]), item[1]
