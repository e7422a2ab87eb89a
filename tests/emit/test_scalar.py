"""Values as Python text: precedence, literals, guards."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tensorderiv.algebra.build import ZERO, add, call, div, mul, neg, number, power, sub
from tensorderiv.algebra.expression import Compare, Element, Expr, Position, Select, Size, Tensor
from tensorderiv.algebra.index import Index
from tensorderiv.emit.names import Names
from tensorderiv.emit.scalar import ScalarPrinter

a, b, c = (Element(Tensor(name)) for name in "abc")
i = Index("i", "n")


@pytest.mark.parametrize(
    ("expr", "text"),
    [
        (sub(a, add(b, c)), "a - (b + c)"),
        (mul(a, add(b, c)), "a * (b + c)"),
        (div(a, mul(b, c)), "a / (b * c)"),
        (neg(div(a, b)), "-a / b"),
        (sub(a, mul(number(2), b)), "a - 2.0 * b"),
        (mul(number(Fraction(1, 3)), a), "0.3333333333333333 * a"),
        (power(a, 5), "(a * a) * (a * a) * a"),
        (power(a, b), "a ** b"),
        (power(neg(a), b), "(-a) ** b"),
        (div(number(1), Size("n")), "1.0 / float(n)"),
        (call("relu", a), "0.0 if a <= 0.0 else a"),
        (add(call("relu", a), b), "(0.0 if a <= 0.0 else a) + b"),
        (Select(Compare("=", Position(i), number(0)), a, ZERO), "a if i == 0 else 0.0"),
        (mul(Position(i), a), "float(i) * a"),
        (Element(Tensor("X", ("n", "d")), (i, 3)), "X[i, 3]"),
        (call("max", a, b), "a if a > b or a != a else b"),
    ],
)
def test_text(expr: Expr, text: str) -> None:
    assert ScalarPrinter(Names()).text(expr) == text


def test_names_are_never_keywords_and_never_two_alike() -> None:
    names = Names()
    found = [names.of("tensor", name) for name in ("lambda", "j'", "n", "range")] + [
        names.of("extent", "n"),
        names.of("index", "n"),
    ]
    assert found == ["lambda_", "j_p", "n", "range_", "n_", "n_2"]
    assert all(name.isidentifier() for name in found)


def test_helpers_are_noted() -> None:
    printer = ScalarPrinter(Names())
    assert printer.text(call("softplus", a)) == "_softplus(a)"
    assert printer.helpers == {"softplus"}
