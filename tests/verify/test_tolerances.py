"""Running errors, finite differences, accuracy: the bounds hold, and are not loose enough to be empty."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tensorderiv.algebra.evaluate import evaluate_program, mp
from tensorderiv.language import read
from tensorderiv.verify.accuracy import ulps
from tensorderiv.verify.brute import Reference
from tensorderiv.verify.finite_differences import slope
from tensorderiv.verify.report import Report
from tensorderiv.verify.running_error import Bounded, Judged, RunningError
from tensorderiv.verify.tolerance import compare, normwise

TEXTS = [
    "L = sum_{i,j} log(1 + exp(sum_p x_i x_j)) / (1 + x_i^2)".replace("sum_p ", ""),
    "L = sqrt(sum_i (x_i - 1/3)^2) + prod_i x_i - sum_i sin(x_i) cos(x_i)",
    "L = log(sum_i exp(3 x_i)) - 1/n sum_i x_i^3",
]


@pytest.mark.parametrize("text", TEXTS)
@given(st.lists(st.floats(-3, 3), min_size=1, max_size=5))
@settings(max_examples=20, deadline=None)
def test_bounds_cover_the_rounding_of_the_reference(text: str, entries: list[float]) -> None:
    program = read(text, "case")
    arrays = {"x": np.array(entries)}
    judged = Reference(program, arrays).value()
    exact = evaluate_program(program, arrays, mp(40))
    assert abs(judged.value - float(exact)) <= judged.tolerance + 1e-300
    # and the bound is of use: some tens of units of the largest quantity in it
    assert judged.tolerance <= 1e-12 * max(1.0, abs(float(exact)), sum(abs(x) ** 3 for x in entries))


@pytest.mark.parametrize("text", TEXTS)
def test_bounds_of_single_precision_cover_numpy_in_single_precision(text: str) -> None:
    program = read(text, "case")
    x = np.random.default_rng(0).normal(size=5).astype(np.float32)
    single = Reference(program, {"x": x}, np.float32).value()
    double = Reference(program, {"x": x}).value()
    assert single.tolerance > 1e6 * double.tolerance
    assert single.value == double.value


class TestRunningError:
    system = RunningError()

    def test_exact_zeros_are_strong(self) -> None:
        x = self.system.number(0.1)
        zero = self.system.add([x, -x])
        infinite = self.system.power(zero, self.system.number(-1))
        assert zero.exact
        assert self.system.multiply([zero, infinite]) == Bounded(0.0, 0.0, True)

    def test_an_exact_zero_that_may_be_multiplied_out_leaves_rounding(self) -> None:
        difference = self.system.add([self.system.number(1), self.system.number(-1)])
        product = self.system.multiply([difference, self.system.number(3)])
        assert product.value == 0
        assert 0 < product.error < 1e-14

    def test_zeros_that_rounding_made_are_not(self) -> None:
        third = self.system.number(Fraction(1, 3))
        zero = self.system.add([third, -third])
        assert not self.system.is_zero(zero)
        infinite = self.system.power(zero, self.system.number(-1))
        assert math.isnan(self.system.multiply([zero, infinite]).error)

    def test_a_root_at_a_zero_that_rounding_made(self) -> None:
        nearly = Bounded(1.0, 1e-15, False)
        angle = self.system.function("acos", [nearly])
        assert angle.value == 0
        assert 1e-8 < angle.error < 1e-7
        beyond = self.system.function("acos", [Bounded(1 + 2e-16, 1e-15, False)])
        assert beyond.value == 0

    def test_outside_the_domain_nothing_is_determined(self) -> None:
        assert math.isnan(self.system.function("log", [Bounded(-1.0, 1e-16, False)]).value)

    def test_doubt(self) -> None:
        system = RunningError()
        assert system.order(Bounded(1.0, 0.0, True), Bounded(1.0, 0.0, True)) == 0
        assert not system.doubt
        system.order(Bounded(1.0, 1e-16, False), Bounded(1.0, 0.0, True))
        assert system.doubt

    def test_overflow_and_underflow_of_the_precision(self) -> None:
        single = RunningError(np.float32)
        large = single.number(1e30)
        assert math.isnan(single.multiply([large, large]).error)
        small = single.number(1e-30)
        assert single.multiply([small, small]).error > 0


def test_a_kink_that_rounding_decides_is_not_judged() -> None:
    program = read("tensor x[n]\nL = relu(sum_i x_i / 3 - 1/10)", "case")
    x = np.array([0.1, 0.1, 0.1])
    assert Reference(program, {"x": x}).value().determined
    assert not Reference(program, {"x": x}).vjp("x", np.asarray(1.0)).determined.any()
    assert Reference(program, {"x": 2 * x}).vjp("x", np.asarray(1.0)).determined.all()


class TestSlope:
    @pytest.mark.parametrize(
        ("function", "expected"),
        [(math.sin, 1.0), (lambda t: math.exp(3 * t), 3.0), (lambda t: (t + 0.3) ** 5, 5 * 0.3**4), (lambda t: 1.0, 0.0)],
    )
    def test_smooth(self, function: Any, expected: float) -> None:
        found = slope(function, 1e-16)
        assert not found.kink
        assert abs(found.value - expected) <= found.error
        assert found.error < 1e-9

    @pytest.mark.parametrize(
        "function", [abs, lambda t: max(t, 0.0), lambda t: abs(t) + math.sin(t), lambda t: math.sqrt(abs(t))]
    )
    def test_kinks(self, function: Any) -> None:
        assert slope(function, 1e-16).kink

    def test_a_kink_near_by_is_stepped_under(self) -> None:
        found = slope(lambda t: abs(t - 3e-4) + t * t, 1e-16)
        assert not found.kink
        assert found.value == pytest.approx(-1, abs=1e-8)

    def test_the_edge_of_the_domain(self) -> None:
        assert slope(lambda t: math.sqrt(t) if t >= 0 else math.nan, 1e-16).kink


class TestCompare:
    reference = Judged(np.array([1.0, 2.0]), np.array([1e-12, np.nan]))

    def test_undetermined_entries_do_not_count(self) -> None:
        record = compare("brute force", "value", "general", np.array([1.0, 7.0]), self.reference)
        assert record.ok
        assert (record.compared, record.entries) == (1, 2)

    @pytest.mark.parametrize("wrong", [np.array([1.1, 2.0]), np.array([np.nan, 2.0]), np.array([np.inf, 2.0]), np.ones((1, 2))])
    def test_failures(self, wrong: Any) -> None:
        record = compare("brute force", "value", "general", wrong, self.reference)
        assert not record.ok
        assert "due" in record.note

    def test_a_report_without_records_is_not_ok(self) -> None:
        assert not Report("D", "", ()).ok

    def test_normwise_tolerance_grows_with_the_operations(self) -> None:
        program = read("L = sum_{i,j} x_i x_j", "case")
        small = normwise(program, {"n": 2}, np.array([1.0]))
        large = normwise(program, {"n": 20}, np.array([1.0]))
        assert large.tolerance == pytest.approx(100 * small.tolerance)


def test_ulps() -> None:
    exact = np.array([mp(40).number(1) / 3, mp(40).number(0)], dtype=object)
    assert ulps(np.array([1 / 3, 5.0]), exact) < 0.5
    assert ulps(np.array([np.nextafter(1 / 3, 1), 0.0]), exact) == pytest.approx(1, abs=0.5)


def test_doubt_stays_with_its_entry() -> None:
    """Where rounding decides a hinge on the diagonal, all else is determined, derivatives by the shared input included."""
    program = read("tensor X[n,d] > 0\nD_ij = max(0, sum_p X_ip log(X_ip / X_jp))", "f")
    X = np.random.default_rng(0).uniform(0.2, 2, (3, 4))
    reference = Reference(program, {"X": X})
    assert reference.value().determined.tolist() == (~np.eye(3, dtype=bool)).tolist()
    assert reference.vjp("X", 1 - np.eye(3)).determined.all()
    assert not reference.vjp("X", np.eye(3)).determined.any()
