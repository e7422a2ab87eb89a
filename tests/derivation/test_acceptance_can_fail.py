"""Each demand on derivations is seen to fail on a planted fault."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tensorderiv.algebra import text
from tensorderiv.algebra.build import mul, number, total
from tensorderiv.algebra.expression import Element, Expr, KroneckerDelta, Mul
from tensorderiv.algebra.index import Index
from tensorderiv.derivation import Derivation
from tensorderiv.language import latex
from tests.support.derivations import (
    autodiff_complaints,
    bound_deltas,
    derivation_of,
    meaning_complaints,
    round_trip_complaints,
    shape_complaints,
)


def with_step(derivation: Derivation, place: int, expr: Expr) -> Derivation:
    """The derivation with another expression in one step."""
    steps = list(derivation.steps)
    steps[place] = replace(steps[place], formula=replace(steps[place].formula, expr=expr))
    return replace(derivation, steps=tuple(steps))


def squares() -> Derivation:
    return derivation_of("sqeuclidean", "X_kl")


@pytest.mark.parametrize("number_of_sizes", range(3))
@pytest.mark.parametrize("place", [1, 3, -1])
def test_a_wrong_factor_in_a_step(place: int, number_of_sizes: int) -> None:
    wrong = with_step(squares(), place, mul(number(3), squares().steps[place].expr))
    assert meaning_complaints(squares(), number_of_sizes) == []
    found = meaning_complaints(wrong, number_of_sizes)
    assert len(found) == (1 if place == -1 else 2), found
    assert "is off by" in found[0]


def test_a_lost_digit_in_the_result() -> None:
    wrong = with_step(squares(), -1, mul(number(1 + 10**-11), squares().expr))
    assert autodiff_complaints(squares()) == []
    assert autodiff_complaints(wrong) != []
    assert meaning_complaints(wrong, 0) != []


def test_a_transposed_result() -> None:
    """Axes of unlike sizes: an index in the wrong place shows."""
    derivation = derivation_of("cp_model", "A_ps")
    swapped = replace(derivation.result, axes=derivation.result.axes[::-1])
    wrong = replace(derivation, steps=(*derivation.steps[:-1], replace(derivation.steps[-1], formula=swapped)))
    assert autodiff_complaints(derivation) == []
    assert autodiff_complaints(wrong) != []


def test_a_printer_that_drops_a_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    derivation = derivation_of("euclidean", "X_kl")
    assert round_trip_complaints(derivation, "text") == []
    right = text._terms
    monkeypatch.setattr(text, "_terms", lambda terms: right(tuple((False, term) for _, term in terms)))
    found = round_trip_complaints(derivation, "text")
    assert len(found) > len(derivation.steps) / 2
    assert "reads back as" in found[0]


def test_a_latex_printer_that_drops_a_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    derivation = derivation_of("rbf", "gamma")
    result = replace(derivation, steps=derivation.steps[-1:])
    assert round_trip_complaints(result, "latex") == []
    monkeypatch.setattr(latex, "sign", lambda negative, first: "" if first else " + ")
    assert "reads back as" in round_trip_complaints(result, "latex")[0]


def test_a_printer_that_writes_what_nobody_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "_subscripts", lambda subscripts: "_{" * len(subscripts))
    assert "is not read" in round_trip_complaints(squares(), "text")[0]


def turned(expr: Expr) -> Expr:
    assert isinstance(expr, Mul)
    return Mul(expr.factors[::-1])


def test_a_step_that_only_shuffles() -> None:
    last = squares().steps[-1]
    shuffled = replace(last, formula=replace(last.formula, expr=turned(last.expr)))
    wrong = replace(squares(), steps=(*squares().steps, shuffled))
    assert ["only shuffles" in text for text in shape_complaints(wrong)] == [True]


def test_a_step_without_a_reason() -> None:
    silent = replace(squares(), steps=(*squares().steps[:-1], replace(squares().steps[-1], why="")))
    assert shape_complaints(silent) == [f"step {len(squares().steps) - 1} says no rule or reason"]


def test_a_delta_left_under_a_sum() -> None:
    p = Index("p", "d")
    (l,) = [index for index in squares().result.axes if index.name == "l"]
    left: Any = total([p], mul(KroneckerDelta(p, l), Element(squares().wrt.tensor, (squares().result.axes[0], p))))
    assert bound_deltas(squares().expr) == []
    assert bound_deltas(left) == [KroneckerDelta(p, l)]
    assert any("has a bound index" in text for text in shape_complaints(with_step(squares(), -1, left)))
