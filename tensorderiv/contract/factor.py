"""Writing a sum as a person would: common factors in front, terms with the same delta together, like sums under one sign.

2 a delta_ik - 2 a delta_jk            ->  2 a (delta_ik - delta_jk)
a delta_ik + b delta_jk + c delta_ik   ->  (a + c) delta_ik + b delta_jk
sum_j g_j a_j - sum_m g_m b_m          ->  sum_j g_j (a_j - b_j)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd

from tensorderiv.algebra.build import MINUS_ONE, ONE, add, factors_of, mul, number, power, terms_of
from tensorderiv.algebra.expression import (
    Add,
    Constant,
    CopyTensor,
    Derivative,
    Element,
    Expr,
    KroneckerDelta,
    Mul,
    Number,
    Reduction,
    Size,
)
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.traverse import contains, free_indices, index_names, rename_bound, rewrite, substitute
from tensorderiv.contract.tidy import collect_terms, neg_terms, sign_free, split_coefficient, split_power

DELTAS = (KroneckerDelta, CopyTensor)


def factor(expr: Expr) -> Expr:
    """The expression with every sum of terms factored; meaning unchanged."""
    return rewrite(expr, lambda node: factor_terms(node) if isinstance(node, Add) else node, (Derivative,))


def factor_terms(node: Expr) -> Expr:
    """One sum of terms: like sums merged, common factors in front; else deltas multiplied out and the rest grouped by delta."""
    written = _collected(terms_of(node))
    if len(written) < 2:
        return add(*written)
    common, rests = common_factors(written)
    if common:
        return _in_front(common, factor_terms(add(*rests)))
    terms = _collected([piece for term in written for piece in _open_deltas(term)])
    if len(terms) < 2:
        return add(*terms)
    common, rests = common_factors(terms)
    if common:
        return _in_front(common, factor_terms(add(*rests)))
    groups: dict[frozenset[Expr], list[Expr]] = {}
    for term in terms:
        groups.setdefault(frozenset(f for f in factors_of(term) if isinstance(f, DELTAS)), []).append(term)
    if len(groups) in (1, len(terms)):
        return add(*terms)
    return add(*(factor_terms(add(*group)) if deltas else add(*group) for deltas, group in groups.items()))


def _collected(terms: Sequence[Expr]) -> list[Expr]:
    return list(terms_of(collect_terms(add(*_merge_sums(list(terms))))))


def _in_front(common: list[Expr], inner: Expr) -> Expr:
    """The common factors before what is left, deltas behind it."""
    deltas = [f for f in common if isinstance(f, DELTAS)]
    return mul(*(f for f in common if f not in deltas), inner, *deltas)


def in_written_order(expr: Expr) -> Expr:
    """Numbers, sizes and scalars first, deltas last; -(a - b) as b - a where that rids a product of its minus sign."""
    return rewrite(expr, lambda node: _order(_spread_minus(node)) if isinstance(node, Mul) else node, (Derivative,))


def _order(node: Expr) -> Expr:
    return mul(*sorted(factors_of(node), key=_rank))


def _rank(item: Expr) -> int:
    base, _ = split_power(item)
    if isinstance(base, (Number, Size, Constant)) or (isinstance(base, Element) and not base.subscripts):
        return 0
    return 2 if _is_indicator(base) else 1


def _is_indicator(base: Expr) -> bool:
    """A delta, a copy tensor, or a combination of them with numbers: delta_ik - delta_jk."""
    if isinstance(base, Add):
        return all(_is_indicator(f) or isinstance(f, Number) for term in base.terms for f in factors_of(term))
    return isinstance(base, DELTAS)


def _spread_minus(node: Expr) -> Expr:
    """-(a - b) c -> (b - a) c, and -((a - b) d + (e - f) g) -> (b - a) d + (f - e) g."""
    if not isinstance(node, Mul) or node.factors[0] != MINUS_ONE:
        return node
    for position, item in enumerate(node.factors[1:], start=1):
        flipped = _flip(item)
        if flipped is not None:
            return mul(*node.factors[1:position], flipped, *node.factors[position + 1 :])
    return node


def _flip(item: Expr) -> Expr | None:
    """The negative of a sum, where it is no longer to write than the sum."""
    if not isinstance(item, Add):
        return None
    negative = [split_coefficient(term)[0] < 0 for term in item.terms]
    if any(negative) and not all(negative) and len(item.terms) == 2:
        return neg_terms(item)
    inner = [_spread_minus(mul(MINUS_ONE, term)) for term in item.terms]
    if any(negative) or any(split_coefficient(term)[0] < 0 or not isinstance(term, Mul) for term in inner):
        return None
    return add(*inner)


def _open_deltas(term: Expr) -> list[Expr]:
    """c (a delta_ik + b delta_jk) as its terms, so that they can be grouped with others."""
    factors = factors_of(term)
    for position, item in enumerate(factors):
        if isinstance(item, Add) and any(isinstance(f, DELTAS) for t in item.terms for f in factors_of(t)):
            before, after = factors[:position], factors[position + 1 :]
            return [piece for t in item.terms for piece in _open_deltas(mul(*before, t, *after))]
    return [term]


@dataclass(frozen=True)
class Monomial:
    """c b1^e1 b2^e2 ...: differences are keyed up to their sign (`written` keeps the form they had)."""

    coefficient: Fraction
    powers: dict[Expr, Fraction]
    written: dict[Expr, Expr]

    @classmethod
    def of(cls, term: Expr) -> Monomial:
        coefficient, rest = split_coefficient(term)
        powers: dict[Expr, Fraction] = {}
        written: dict[Expr, Expr] = {}
        for item in factors_of(rest):
            base, exponent = split_power(item)
            if base == ONE:
                continue
            _, key = sign_free(base) if exponent.denominator == 1 else (1, base)
            powers[key] = powers.get(key, Fraction(0)) + exponent
            if written.setdefault(key, base) != base:
                coefficient *= (-1) ** int(exponent)
        return cls(coefficient, powers, written)

    def flip(self, base: Expr, form: Expr) -> int:
        """The sign between this term's form of the base and another one, raised to its exponent."""
        return 1 if self.written[base] == form else (-1) ** int(self.powers[base])


