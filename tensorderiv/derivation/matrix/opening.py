"""Products multiplied out into terms: the bound indices of all sums in front, then factors of at most two indices.

A factor of one or two indices is a vector or a matrix as it stands; one of three or more has to be taken apart:

    sum_j (X_kl - X_jl) M_kj  ->  sum_j X_kl M_kj,  - sum_j X_jl M_kj
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import count, product

from tensorderiv.algebra.build import power
from tensorderiv.algebra.expression import (
    Add,
    And,
    Bracket,
    Condition,
    CopyTensor,
    Expr,
    Function,
    KroneckerDelta,
    Mul,
    Number,
    Pow,
    Reduction,
)
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.traverse import free_indices, rebind
from tensorderiv.derivation.matrix.refusal import NoMatrixForm
from tensorderiv.simplify.tidy import split_power

MOST_TERMS = 400
"""A product that has more terms when multiplied out is not written as a matrix expression."""


@dataclass(frozen=True)
class Term:
    """sum over the bound indices of the product of the factors."""

    bound: tuple[Index, ...] = ()
    factors: tuple[Expr, ...] = ()

    def __mul__(self, other: Term) -> Term:
        return Term(self.bound + other.bound, self.factors + other.factors)


@dataclass
class Opener:
    """`wide` multiplies out every product of sums, not only those that must be."""

    wide: bool = False
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def fresh(self, index: Index) -> Index:
        """An index that stands nowhere else: the mark ~ is no letter of the language."""
        return Index(f"{index.name.split('~')[0]}~{next(self.numbers)}", index.extent)

    def terms(self, expr: Expr) -> list[Term]:
        """The terms of an expression. Raises NoMatrixForm where there are too many."""
        return [_settled(term) for term in self._open(expr)]

    def _open(self, expr: Expr) -> list[Term]:
        match expr:
            case Number(value) if value == 0:
                return []
            case Add(terms):
                return [made for term in terms for made in self._open(term)]
            case Mul(factors):
                return self._multiply([self._factor(factor) for factor in factors])
            case Reduction("sum", indices, _, _):
                fresh = {index: self.fresh(index) for index in indices}
                renamed = rebind(expr, fresh)
                assert isinstance(renamed, Reduction)
                where = [Bracket(part) for part in _conjuncts(renamed.condition)]
                return [Term(renamed.indices, tuple(where)) * inner for inner in self._open(renamed.body)]
            case CopyTensor((first, *others)):
                return [Term((), tuple(KroneckerDelta(first, other) for other in others))]
            case Pow(base, Number(exponent)) if exponent in (2, 3) and len(free_indices(expr)) > 2:
                return self._multiply([self._open(base) for _ in range(int(exponent))])
            case Pow(Mul(factors), Number(exponent) as power_) if exponent.denominator == 1:
                return self._multiply([self._factor(Pow(factor, power_)) for factor in factors])
            case Function("exp", (Add(terms),)) if len(free_indices(expr)) > 2:
                return self._multiply([self._factor(Function("exp", (term,))) for term in terms])
        return [Term((), (expr,))]

    def _factor(self, expr: Expr) -> list[Term]:
        """A factor of a product: opened where it has more than two indices, kept whole otherwise."""
        if isinstance(expr, Mul | CopyTensor) or self.wide or len(free_indices(expr)) > 2:
            return self._open(expr)
        return [Term((), (expr,))]

    def _multiply(self, lists: list[list[Term]]) -> list[Term]:
        size = 1
        for choices in lists:
            size *= len(choices)
        if size > MOST_TERMS:
            raise NoMatrixForm(f"it has more than {MOST_TERMS} terms when multiplied out")
        made = []
        for choice in product(*lists):
            whole = Term()
            for part in choice:
                whole = whole * part
            made.append(whole)
        return made


def _conjuncts(condition: Condition | None) -> tuple[Condition, ...]:
    if condition is None:
        return ()
    return condition.parts if isinstance(condition, And) else (condition,)


def _settled(term: Term) -> Term:
    """Equal bases merged, so that P / P is gone; the number in front."""
    coefficient = Fraction(1)
    exponents: dict[Expr, Fraction] = {}
    for factor in term.factors:
        base, exponent = split_power(factor)
        if isinstance(base, Number) and exponent == 1:
            coefficient *= base.value
        elif isinstance(base, Bracket | KroneckerDelta):
            exponents[base] = Fraction(1)
        else:
            exponents[base] = exponents.get(base, Fraction(0)) + exponent
    factors = tuple(power(base, exponent) for base, exponent in exponents.items() if exponent)
    return replace(term, factors=(Number(coefficient), *factors) if coefficient != 1 else factors)
