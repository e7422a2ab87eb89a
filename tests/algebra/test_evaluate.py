"""The reference meaning: values by hand, number systems that agree, the conventions at singular points."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from tensorderiv.algebra.build import ONE, ZERO, call, div, mul, number, power, sub, total
from tensorderiv.algebra.evaluate import FLOAT, FRACTION, evaluate, evaluate_program, mp, sizes_of
from tensorderiv.algebra.expression import (
    ArgReduction,
    Bracket,
    Compare,
    CopyTensor,
    Derivative,
    Element,
    Expr,
    Function,
    KroneckerDelta,
    Mul,
    Position,
    Pow,
    Reduction,
    Select,
    Size,
    Tensor,
)
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Input, Program, Statement
from tensorderiv.errors import DomainProblem, ExtentMismatch, IndexProblem, NameProblem

i, j, k = (Index(letter, "n") for letter in "ijk")
p, q = (Index(letter, "d") for letter in "pq")
X, x, t, c = Tensor("X", ("n", "d")), Tensor("x", ("n",)), Tensor("t"), Tensor("c", ("n",), integer=True)
T = Element(t)
ARRAYS = {
    "X": np.array([[1.0, 2.0], [4.0, 6.0], [1.0, 2.0]]),
    "x": np.array([3.0, 0.0, -2.0]),
    "c": np.array([2, 0, 2]),
    "t": 0.5,
}
SIZES = {"n": 3, "d": 2}


def at(expr: Expr, *axes: Index, **arrays: Any) -> Any:
    return evaluate(expr, axes=axes, arrays={**ARRAYS, **arrays}, sizes=SIZES)


def x_(index: Any) -> Element:
    return Element(x, (index,))


def test_squared_distances_by_hand() -> None:
    body = total((p,), power(sub(Element(X, (i, p)), Element(X, (j, p))), 2))
    assert at(body, i, j).tolist() == [[0, 25, 0], [25, 0, 25], [0, 25, 0]]


def test_axes_are_in_the_order_given() -> None:
    assert at(Element(X, (i, p)), p, i).tolist() == ARRAYS["X"].T.tolist()


def test_no_axes_give_an_array_of_order_0() -> None:
    assert at(total((i,), x_(i))).shape == ()


def test_leaves() -> None:
    assert at(CopyTensor((i, j, k)), i, j, k).sum() == 3
    assert at(KroneckerDelta(i, Element(c, (j,))), i, j).tolist() == [[0, 1, 0], [0, 0, 0], [1, 0, 1]]
    assert at(Position(i), i).tolist() == [0, 1, 2]
    assert at(Size("n")) == 3
    assert at(x_(Element(c, (i,))), i).tolist() == [-2, 3, -2]


def test_conditions() -> None:
    later = Compare("<", Position(i), Position(j))
    assert at(total((i, j), ONE, later)) == 3
    assert at(Bracket(Compare("=", Element(c, (i,)), Element(c, (j,)))), i, j).tolist() == [[1, 0, 1], [0, 1, 0], [1, 0, 1]]
    assert at(Select(Compare(">", x_(i), ZERO), x_(i), number(7)), i).tolist() == [3, 7, 7]
    assert at(Bracket(Compare("!=", T, ZERO)), t=math.nan) == 1
    assert at(Bracket(Compare(">=", T, ZERO)), t=math.nan) == 0


@pytest.mark.parametrize(
    ("op", "expected"), [("sum", 0), ("prod", 1), ("max", -math.inf), ("min", math.inf), ("logsumexp", -math.inf)]
)
def test_reductions_over_nothing(op: Any, expected: float) -> None:
    assert at(Reduction(op, (i,), x_(i), Compare("<", Position(i), ZERO))) == expected


def test_reductions() -> None:
    assert at(Reduction("max", (i,), x_(i))) == 3
    assert at(Reduction("min", (i,), x_(i))) == -2
    assert at(Reduction("prod", (i,), x_(i), Compare("!=", Position(i), ONE))) == -6
    assert at(Reduction("logsumexp", (i,), mul(number(1000), x_(i)))) == 3000
    assert at(ArgReduction("argmin", i, x_(i))) == 2
    assert at(x_(ArgReduction("argmax", j, mul(number(-1), x_(j))))) == -2


def test_argmax_takes_the_first_maximiser_and_equals_no_index_over_nothing() -> None:
    assert at(ArgReduction("argmax", i, Element(X, (i, 0)), Compare("!=", Position(i), ONE))) == 0
    nowhere = ArgReduction("argmax", j, x_(j), Compare("<", Position(j), ZERO))
    assert at(KroneckerDelta(i, nowhere), i).tolist() == [0, 0, 0]
    assert math.isnan(at(x_(nowhere)))


class TestStrongZero:
    def test_it_wins_over_everything(self) -> None:
        for other in (power(ZERO, -1), call("log", ZERO), call("log", number(-1)), call("sqrt", number(-1))):
            assert at(Mul((ZERO, other))) == 0
            assert at(Mul((other, ZERO))) == 0

    def test_what_a_delta_excludes_is_not_even_looked_at(self) -> None:
        outside = x_(7)
        assert (
            at(Mul((outside, KroneckerDelta(i, j), Bracket(Compare("=", Position(i), number(5))))), i, j).tolist()
            == [[0] * 3] * 3
        )

    def test_quotients(self) -> None:
        assert at(div(ZERO, ZERO)) == 0
        assert at(div(ONE, ZERO)) == math.inf
        assert at(div(number(-1), ZERO)) == -math.inf
        assert at(mul(T, call("log", T)), t=0.0) == 0

    def test_in_fractions(self) -> None:
        value = evaluate(Mul((T, power(T, -1))), axes=(), arrays={"t": Fraction(0)}, sizes={}, number=FRACTION)
        assert value == 0
        assert evaluate(power(T, -1), axes=(), arrays={"t": 0}, sizes={}, number=FRACTION) == math.inf

    def test_subgradient_of_a_norm_where_rows_coincide(self) -> None:
        distance = call("sqrt", total((p,), power(sub(Element(X, (i, p)), Element(X, (j, p))), 2)))
        jacobian = at(Derivative(distance, Element(X, (k, q))), i, j, k, q)
        assert np.isfinite(jacobian).all()
        assert not jacobian[0, 2].any()
        np.testing.assert_allclose(jacobian[0, 1], [[-0.6, -0.8], [0.6, 0.8], [0, 0]], rtol=1e-15)

    def test_a_product_over_an_index_with_one_zero(self) -> None:
        gradient = at(Derivative(Reduction("prod", (i,), x_(i)), x_(k)), k)
        assert gradient.tolist() == [0, -6, 0]


class TestKinks:
    def slope(self, expr: Expr, where: float = 0.0) -> float:
        return float(at(Derivative(expr, T), t=where))

    def test_conventions(self) -> None:
        assert self.slope(call("abs", T)) == 0
        assert self.slope(call("relu", T)) == 0
        assert self.slope(call("sign", T)) == 0
        assert self.slope(call("floor", T)) == 0
        assert self.slope(call("max", T, ZERO)) == 0
        assert self.slope(call("max", ZERO, T)) == 0
        assert self.slope(call("min", T, ZERO)) == 0
        assert self.slope(call("max", mul(number(2), T), mul(number(3), T))) == 2
        assert self.slope(Pow(T, number(2))) == 0
        assert self.slope(Pow(T, ONE)) == 1

    def test_max_over_an_index_moves_with_the_first_maximiser(self) -> None:
        gradient = at(Derivative(Reduction("max", (i,), Element(X, (i, 0))), Element(X, (k, 0))), k, X=np.ones((3, 2)))
        assert gradient.tolist() == [1, 0, 0]


def test_named_quantities_carry_derivatives_and_may_be_the_variable() -> None:
    norm = Tensor("N", ("n",))
    named = Statement(norm, (i,), total((p,), power(Element(X, (i, p)), 2)))
    body = power(Element(norm, (i,)), 2)
    by_x = evaluate(
        Derivative(body, Element(X, (k, q))), axes=(i, k, q), arrays={"X": ARRAYS["X"]}, sizes=SIZES, statements=(named,)
    )
    assert by_x[1, 1].tolist() == [2 * 52 * 8, 2 * 52 * 12]
    assert not by_x[1, 0].any()
    by_norm = evaluate(
        Derivative(body, Element(norm, (k,))), axes=(i, k), arrays={"X": ARRAYS["X"]}, sizes=SIZES, statements=(named,)
    )
    assert by_norm.tolist() == np.diag([10.0, 104.0, 10.0]).tolist()


def test_second_derivatives_do_not_confuse_perturbations() -> None:
    # d/dt (t * d/dt (t * s)) at s = t is the derivative of t * t, a classic trap
    inner = Derivative(mul(T, T, T), T)
    assert at(Derivative(inner, T), t=2.0) == 12
    assert at(Derivative(mul(T, Derivative(mul(T, Element(x, (0,))), T)), T)) == 3
    mixed = Derivative(Derivative(mul(x_(0), power(x_(1), 2)), x_(i)), x_(j))
    assert at(mixed, i, j).tolist() == [[0, 0, 0], [0, 6, 0], [0, 0, 0]]


def program(body: Expr) -> Program:
    return Program("test", (Input(X), Input(t, default=Fraction(1, 2))), (Statement(Tensor("D", ("n", "n")), (i, j), body),))


class TestPrograms:
    body = mul(T, total((p,), mul(Element(X, (i, p)), Element(X, (j, p)))))

    def test_defaults(self) -> None:
        assert evaluate_program(program(self.body), {"X": ARRAYS["X"]})[1, 1] == 26

    def test_fractions_and_floats_and_mpmath_agree(self) -> None:
        arrays = {"X": np.random.default_rng(1).normal(size=(3, 2)), "t": 0.3}
        exact = evaluate_program(program(self.body), arrays, FRACTION)
        assert all(isinstance(value, Fraction) for value in exact.flat)
        plain = evaluate_program(program(self.body), arrays)
        np.testing.assert_allclose(plain, exact.astype(float), rtol=1e-15)
        np.testing.assert_allclose(evaluate_program(program(self.body), arrays, mp(40)).astype(float), plain, rtol=1e-15)

    def test_sizes(self) -> None:
        assert sizes_of(program(self.body), {"X": np.ones((4, 7))}) == {"n": 4, "d": 7}

    def test_no_rows(self) -> None:
        assert evaluate_program(program(self.body), {"X": np.ones((0, 2))}).shape == (0, 0)

    @pytest.mark.parametrize(
        ("arrays", "error", "message"),
        [
            ({}, NameProblem, "test needs the tensor X, which was not given; pass X=..."),
            ({"X": np.ones(3)}, ExtentMismatch, "X has shape (3,), but test uses it with 2 subscripts"),
            ({"X": np.ones((3, 2)), "XX": 1}, NameProblem, "test has no input XX; did you mean X?"),
        ],
    )
    def test_errors(self, arrays: Any, error: type[Exception], message: str) -> None:
        with pytest.raises(error) as caught:
            evaluate_program(program(self.body), arrays)
        assert str(caught.value) == message

    def test_extents_that_disagree_are_both_named(self) -> None:
        both = Program("two", (Input(X), Input(x)), (Statement(Tensor("L"), (), total((i,), mul(x_(i), Element(X, (i, 0))))),))
        with pytest.raises(ExtentMismatch, match=r"axis 0 of x has size 5, but axis 0 of X has size 3; both are the extent n"):
            sizes_of(both, {"X": np.ones((3, 2)), "x": np.ones(5)})

    def test_labels_are_checked(self) -> None:
        gather = Program(
            "g", (Input(x), Input(c, label_extent="n")), (Statement(Tensor("v", ("n",)), (i,), x_(Element(c, (i,)))),)
        )
        with pytest.raises(DomainProblem, match=r"the label c\[1\] = 3 is not among 0 .. 2 \(n = 3\)"):
            evaluate_program(gather, {"x": np.ones(3), "c": np.array([0, 3, 1])})


def test_a_loose_index_is_an_error() -> None:
    with pytest.raises(IndexProblem, match=r"the free indices j are not among the axes i"):
        at(mul(x_(i), x_(j)), i)


def test_a_subscript_outside_is_an_error() -> None:
    with pytest.raises(IndexProblem, match=r"the subscript 5 of axis 0 of x is not among 0 .. 2"):
        at(x_(5))


class TestNumberSystems:
    FUNCTIONS = (
        *("exp", "log", "log2", "log1p", "expm1", "sqrt", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh"),
        *("asinh", "atanh", "erf", "lgamma", "digamma", "trigamma", "sigmoid", "softplus", "relu", "sign", "abs", "floor"),
    )

    @pytest.mark.parametrize("name", FUNCTIONS)
    def test_float_agrees_with_mpmath(self, name: str) -> None:
        for value in (0.3, 0.7):
            assert FLOAT.function(name, [value]) == pytest.approx(float(mp(30).function(name, [mp(30).number(value)])), rel=1e-14)

    @pytest.mark.parametrize("name", [*FUNCTIONS, "acosh"])
    def test_every_function_is_total(self, name: str) -> None:
        for value in (0.0, -1.0, 1.0, -2.5, 1e4, -1e4, math.inf, -math.inf, math.nan):
            plain = FLOAT.function(name, [value])
            fine = mp(20).function(name, [mp(20).number(value)])
            assert isinstance(plain, float)
            if math.isfinite(plain) and math.isfinite(float(fine)):
                assert plain == pytest.approx(float(fine), rel=1e-12)

    def test_powers(self) -> None:
        assert FLOAT.power(0.0, 0.0) == 1
        assert FLOAT.power(0.0, -0.5) == math.inf
        assert math.isnan(FLOAT.power(-8.0, 1 / 3))
        assert FLOAT.power(-10.0, 401.0) == -math.inf
        assert FRACTION.power(Fraction(8, 27), Fraction(2, 3)) == Fraction(4, 9)
        assert math.isnan(FRACTION.power(Fraction(-8), Fraction(1, 3)))

    def test_rounding_may_pass_the_end_of_a_domain(self) -> None:
        above = math.nextafter(1, 2)
        assert FLOAT.function("acos", [above]) == 0
        assert FLOAT.function("asin", [-above]) == -math.pi / 2
        assert FLOAT.function("acosh", [math.nextafter(1, 0)]) == 0
        assert math.isnan(FLOAT.function("acos", [1 + 1e-12]))
        fine = mp(30)
        assert fine.function("acos", [1 + fine.context.eps]) == 0
        assert fine.context.isnan(fine.function("acos", [fine.number(above)]))

    def test_fractions_refuse_what_they_cannot_do(self) -> None:
        assert FRACTION.function("sqrt", [Fraction(49, 9)]) == Fraction(7, 3)
        with pytest.raises(DomainProblem, match=r"\(2\) \*\* \(1/2\) is no rational number .*; evaluate with FLOAT or mp\(50\)"):
            FRACTION.function("sqrt", [Fraction(2)])
        with pytest.raises(DomainProblem, match=r"exp\(1\) is no rational number"):
            FRACTION.function("exp", [Fraction(1)])

    def test_the_shared_precision_of_mpmath_is_left_alone(self) -> None:
        import mpmath

        before = mpmath.mp.dps
        evaluate(call("exp", T), axes=(), arrays={"t": 1}, sizes={}, number=mp(70))
        assert mpmath.mp.dps == before


def finite_difference(function: Any, where: Any, context: Any) -> Any:
    step = context.mpf(10) ** -15
    return (function(where + step) - function(where - step)) / (2 * step)


DIFFERENTIABLE = [name for name in TestNumberSystems.FUNCTIONS if name not in ("sign", "floor", "trigamma", "relu", "abs")]


@pytest.mark.parametrize("name", [*DIFFERENTIABLE, "acosh"])
def test_duals_equal_finite_differences_at_fifty_digits(name: str) -> None:
    system = mp(50)
    shift = 1 if name == "acosh" else 0
    expr = power(Function(name, (sub(mul(T, T), number(-shift)),)), 3)

    def value(where: Any) -> Any:
        return evaluate(expr, axes=(), arrays={"t": where}, sizes={}, number=system).item()

    where = system.context.mpf("0.61803")
    slope = evaluate(Derivative(expr, T), axes=(), arrays={"t": where}, sizes={}, number=system).item()
    assert abs(slope - finite_difference(value, where, system.context)) < 1e-25 * (1 + abs(slope))
    if name != "digamma":
        bend = evaluate(Derivative(Derivative(expr, T), T), axes=(), arrays={"t": where}, sizes={}, number=system).item()

        def first(where: Any) -> Any:
            return evaluate(Derivative(expr, T), axes=(), arrays={"t": where}, sizes={}, number=system).item()

        assert abs(bend - finite_difference(first, where, system.context)) < 1e-25 * (1 + abs(bend))


def test_duals_of_two_arguments_and_of_exponents() -> None:
    system = mp(50)
    for expr in (call("atan2", T, power(T, 2)), call("atan2", number(2), T), Pow(T, call("sin", T)), Pow(number(3), T)):

        def value(where: Any, expr: Expr = expr) -> Any:
            return evaluate(expr, axes=(), arrays={"t": where}, sizes={}, number=system).item()

        where = system.context.mpf("1.3")
        slope = evaluate(Derivative(expr, T), axes=(), arrays={"t": where}, sizes={}, number=system).item()
        assert abs(slope - finite_difference(value, where, system.context)) < 1e-25
