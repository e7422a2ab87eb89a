"""How many entries: polynomials in the sizes, with whole coefficients, and written in factors as a person would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import gcd

from tensorderiv.algebra.build import add, mul, number, power
from tensorderiv.algebra.expression import Expr, Size
from tensorderiv.algebra.index import Extent

LARGEST_ROOT = 6
"""Factors (n - r) are looked for up to this r: a pattern of six indices has no larger one."""


@dataclass(frozen=True)
class Count:
    """A polynomial: exponents of `sizes`, in their order, to coefficients.

    >>> n = Count.of(("n",), "n")
    >>> print((n * n - n).expr)
    n (n - 1)
    """

    sizes: tuple[str, ...]
    terms: Mapping[tuple[int, ...], int]

    @classmethod
    def of(cls, sizes: tuple[str, ...], extent: Extent) -> Count:
        """One extent; a fixed one is a number."""
        if isinstance(extent, int):
            return cls(sizes, {(0,) * len(sizes): extent} if extent else {})
        return cls(sizes, {tuple(int(size == extent) for size in sizes): 1})

    @classmethod
    def falling(cls, sizes: tuple[str, ...], extent: Extent, blocks: int) -> Count:
        """n (n - 1) ... : how many ways there are to give `blocks` indices different values."""
        product = cls.of(sizes, 1)
        for taken in range(blocks):
            product = product * (cls.of(sizes, extent) - cls.of(sizes, taken))
        return product

    def __add__(self, other: Count) -> Count:
        terms = dict(self.terms)
        for exponents, coefficient in other.terms.items():
            terms[exponents] = terms.get(exponents, 0) + coefficient
        return Count(self.sizes, {e: c for e, c in terms.items() if c})

    def __sub__(self, other: Count) -> Count:
        return self + Count(self.sizes, {e: -c for e, c in other.terms.items()})

    def __mul__(self, other: Count) -> Count:
        terms: dict[tuple[int, ...], int] = {}
        for left, a in self.terms.items():
            for right, b in other.terms.items():
                exponents = tuple(x + y for x, y in zip(left, right, strict=True))
                terms[exponents] = terms.get(exponents, 0) + a * b
        return Count(self.sizes, {e: c for e, c in terms.items() if c})

    def at(self, values: Mapping[str, int]) -> int:
        """The number for given sizes."""
        total = 0
        for exponents, coefficient in self.terms.items():
            for size, exponent in zip(self.sizes, exponents, strict=True):
                coefficient *= values[size] ** exponent
            total += coefficient
        return total

    @property
    def expr(self) -> Expr:
        """In factors: 2 n (n - 1) d."""
        content = gcd(*self.terms.values()) if self.terms else 0
        if not content:
            return number(0)
        rest = Count(self.sizes, {e: c // content for e, c in self.terms.items()})
        factors: list[Expr] = [number(content)]
        for place, size in enumerate(self.sizes):
            for root in range(LARGEST_ROOT + 1):
                multiplicity = 0
                while (smaller := rest.divided(place, root)) is not None:
                    rest, multiplicity = smaller, multiplicity + 1
                if multiplicity:
                    factors.append(power(add(Size(size), number(-root)), multiplicity))
        return mul(*factors, rest._expanded())

    def divided(self, place: int, root: int) -> Count | None:
        """The quotient by (size - root), by Horner's scheme in that size; None where it does not divide."""
        degree = max((exponents[place] for exponents in self.terms), default=0)
        if degree == 0:
            return None
        quotient: dict[tuple[int, ...], int] = {}
        carried: dict[tuple[int, ...], int] = {}
        for exponent in range(degree, -1, -1):
            carried = {e: root * c for e, c in carried.items() if root * c}
            for exponents, coefficient in self.terms.items():
                if exponents[place] == exponent:
                    others = (*exponents[:place], 0, *exponents[place + 1 :])
                    carried[others] = carried.get(others, 0) + coefficient
            carried = {e: c for e, c in carried.items() if c}
            if exponent:
                quotient |= {(*e[:place], exponent - 1, *e[place + 1 :]): c for e, c in carried.items()}
        return None if carried else Count(self.sizes, quotient)

    def _expanded(self) -> Expr:
        ordered = sorted(self.terms.items(), key=lambda term: (-sum(term[0]), tuple(-e for e in term[0])))
        return add(*(mul(number(c), *self._monomial(exponents)) for exponents, c in ordered))

    def _monomial(self, exponents: Sequence[int]) -> list[Expr]:
        return [power(Size(size), exponent) for size, exponent in zip(self.sizes, exponents, strict=True) if exponent]


def total(sizes: tuple[str, ...], counts: Sequence[Count]) -> Count:
    """The sum, 0 for none."""
    found = Count(sizes, {})
    for count in counts:
        found = found + count
    return found


def product(sizes: tuple[str, ...], extents: Sequence[Extent]) -> Count:
    """The number of entries of an array."""
    found = Count.of(sizes, 1)
    for extent in extents:
        found = found * Count.of(sizes, extent)
    return found