def common_factors(terms: list[Expr]) -> tuple[list[Expr], list[Expr]]:
    """The factors that all terms share, rational content and sign included, and what is left of each term."""
    table = [Monomial.of(term) for term in terms]
    first = table[0]
    shared: dict[Expr, Fraction] = {}
    for base, exponent in first.powers.items():
        others = [m.powers.get(base, Fraction(0)) for m in table]
        if all(o != 0 and (o > 0) == (exponent > 0) for o in others):
            shared[base] = min(others, key=abs)
    if not all((m.powers[b] - e).denominator == 1 and e.denominator == 1 for b, e in shared.items() for m in table):
        shared = {b: e for b, e in shared.items() if all(m.written[b] == first.written[b] for m in table)}
    coefficients = []
    for m in table:
        sign = 1
        for base in shared:
            sign *= m.flip(base, first.written[base])
        coefficients.append(m.coefficient * sign)
    content = _content(coefficients)
    if not shared and content == 1:
        return [], terms
    front = [power(first.written[base], exponent) for base, exponent in shared.items()]
    rests = []
    for m, coefficient in zip(table, coefficients, strict=True):
        left = []
        for base, exponent in m.powers.items():
            form = first.written[base] if base in shared else m.written[base]
            left.append(power(form, exponent - shared.get(base, Fraction(0))))
        rests.append(mul(number(coefficient / content), *left))
    return ([number(content)] if content != 1 else []) + front, rests


def _content(coefficients: list[Fraction]) -> Fraction:
    """The rational number in front: what all numerators share over a denominator that all have, negative where every term is.

    2 a - 4 b -> 2 (...),  a/2 - b/2 -> 1/2 (...),  but a + b/100 stays as it is.
    """
    denominators = {c.denominator for c in coefficients}
    below = denominators.pop() if len(denominators) == 1 else 1
    sign = -1 if all(c < 0 for c in coefficients) else 1
    return Fraction(sign * gcd(*(c.numerator for c in coefficients)), below)


def _merge_sums(terms: list[Expr]) -> list[Expr]:
    """c sum_j g_j a_j + e sum_m g_m b_m -> sum_j g_j (c a_j + e b_j)   where a factor that depends on the index is shared."""
    merged: list[Expr] = []
    for term in terms:
        for position, earlier in enumerate(merged):
            together = _merge(earlier, term)
            if together is not None:
                merged[position] = together
                break
        else:
            merged.append(term)
    return merged


def _sum_in(term: Expr) -> tuple[Expr, Reduction] | None:
    sums = [f for f in factors_of(term) if isinstance(f, Reduction) and f.op == "sum"]
    if len(sums) != 1 or contains(term, Derivative):
        return None
    return mul(*(f for f in factors_of(term) if f is not sums[0])), sums[0]


def _merge(first: Expr, second: Expr) -> Expr | None:
    left, right = _sum_in(first), _sum_in(second)
    if left is None or right is None:
        return None
    (outer, mine), (other_outer, theirs) = left, right
    if sorted(str(i.extent) for i in mine.indices) != sorted(str(i.extent) for i in theirs.indices):
        return None
    taken = index_names(first) | index_names(second)
    clear = rename_bound(theirs, list(theirs.indices), taken)
    assert isinstance(clear, Reduction)
    apart = rename_bound(mine, [i for i in mine.indices if i.name in index_names(other_outer)], taken | index_names(clear))
    assert isinstance(apart, Reduction)
    renaming = _pair(clear.indices, apart.indices)
    body = substitute(clear.body, renaming)
    condition = None if clear.condition is None else substitute(clear.condition, renaming)
    if condition != apart.condition:
        return None
    assert isinstance(body, Expr)
    pieces = [mul(outer, apart.body), mul(other_outer, body)]
    common, rests = common_factors(pieces)
    if not any(set(free_indices(f)) & set(apart.indices) for f in common if not isinstance(f, Mul)):
        return None
    return Reduction("sum", apart.indices, mul(*common, factor_terms(add(*rests))), apart.condition)


def _pair(theirs: tuple[Index, ...], mine: tuple[Index, ...]) -> dict[Index, Index]:
    """Their indices in terms of mine, extent by extent, in order."""
    left = list(mine)
    pairs: dict[Index, Index] = {}
    for index in theirs:
        partner = next(i for i in left if i.extent == index.extent)
        left.remove(partner)
        pairs[index] = partner
    return pairs
