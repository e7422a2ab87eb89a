"""The numbers that two expressions name: where a value bends or jumps, a random point has to lie beside them to see it.

relu(x_i - 100) is 0 at every small x_i, a sum over i > 5 is empty for small sizes, and [c_i = 7] needs a label 7.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from random import Random

from tensorderiv.algebra.expression import (
    Compare,
    CopyTensor,
    Element,
    Function,
    KroneckerDelta,
    Node,
    Number,
    Position,
    Pow,
    Reduction,
    Size,
)
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.traverse import parts, subscripts_of, walk
from tensorderiv.equality.claim import Claim

USUAL = frozenset({Fraction(0), Fraction(1, 2), Fraction(1), Fraction(2)})
"""Magnitudes on both sides of which every manner of drawing draws."""

MOST_NUMBERS = 12
LONGEST = 12
"""The largest size an extent is given because a number is compared with its indices."""

CAPS = {0: Fraction(10**12), 1: Fraction(10**12), 2: Fraction(1000)}
"""The largest number drawn, by how many functions stand within one another: exp(exp(10^6)) takes half a minute."""

FLAT = frozenset({"abs", "sign", "floor", "max", "min", "relu", "log", "log1p", "log2", "sqrt", "asinh", "atan", "erf"})
"""Functions of a large number that are not larger than it."""


@dataclass(frozen=True)
class Landmarks:
    """Magnitudes that entries lie near to, sizes of extents and greatest labels that reach beyond what they are compared with."""

    numbers: tuple[Fraction, ...] = ()
    sizes: Mapping[str, int] | None = None
    labels: Mapping[str, int] | None = None

    def __bool__(self) -> bool:
        return bool(self.numbers or self.sizes or self.labels)

    def entry(self, random: Random, *, generic: bool) -> Fraction:
        """A number at, beside, between, or beyond the landmarks, of either sign; sometimes a small one."""
        kind = random.choice(("at", "beside", "between", "beyond", "beyond", "small"))
        if kind == "small" or not self.numbers:
            return Fraction(random.randint(1, 1999), 997) if generic else Fraction(random.randint(-3, 5))
        place = random.randrange(len(self.numbers))
        number, below = self.numbers[place], self.numbers[place - 1] if place else Fraction(0)
        little = random.choice((-1, 1)) * Fraction(random.randint(1, 50), 997)
        share = Fraction(random.randint(50, 947), 997)
        match kind:
            case "at":
                value = number * (1 + little / 50) if generic else number
            case "beside":
                step = random.choice((-1, 1)) * min(Fraction(1), number / 2)
                value = number + step * (share if generic else 1)
            case "between":
                value = below + (number - below) * (share if generic else Fraction(1, 2))
            case _:
                value = number * (1 + share * 2 if generic else 2)
        return random.choice((-1, 1)) * value

    def label(self, name: str, count: int, random: Random) -> int:
        """A label below `count`: often the one that a number is compared with, or a neighbour."""
        top = (self.labels or {}).get(name)
        if top is None or random.random() < 0.5:
            return random.randrange(count)
        return min(max(0, top + random.choice((-1, 0, 0, 1))), count - 1)


def landmarks(claim: Claim) -> Landmarks:
    r"""The landmarks of both sides, of the names they speak of, and of default values.

    >>> from tensorderiv.language import read
    >>> program = read("labels c[n]\nL = sum_{i: i > 5} [c_i = 7] relu(x_i - 100)")
    >>> found = landmarks(Claim.within(program, program.output.body, program.output.body))
    >>> [str(number) for number in found.numbers], found.sizes, found.labels
    (['5', '7', '10', '100', '3500'], {'n': 7}, {'c': 7})
    """
    expressions = [expr for side in (claim.left, claim.right) for expr in side.expressions]
    found = {abs(number.value) for expr in expressions for number in _numbers(expr)}
    found |= {abs(item.default) for item in claim.needed if item.default is not None}
    sizes: dict[str, int] = {}
    labels: dict[str, int] = {}
    extents = {item.tensor.name: item.label_extent for item in claim.needed if item.tensor.integer}
    for expr in expressions:
        for node in walk(expr):
            for value, extent, name in _compared(node):
                if name is not None:
                    labels[name] = max(labels.get(name, 0), value)
                    extent = extents.get(name)
                if isinstance(extent, str) and value + 2 <= LONGEST:
                    sizes[extent] = max(sizes.get(extent, 0), value + 2)
    cap = CAPS.get(_height(claim), Fraction(0))
    return Landmarks(_magnitudes(found, cap), sizes, labels)


def _numbers(node: Node) -> Iterator[Number]:
    """The numbers of an expression, without exponents."""
    if isinstance(node, Number):
        yield node
    for part in parts(node):
        if not (isinstance(node, Pow) and part is node.exponent and isinstance(part, Number)):
            yield from _numbers(part)


def _magnitudes(found: set[Fraction], cap: Fraction) -> tuple[Fraction, ...]:
    """The numbers, the roots of squares, the reciprocals of factors such as 1/100, and the product of all, up to the cap."""
    told = sorted(found - USUAL)[:MOST_NUMBERS]
    if not told:
        return ()
    large = [max(number, 1 / number) for number in told]
    beyond = min(math.prod(large, start=Fraction(1)), Fraction(10**6))
    reciprocals = [number for number in large if number <= 10**6]
    roots = [Fraction(math.isqrt(int(x))) for x in told if x.denominator == 1 and math.isqrt(int(x)) ** 2 == x]
    return tuple(sorted(number for number in {*told, *reciprocals, *roots, beyond} if 0 < number <= cap))


def _compared(node: Node) -> Iterator[tuple[int, str | int | None, str | None]]:
    """(number, extent, None) or (number, None, label tensor) for what a number meets in a comparison, function or delta."""
    whole: set[int] = set()
    if isinstance(node, KroneckerDelta | CopyTensor):
        subscripts = subscripts_of(node)
        whole = {sub for sub in subscripts if isinstance(sub, int)}
        met: list[tuple[str | int | None, str | None]] = [(sub.extent, None) for sub in subscripts if isinstance(sub, Index)]
        met += [(None, sub.tensor.name) for sub in subscripts if isinstance(sub, Element)]
    elif isinstance(node, Compare | Function):
        for number in _numbers(node):
            size = abs(number.value) or Fraction(1)
            whole |= {math.floor(size), math.floor(1 / size)}
        inner = list(walk(node))
        met = [(part.index.extent, None) for part in inner if isinstance(part, Position) and isinstance(part.index, Index)]
        met += [(part.extent, None) for part in inner if isinstance(part, Size)]
        met += [(None, part.tensor.name) for part in inner if isinstance(part, Element) and part.tensor.integer]
    else:
        return
    for value in sorted(whole):
        if value > 1:
            yield from ((value, extent, name) for extent, name in met)


def _height(claim: Claim) -> int:
    """How many functions that may grow stand within one another, those in named quantities counted with them."""
    names: dict[str, int] = {}

    def height(node: Node) -> int:
        inside = max((height(part) for part in parts(node)), default=0)
        if isinstance(node, Element):
            return max(inside, names.get(node.tensor.name, 0))
        grows = (isinstance(node, Function) and node.name not in FLAT) or (isinstance(node, Reduction) and node.op == "logsumexp")
        return inside + (grows or (isinstance(node, Pow) and not isinstance(node.exponent, Number)))

    highest = 0
    for side in (claim.left, claim.right):
        names.clear()
        for statement in side.used:
            names[statement.tensor.name] = height(statement.body)
        highest = max(highest, height(side.expr))
    return highest
