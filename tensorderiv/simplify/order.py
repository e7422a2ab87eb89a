"""The order in which a person writes: numbers, scalars, elements as in the definition, functions, deltas, sums last.

X_il D_ij 2  ->  2 D_ij X_il        -2 (a_j - b_j)  ->  2 (b_j - a_j)        (m - x_i) y  ->  -(x_i - m) y
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from tensorderiv.algebra.build import add, both, factors_of, mul, neg, number, power
from tensorderiv.algebra.expression import (
    Add,
    Bracket,
    Constant,
    Derivative,
    Element,
    Expr,
    Mul,
    Node,
    Number,
    Pow,
    Reduction,
    Size,
)
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.traverse import free_indices, rebuild, rewrite, walk
from tensorderiv.contract.laws import DELTAS
from tensorderiv.simplify.tidy import is_difference, neg_terms, split_coefficient, split_power

Heads = tuple[str, ...]


@dataclass(frozen=True)
class Hand:
    """How the author of a definition writes: the order of the names, the differences, and the free indices of what is written."""

    places: Mapping[str, int]
    differences: frozenset[tuple[Heads, Heads]]
    free: frozenset[Index] = frozenset()

    @classmethod
    def of(cls, statements: Sequence[Statement], free: Sequence[Index] = ()) -> Hand:
        """Read from the statements, the output first: names that are made of others stand before them."""
        places: dict[str, int] = {}
        differences: set[tuple[Heads, Heads]] = set()
        for statement in reversed(statements):
            for node in walk(statement.body):
                if isinstance(node, Element):
                    places.setdefault(node.tensor.name, len(places))
                if isinstance(node, Add) and is_difference(node):
                    first, second = node.terms
                    differences.add((_heads(first), _heads(second)))
        return cls(places, frozenset(differences), frozenset(free))


def in_written_order(expr: Expr, hand: Hand) -> Expr:
    """Factors in order, differences and signs as the author writes them; meaning unchanged."""
    ordered = rewrite(expr, lambda node: order_factors(node, hand) if isinstance(node, Mul) else node, (Derivative,))
    return _signs(ordered, hand, leading=True)


def order_factors(node: Expr, hand: Hand) -> Expr:
    """The factors by rank, the names among them in the order of the definition; brackets side by side are one."""
    ordered = sorted(factors_of(node), key=lambda item: rank(item, hand))
    brackets = [item for item in ordered if isinstance(item, Bracket)]
    if len(brackets) > 1:
        whole = both(*(item.condition for item in brackets))
        assert whole is not None
        place = ordered.index(brackets[0])
        ordered = [item for item in ordered if not isinstance(item, Bracket)]
        ordered.insert(place, Bracket(whole))
    return mul(*ordered)


def rank(item: Expr, hand: Hand) -> tuple[int, int]:
    """(kind, place in the definition): smaller stands first."""
    base, exponent = split_power(item)
    if isinstance(base, (Number, Size, Constant)) or (isinstance(base, Element) and not base.subscripts):
        return 0, 0
    if isinstance(base, Bracket):
        return 0, 1
    if isinstance(base, Element) and exponent > 0:
        return 1, hand.places.get(base.tensor.name, len(hand.places))
    if is_indicator(base):
        return 3, 0
    if isinstance(base, Reduction) and exponent == 1:
        return 4, 0
    return 2, 0


def is_indicator(base: Expr) -> bool:
    """A delta, a copy tensor, or a combination of them with numbers: delta_ik - delta_jk."""
    if isinstance(base, Add):
        return all(is_indicator(f) or isinstance(f, Number) for term in base.terms for f in factors_of(term)) and any(
            isinstance(f, DELTAS) for term in base.terms for f in factors_of(term)
        )
    return isinstance(base, DELTAS)


def _heads(term: Expr) -> Heads:
    """The names a term is made of."""
    return tuple(sorted({node.tensor.name for node in walk(term) if isinstance(node, Element)}))


def _is_settled(node: Add, hand: Hand) -> bool:
    """Whether there is one natural order: the entry with more free indices first, X_il before X_jl, or both are plain entries."""
    left, right = (len(hand.free & set(free_indices(term))) for term in node.terms)
    first, second = node.terms
    return all(_is_entry(term) for term in node.terms) and (left != right or _heads(first) == _heads(second))


def _is_entry(term: Expr) -> bool:
    return isinstance(split_coefficient(term)[1], Element)


def _is_preferred(node: Add, hand: Hand) -> bool:
    """Whether a difference stands as a person would write it; True where there is no telling."""
    first, second = node.terms
    left, right = (len(hand.free & set(free_indices(term))) for term in node.terms)
    if _is_settled(node, hand):
        return left > right if left != right else str(split_coefficient(first)[1]) <= str(split_coefficient(second)[1])
    mine, theirs = _heads(first), _heads(second)
    return not ((theirs, mine) in hand.differences and (mine, theirs) not in hand.differences)


def _signs(node: Expr, hand: Hand, leading: bool) -> Expr:
    """Differences the right way round; a minus sign in front of everything is taken into one of them."""
    if isinstance(node, Derivative):
        return node
    if isinstance(node, Add):
        terms = [_signs(term, hand, leading=place == 0) for place, term in enumerate(node.terms)]
        return _plus_first(terms)
    if isinstance(node, Mul) or (isinstance(node, Pow) and isinstance(node.base, Add) and isinstance(node.exponent, Number)):
        return _signed_product(factors_of(node), hand, leading)

    if isinstance(node, Reduction) and node.op == "sum":
        body = _signs(node.body, hand, leading=False)
        if split_coefficient(body)[0] < 0:
            return neg(replace(node, body=neg(body)))
        return replace(node, body=body)

    def change(part: Node) -> Node:
        return _signs(part, hand, leading=True) if isinstance(part, Expr) else part

    made = rebuild(node, change)
    assert isinstance(made, Expr)
    return made


def _plus_first(terms: list[Expr]) -> Expr:
    """b - a rather than -a + b."""
    signs = [split_coefficient(term)[0] > 0 for term in terms]
    if signs and not signs[0] and any(signs):
        first = signs.index(True)
        terms = [terms[first], *terms[:first], *terms[first + 1 :]]
    return add(*terms)


def _signed_product(items: tuple[Expr, ...], hand: Hand, leading: bool) -> Expr:
    sign = Fraction(1)
    factors: list[Expr] = []
    flippable: list[int] = []
    for item in items:
        base, exponent = split_power(item)
        if isinstance(base, Add):
            base = _signs(base, hand, leading=True)
            if is_difference(base) and not is_indicator(base) and exponent.denominator == 1:
                assert isinstance(base, Add)
                if not _is_preferred(base, hand):
                    base, sign = neg_terms(base), sign * (-1 if exponent % 2 else 1)
                assert isinstance(base, Add)
                if exponent == 1 and not _is_settled(base, hand):
                    flippable.append(len(factors))
            factors.append(power(base, exponent))
        else:
            factors.append(_signs(item, hand, leading=True))
    coefficient, _ = split_coefficient(mul(*factors))
    if leading and sign * coefficient < 0:
        flipped = _flipped(factors, flippable)
        if flipped is not None:
            factors, sign = flipped, -sign
    return mul(number(sign), *factors)


def _flipped(factors: list[Expr], flippable: list[int]) -> list[Expr] | None:
    """The negative of a product, by the last difference that may be turned round."""
    for place in reversed(flippable):
        turned = factors[place]
        assert isinstance(turned, Add)
        return [*factors[:place], neg_terms(turned), *factors[place + 1 :]]
    return None
