r"""What the declared names are: inputs with their domains, or arrays given by a rule.

Domains that the algebra draws from are used as they are (positive, simplex, unit rows, symmetric, positive definite). The others
are built from free inputs, so that every drawn point lies in them:

    antisymmetric  A = B - B^T        orthogonal  Q = (I - S) (I + S)^{-1}, S antisymmetric (Cayley)
    one-hot        y_i = [i = c]      zero diagonal  A_ij = B_ij [i != j]       unit columns  A_ij = B_ji, B with unit rows
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from typing import TypeAlias

from tensorderiv.algebra import build
from tensorderiv.algebra.expression import (
    Bracket,
    Compare,
    Element,
    Expr,
    KroneckerDelta,
    MatrixFunction,
    Position,
    Tensor,
)
from tensorderiv.algebra.index import Extent, Index
from tensorderiv.algebra.program import Domain, DomainKind, Input, Statement
from tensorderiv.checker.case import Symbol, Value
from tensorderiv.checker.reading import normal
from tensorderiv.checker.tree import Definition
from tensorderiv.errors import SyntaxProblem

DEGREE = 4
"""An unspecified smooth function is judged as a polynomial with free coefficients, of this degree in each argument."""
REAL = Domain()


@dataclass(frozen=True)
class Known:
    """A tensor with values; its first `family` axes name the member."""

    tensor: Tensor
    family: int = 0


@dataclass(frozen=True)
class Rule:
    """An array of ones, an identity, ...: given by its subscripts alone. The first `family` subscripts name the member."""

    value: Value
    extents: tuple[Extent, ...]
    family: tuple[Extent, ...] = ()


@dataclass(frozen=True)
class Unspecified:
    """A smooth function that nothing is said about; `coefficients` are those of the polynomial it is judged as."""

    coefficients: Tensor
    arity: int


@dataclass(frozen=True)
class Defined:
    """A name that a definition gives: a tensor of the program, or (tensor None) read again at each use."""

    definition: Definition
    tensor: Tensor | None = None
    order: int = 0
    row: bool = False


Entity: TypeAlias = Known | Rule | Unspecified | Defined

KINDS: dict[str, DomainKind] = {
    "positive": "positive",
    "nonnegative": "nonnegative",
    "unit_interval": "interval",
    "simplex": "simplex",
    "simplex_rows": "simplex",
    "unit_norm": "sphere",
    "unit_rows": "sphere",
    "unit_columns": "sphere",
    "positive_definite": "spd",
}

SQUARE = frozenset({"symmetric", "antisymmetric", "positive_definite", "invertible"})


def identifier(spelling: str, taken: Iterable[str] = ()) -> str:
    r"""A plain name for a LaTeX spelling: what is left of it without signs.

    >>> identifier(r"\mu_0"), identifier(r"{\tt1}"), identifier("x'"), identifier("X", ["X"])
    ('mu0', 'tt1', 'xprime', 'X2')
    """
    plain = _plain(spelling)
    used, name, number = set(taken), plain, 2
    while name in used:
        name, number = f"{plain}{number}", number + 1
    return name


@cache
def _plain(spelling: str) -> str:
    plain = re.sub(r"[^A-Za-z0-9]+", "", spelling.replace("'", "prime")) or "x"
    return plain if plain[0].isalpha() else f"x{plain}"


class Declarations:
    """The symbols of a case as inputs and statements."""

    def __init__(self, symbols: Iterable[Symbol], indices: Mapping[str, Extent]) -> None:
        self.indices = indices
        self.entities: dict[str, Entity] = {}
        self.inputs: list[Input] = []
        self.statements: list[Statement] = []
        self._taken: set[str] = set()
        for symbol in symbols:
            self.entities[normal(symbol.name)] = self._entity(symbol)

    def name(self, spelling: str) -> str:
        """A fresh plain name."""
        found = identifier(spelling, self._taken)
        self._taken.add(found)
        return found

    def input(self, spelling: str, extents: tuple[Extent, ...], domain: Domain = REAL, labels: Extent | None = None) -> Tensor:
        tensor = Tensor(self.name(spelling), extents, integer=labels is not None or domain.kind == "labels")
        self.inputs.append(Input(tensor, domain, label_extent=labels))
        return tensor

    def ranges_over(self, labels: Tensor, extent: Extent) -> None:
        """Labels that stand as an index of that extent are among its values."""
        for place, item in enumerate(self.inputs):
            if item.tensor == labels and item.label_extent is None:
                self.inputs[place] = replace(item, label_extent=extent)

    def _entity(self, symbol: Symbol) -> Entity:
        family = tuple(self._extent(letter, symbol) for letter in symbol.indices)
        match symbol.value:
            case "function":
                return Unspecified(self.input(symbol.name, (DEGREE + 1,) * max(symbol.arity, 1)), max(symbol.arity, 1))
            case "label":
                tensor = Tensor(self.name(symbol.name), family + symbol.shape, integer=True)
                self.inputs.append(Input(tensor, Domain("labels")))
                return Known(tensor, len(family))
            case None:
                return Known(self._array(symbol, family + symbol.shape), len(family))
        return Rule(symbol.value, symbol.shape, family)

    def _extent(self, letter: str, symbol: Symbol) -> Extent:
        letter = normal(letter)
        if letter not in self.indices:
            raise SyntaxProblem(f"{symbol.name}: {letter} is no declared index", hint=f'add "{letter}" to the indices')
        return self.indices[letter]

    def _array(self, symbol: Symbol, extents: tuple[Extent, ...]) -> Tensor:
        assumed = set(symbol.assume)
        square = next((word for word in symbol.assume if word in SQUARE), None)
        if square and (len(extents) < 2 or extents[-1] != extents[-2]):
            word, size = square.replace("_", " "), " x ".join(map(str, extents)) or "a number"
            raise SyntaxProblem(f"{symbol.name}: {word}, and its shape is {size}", hint=f"{word} means square")
        domain = self._domain(symbol)
        if assumed <= {"symmetric"} and assumed:
            return self.input(symbol.name, extents, Domain("symmetric"))
        axes = tuple(Index(name, extent) for name, extent in zip("abcdefgh", extents, strict=False))
        body = self._built(symbol, axes, domain)
        return self.input(symbol.name, extents, domain) if body is None else self.statement(symbol.name, axes, body)

    def _domain(self, symbol: Symbol) -> Domain:
        kinds = [KINDS[word] for word in symbol.assume if word in KINDS]
        if "positive_definite" in symbol.assume:
            return Domain("spd")
        if not kinds:
            return Domain()
        chosen = next((kind for kind in ("simplex", "sphere", "interval", "positive") if kind in kinds), kinds[0])
        return Domain("interval", Fraction(0), Fraction(1)) if chosen == "interval" else Domain(chosen)

    def _built(self, symbol: Symbol, axes: tuple[Index, ...], domain: Domain) -> Expr | None:
        """An entry of the array in terms of free inputs; None where the array is an input itself."""
        assumed = set(symbol.assume)
        extents = tuple(axis.extent for axis in axes)
        turned = axes[:-2] + axes[-2:][::-1]
        base: Expr | None = None
        if assumed & {"one_hot", "one_hot_rows"}:
            labels = self.input(f"{symbol.name} label", extents[:-1], Domain("labels"), labels=extents[-1])
            base = Bracket(Compare("=", Element(labels, axes[:-1]), Position(axes[-1])))
        elif "unit_columns" in assumed and len(extents) == 2:
            base = Element(self.input(f"{symbol.name} turned", extents[::-1], domain), turned)
        elif "orthogonal" in assumed and len(extents) == 2:
            base = self._cayley(symbol, axes)
        elif "orthogonal" in assumed:
            raise SyntaxProblem(f"{symbol.name}: orthogonal matrices, one for each {', '.join(symbol.indices)}, cannot be drawn")
        elif "antisymmetric" in assumed:
            free = self.input(f"{symbol.name} free", extents)
            base = build.sub(Element(free, axes), Element(free, turned))
        elif "symmetric" in assumed and domain.kind != "spd":
            free = self.input(f"{symbol.name} free", extents, domain)
            base = build.div(build.add(Element(free, axes), Element(free, turned)), build.TWO)
        if "on_diagonal_zero" in assumed and len(extents) >= 2:
            if base is None:
                base = Element(self.input(f"{symbol.name} free", extents, domain), axes)
            base = build.mul(base, Bracket(Compare("!=", Position(axes[-2]), Position(axes[-1]))))
        return base

    def _cayley(self, symbol: Symbol, axes: tuple[Index, ...]) -> Expr:
        (a, b), c = axes, Index("c", axes[0].extent)
        if a.extent != b.extent:
            raise SyntaxProblem(f"{symbol.name}: an orthogonal array of {a.extent} x {b.extent}", hint="orthogonal means square")
        free = self.input(f"{symbol.name} free", (a.extent, b.extent))
        skew = build.sub(Element(free, (a, b)), Element(free, (b, a)))
        minus = self.statement(f"{symbol.name} minus", axes, build.sub(KroneckerDelta(a, b), skew))
        plus = self.statement(f"{symbol.name} plus", axes, build.add(KroneckerDelta(a, b), skew))
        return build.total([c], build.mul(Element(minus, (a, c)), MatrixFunction("inv", plus, (c, b))))

    def statement(self, spelling: str, axes: tuple[Index, ...], body: Expr) -> Tensor:
        tensor = Tensor(self.name(spelling), tuple(axis.extent for axis in axes))
        self.statements.append(Statement(tensor, axes, body))
        return tensor
