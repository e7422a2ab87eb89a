"""Every entry of the table f -> f' against mpmath, and every function of the language accounted for."""

from __future__ import annotations

from collections.abc import Callable

import mpmath
import pytest

from tensorderiv.algebra.evaluate import evaluate
from tensorderiv.algebra.expression import Derivative, Element, Function, Tensor
from tensorderiv.algebra.functions import FUNCTIONS
from tensorderiv.algebra.numbers import mp
from tensorderiv.differentiate.driver import expand
from tensorderiv.differentiate.elementary import DERIVATIVES, PIECEWISE_CONSTANT
from tensorderiv.differentiate.laws import Context

U, V = Element(Tensor("u")), Element(Tensor("v"))
CONTEXT = Context(frozenset({"u"}))
WITHOUT_RULE = {"digamma"}
"""Functions that no rule covers: digamma arises from lgamma, and its own derivative is not in the language."""

POINTS = {"acosh": "1.7", "lgamma": "0.8"}


def value(expr: object, u: object, v: object = 0) -> mpmath.mpf:
    result = evaluate(expr, axes=(), arrays={"u": u, "v": v}, sizes={}, number=mp(40))  # type: ignore[arg-type]
    return result.item()


def difference(f: Callable[[mpmath.mpf], mpmath.mpf], x: mpmath.mpf) -> mpmath.mpf:
    """Central difference: step 1e-10, error about 1e-20, rounding about 1e-30."""
    h = mpmath.mpf(10) ** -10
    return (f(x + h) - f(x - h)) / (2 * h)


@pytest.mark.parametrize("name", sorted(name for name in DERIVATIVES if FUNCTIONS[name].arity == 1))
def test_one_argument(name: str) -> None:
    with mpmath.workdps(40):
        for text in (POINTS.get(name, "0.37"), POINTS.get(name, "0.61")):
            point = mpmath.mpf(text)
            got = value(expand(Derivative(Function(name, (U,)), U), CONTEXT), point)
            want = difference(lambda x, name=name: value(Function(name, (U,)), x), point)
            assert abs(got - want) <= mpmath.mpf(10) ** -15 * (1 + abs(want)), name


@pytest.mark.parametrize("name", sorted(name for name in DERIVATIVES if FUNCTIONS[name].arity != 1))
@pytest.mark.parametrize("by", [U, V], ids=["first", "second"])
def test_two_arguments(name: str, by: Element) -> None:
    with mpmath.workdps(40):
        u, v = mpmath.mpf("0.31"), mpmath.mpf("0.83")
        context = Context(frozenset({by.tensor.name}))
        got = value(expand(Derivative(Function(name, (U, V)), by), context), u, v)

        def at(x: mpmath.mpf) -> mpmath.mpf:
            return value(Function(name, (U, V)), x if by is U else u, x if by is V else v)

        want = difference(at, u if by is U else v)
        assert abs(got - want) <= mpmath.mpf(10) ** -15


def test_no_function_is_forgotten() -> None:
    assert set(FUNCTIONS) == set(DERIVATIVES) | PIECEWISE_CONSTANT | WITHOUT_RULE
