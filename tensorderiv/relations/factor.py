"""What one gradient may be a multiple by of the other: quotients of their terms, in which what varies with the entry cancels.

    2 (x_l - y_l)  over  (x_l - y_l)/D   ->   2 D

They are guesses; whoever asks has them decided.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from tensorderiv.algebra.build import call, factors_of, mul, number, power, terms_of
from tensorderiv.algebra.expression import Expr, Number, Pow
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.text import to_text
from tensorderiv.algebra.traverse import count_nodes, free_indices, rewrite, tensors
from tensorderiv.canonical import canonical
from tensorderiv.canonical.effort import effort
from tensorderiv.equality.proof import MOST_EFFORT, written_out
from tensorderiv.relations.gradients import Gradients
from tensorderiv.simplify import finish
from tensorderiv.simplify.tidy import sign_free, split_power, tidy

MOST_TERMS = 4
"""Terms of each gradient that are divided by one another."""

LARGEST_PART = 1000
"""A numerical quotient is taken for a rational number of no larger denominator."""


def candidates(found: Gradients, ratio: float | None, inner: tuple[Index, ...]) -> list[Expr]:
    """Factors that may make the first gradient of the second, none of which varies along `inner`: numbers first, then the short.

    `ratio` is their quotient at some point, if it was the same at all.
    """
    guesses: dict[str, Expr] = {}
    if ratio is not None:
        value = Fraction(ratio).limit_denominator(LARGEST_PART)
        guesses[str(value)] = number(value)
    for guess in _quotients(found):
        if not set(free_indices(guess)) & set(inner):
            guesses.setdefault(to_text(guess), guess)
    return sorted(guesses.values(), key=lambda guess: (kind_of(guess) != "constant", bool(tensors(guess)), count_nodes(guess)))


def kind_of(factor: Expr) -> str:
    """What a factor is: "constant" where no input stands in it, else "inputs"."""
    return "inputs" if tensors(factor) else "constant"


def _quotients(found: Gradients) -> Iterator[Expr]:
    statements = found.unit.statements if found.sphere else found.program.statements
    readings = [(found.first, found.second)]
    plain = [written_out(expr, statements) for expr in readings[0]]
    readings.append((tidy(plain[0]), tidy(plain[1])))
    if all(effort(expr) <= MOST_EFFORT for expr in plain):
        readings.append((canonical(plain[0]), canonical(plain[1])))
    for first, second in readings:
        for above in [first, *terms_of(first)[:MOST_TERMS]]:
            for below in [second, *terms_of(second)[:MOST_TERMS]]:
                quotient = tidy(mul(_signed(above), *(power(factor, -1) for factor in factors_of(_signed(below)))))
                yield rewrite(found.unit.settle(quotient) if found.sphere else finish(quotient, statements), root)


def _signed(expr: Expr) -> Expr:
    """y - x as -(x - y), so that it cancels x - y."""
    found: list[Expr] = []
    for factor in factors_of(expr):
        base, exponent = split_power(factor)
        sign, plain = sign_free(base)
        found += [number(sign), power(plain, exponent)] if exponent.denominator == 1 and exponent % 2 else [factor]
    return mul(*found)


def root(node: Expr) -> Expr:
    """u^(1/2) is written sqrt(u)."""
    match node:
        case Pow(base, Number(Fraction(denominator=2, numerator=above))) if above in (1, -1):
            return power(call("sqrt", base), above)
    return node
