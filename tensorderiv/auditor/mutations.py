"""Slips that people make in a formula, each as the formula that results from it and the words for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from tensorderiv.algebra.build import add, mul, number, power
from tensorderiv.algebra.expression import Add, Element, Expr, Function, Mul, Number, Pow, Reduction, Tensor
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.traverse import bound_indices, free_indices, substitute_expr
from tensorderiv.auditor.places import Path, at, places, replaced

COUNTERPARTS = {"sin": "cos", "cos": "sin", "sinh": "cosh", "cosh": "sinh", "log": "log2", "log2": "log"}
"""Functions taken for one another."""

LEFT_OUT = frozenset({"abs", "sqrt", "sign", "log", "exp"})
"""Functions that are forgotten: the argument stands instead."""

POWERS = tuple(map(Fraction, ("-1", "1", "2", "3", "-2", "1/2", "-1/2", "3/2", "-3/2")))
"""Powers taken for one another."""

CHANGES = {
    "is missing": Fraction(0),
    "has its sign flipped": Fraction(-1),
    "is doubled": Fraction(2),
    "is halved": Fraction(1, 2),
}
"""What happens to a term, and the factor that it then has."""


@dataclass(frozen=True)
class Mutation:
    """A slip at one place of a formula. `subject`: what is missing, doubled, ...; `change` says which."""

    path: Path
    old: Expr
    new: Expr
    change: str
    subject: Expr

    @property
    def words(self) -> str:
        """In words that follow "in the formula"."""
        return self.change.format(_told(self.subject), new=self.new)

    def applied(self, expr: Expr) -> Expr:
        """The formula with the slip."""
        return replaced(expr, self.path, self.new)


def mutations(expr: Expr, exchanged: Mapping[str, Sequence[Tensor]], own: tuple[Index, ...] = ()) -> Iterator[Mutation]:
    """The slips. `exchanged`: tensors that may be taken for one another; `own`: the indices of the entry."""
    for path, part in places(expr):
        match part:
            case Add(terms):
                for place, term in enumerate(terms):
                    rest = [*terms[:place], *terms[place + 1 :]]
                    for change, times in CHANGES.items():
                        yield Mutation(path, part, add(*rest, mul(number(times), term)), f"the term {{}} {change}", term)
            case Mul(factors):
                for place, factor in enumerate(factors):
                    yield Mutation(path, part, mul(*factors[:place], *factors[place + 1 :]), "the factor {} is missing", factor)
            case Pow(base, Number(exponent)):
                for other in POWERS:
                    if other != exponent:
                        yield Mutation(path, part, power(base, other), f"{{}} has the power {other} instead of {exponent}", base)
            case Number(value) if value not in (0, 1, -1):
                yield Mutation(path, part, number(1), "the number {} is missing", part)
            case _:
                for instead in _taken_for(part, expr, path, exchanged, own):
                    yield Mutation(path, part, instead, "{new} stands in place of {}", part)


def _taken_for(
    part: Expr, expr: Expr, path: Path, exchanged: Mapping[str, Sequence[Tensor]], own: tuple[Index, ...]
) -> Iterator[Expr]:
    """What may stand where a function, a sum or an element belongs."""
    match part:
        case Function(name, (argument,)):
            if name in LEFT_OUT:
                yield argument
            if name in COUNTERPARTS:
                yield Function(COUNTERPARTS[name], (argument,))
        case Reduction("sum", (index,), body, None) if own and index.extent == own[-1].extent:
            yield substitute_expr(body, {index: own[-1]})
        case Element(tensor, subscripts):
            yield from (replace(part, tensor=other) for other in exchanged.get(tensor.name, ()))
            if own and len(subscripts) == 1 and isinstance(subscripts[0], Index):
                for index in dict.fromkeys((*_around(expr, path), own[-1])):
                    if index != subscripts[0] and index.extent == subscripts[0].extent:
                        yield Element(tensor, (index,))


def atoms(expr: Expr, own: tuple[Index, ...]) -> Iterator[Expr]:
    """Sub-expressions of a formula whose value belongs to one entry: possible factors, each once."""
    seen: set[Expr] = set()
    for _, part in places(expr):
        if part not in seen and not isinstance(part, Number) and set(free_indices(part)) <= set(own):
            seen.add(part)
            yield part


def _around(expr: Expr, path: Path) -> list[Index]:
    """The indices bound around a place."""
    found: list[Index] = []
    for length in range(len(path)):
        found += bound_indices(at(expr, path[:length]))
    return found


def _told(factor: Expr) -> str:
    if isinstance(factor, Pow) and isinstance(factor.exponent, Number) and factor.exponent.value < 0:
        base = power(factor.base, -factor.exponent.value)
        return f"1/({base})" if isinstance(base, (Add, Mul)) else f"1/{base}"
    return str(factor)
