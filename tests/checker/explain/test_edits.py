"""Small edits of trees, and how they are written."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tensorderiv.checker.explain.edits import distinct, exchange, negated, over, plus, scaled, sum_of, times, transposed
from tensorderiv.checker.tree import (
    Big,
    Comparison,
    Component,
    Delta,
    Group,
    Name,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Ratio,
    Span,
    Sum,
    Transpose,
)
from tensorderiv.checker.writing import write

A, B, I, J, K = (Name(letter) for letter in "ABijk")
TWO = Number(Fraction(2))


def x(*letters: Node) -> Node:
    return Component(Name("x"), letters)


def product(*factors: Node) -> Product:
    return Product(tuple(("juxtaposed", factor) for factor in factors))


@pytest.mark.parametrize(
    ("node", "by", "text"),
    [
        (x(I), Fraction(2), "2 x_{i}"),
        (product(TWO, x(I)), Fraction(1, 2), "x_{i}"),
        (product(TWO, x(I)), Fraction(2), "4 x_{i}"),
        (Negative(x(I)), Fraction(2), "-2 x_{i}"),
        (Ratio(x(I), TWO), Fraction(2), "x_{i}"),
        (Ratio(x(I), Name("n")), Fraction(1, 2), r"\frac{x_{i}}{2 n}"),
        (Sum((x(I), Negative(x(J)))), Fraction(2), r"2 \left(x_{i} - x_{j}\right)"),
        (x(I), Fraction(1, 2), r"\frac{1}{2} x_{i}"),
        (product(TWO, x(I)), Fraction(-1), "-2 x_{i}"),
    ],
)
def test_a_number_joins_the_one_in_front(node: Node, by: Fraction, text: str) -> None:
    assert write(scaled(node, by)) == text


def test_signs_are_turned_term_by_term() -> None:
    assert write(negated(Sum((x(I), Negative(x(J)))))) == "x_{j} - x_{i}"
    assert write(negated(Negative(x(I)))) == "x_{i}"
    assert write(negated(product(TWO, x(I)))) == "-2 x_{i}"


def test_what_is_loose_is_bracketed() -> None:
    difference = Sum((x(I), Negative(x(J))))
    assert write(times(difference, Delta(I, K))) == r"\left(x_{i} - x_{j}\right) \delta_{ik}"
    assert write(over(difference, Name("n"))) == r"\frac{x_{i} - x_{j}}{n}"
    assert write(Power(difference, TWO)) == r"\left(x_{i} - x_{j}\right)^2"
    assert write(Transpose(product(A, B))) == r"\left(A B\right)^T"
    assert write(product(Big("sum", ("j",), x(J)), x(I))) == r"\left(\sum_{j} x_{j}\right) x_{i}"
    assert write(Big("sum", ("j",), difference)) == r"\sum_{j} \left(x_{i} - x_{j}\right)"
    assert write(Sum((A, Sum((B, Negative(A)))))) == r"A + \left(B - A\right)"


def test_a_factor_joins_the_sum_in_front() -> None:
    assert write(times(Big("sum", ("j",), x(J)), A)) == r"A \sum_{j} x_{j}"


@pytest.mark.parametrize(
    ("bound", "conditions", "text"),
    [
        (("j",), (Comparison("!=", J, K),), r"\sum_{j \neq k} x_{j}"),
        (("i", "j"), (Comparison("<", I, J),), r"\sum_{i < j} x_{j}"),
        (("i", "j"), (), r"\sum_{i, j} x_{j}"),
    ],
)
def test_conditions_of_sums(bound: tuple[str, ...], conditions: tuple[Comparison, ...], text: str) -> None:
    assert write(Big("sum", bound, x(J), conditions)) == text


def test_matrix_expressions_are_transposed_from_behind() -> None:
    assert write(transposed(product(TWO, A, Transpose(B)))) == "2 B A^T"
    assert write(transposed(Sum((A, Transpose(B))))) == "A^T + B"


def test_the_authors_text_is_kept() -> None:
    source = r"2\,X_{id}\cdot Y - Z"
    x_id = Component(Name("X"), (I, Name("d")), span=Span(3, 9))
    y = Name("Y", span=Span(15, 16))
    two = Number(Fraction(2), span=Span(0, 1))
    z = Name("Z", span=Span(19, 20))
    line = Sum((Product((("juxtaposed", two), ("juxtaposed", x_id), ("cdot", y))), Negative(z, span=Span(17, 20))))
    assert write(line, source) == source
    assert write(exchange(line, y, Delta(I, K)), source) == r"2\,X_{id} \cdot \delta_{ik} - Z"
    assert write(plus(line, Name("W")), source) == source + " + W"


def test_places_are_edited_alone() -> None:
    twice = Sum((A, A))
    apart = distinct(twice)
    assert isinstance(apart, Sum)
    assert write(exchange(apart, apart.terms[0], B)) == "B + A"
    assert write(exchange(twice, A, B)) == "B + B", "what distinct is for"


def test_a_sum_begins_with_what_has_no_minus() -> None:
    assert write(sum_of([Negative(A), B])) == "B - A"
    assert write(sum_of([Negative(A)])) == "-A"
    assert write(Group(A)) == r"\left(A\right)"
