"""The laws, one by one, as a reader would write them; and what has no law is an error, never a zero."""

from __future__ import annotations

import pytest

from tensorderiv.algebra.build import ONE, add, call, div, mul, number, power, total
from tensorderiv.algebra.expression import (
    Bracket,
    Compare,
    Constant,
    Derivative,
    Element,
    Expr,
    Function,
    Pow,
    Reduction,
    Select,
    Tensor,
)
from tensorderiv.algebra.index import Index
from tensorderiv.differentiate import laws
from tensorderiv.differentiate.driver import expand, sweeps
from tensorderiv.errors import RuleProblem

I, J, K = (Index(name, "n") for name in "ijk")
P, L = Index("p", "d"), Index("l", "d")
X, C, T = Tensor("X", ("n", "d")), Tensor("c", ("n",)), Tensor("t")
BY = Element(X, (K, L))
CONTEXT = laws.Context(frozenset({"X"}))
A, B = Element(X, (I, P)), Element(X, (J, P))
CONSTANT = Element(C, (I,))


@pytest.mark.parametrize(
    ("law", "body", "after"),
    [
        (laws.constant, CONSTANT, "0"),
        (laws.constant, Bracket(Compare(">", A, number(0))), "0"),
        (laws.constant, call("floor", A), "0"),
        (laws.variable, A, "delta_ik delta_pl"),
        (laws.variable, Element(X, (K, P)), "delta_pl"),
        (laws.sum_rule, add(A, CONSTANT, B), "diff(X_ip, X_kl) + diff(X_jp, X_kl)"),
        (laws.sum_over_index, total([P], A), "sum_p diff(X_ip, X_kl)"),
        (laws.constant_factor, mul(CONSTANT, A), "c_i diff(X_ip, X_kl)"),
        (laws.product, mul(A, B), "diff(X_ip, X_kl) X_jp + X_ip diff(X_jp, X_kl)"),
        (laws.quotient, div(A, B), "diff(X_ip, X_kl) / X_jp - X_ip diff(X_jp, X_kl) / X_jp^2"),
        (laws.power_rule, power(A, 3), "3 X_ip^2 diff(X_ip, X_kl)"),
        (laws.power_rule, Pow(A, CONSTANT), "c_i X_ip^(c_i - 1) diff(X_ip, X_kl)"),
        (laws.exponential_rule, Pow(CONSTANT, A), "c_i^(X_ip) log(c_i) diff(X_ip, X_kl)"),
        (laws.chain, call("exp", A), "exp(X_ip) diff(X_ip, X_kl)"),
        (laws.chain, call("max", number(0), A), "[X_ip > 0] diff(X_ip, X_kl)"),
        (laws.chain, call("max", A, number(0)), "[X_ip > 0] diff(X_ip, X_kl)"),
        (laws.chain, call("max", A, CONSTANT), "[X_ip >= c_i] diff(X_ip, X_kl)"),
        (laws.product_over_index, Reduction("prod", (P,), A), "sum_p diff(X_ip, X_kl) prod_{q: q != p} X_iq"),
        (laws.extremum_over_index, Reduction("max", (P,), A), "sum_p [p = argmax_q (X_iq)] diff(X_ip, X_kl)"),
        (laws.softmax_rule, Reduction("logsumexp", (P,), A), "sum_p exp(X_ip - logsumexp_q X_iq) diff(X_ip, X_kl)"),
        (laws.cases_rule, Select(Compare(">", A, ONE), A, B), "if(X_ip > 1, diff(X_ip, X_kl), diff(X_jp, X_kl))"),
    ],
)
def test_before_and_after(law: laws.Law, body: Expr, after: str) -> None:
    result = law(Derivative(body, BY), CONTEXT)
    assert result is not None
    assert str(result).replace("{q != p}", "{q: q != p}") == after


@pytest.mark.parametrize("law", [named.law for named in laws.LAWS], ids=lambda law: law.__name__)
def test_a_law_says_before_and_after(law: laws.Law) -> None:
    assert law.__doc__ is not None
    assert "->" in law.__doc__


def test_each_law_leaves_alone_what_is_not_its_own() -> None:
    for law in (laws.variable, laws.sum_rule, laws.product, laws.power_rule, laws.chain, laws.cases_rule):
        assert law(Derivative(Constant("pi"), BY), CONTEXT) is None


def test_what_has_no_rule_is_an_error() -> None:
    with pytest.raises(RuleProblem, match="digamma"):
        expand(Derivative(Function("digamma", (A,)), BY), CONTEXT)
    with pytest.raises(RuleProblem, match="cannot be differentiated"):
        laws.law_for(Derivative(SimpleNodeOf(A), BY), CONTEXT)


class SimpleNodeOf(Select):
    """A Select whose law is taken away."""

    def __init__(self, inner: Expr) -> None:
        super().__init__(Compare(">", inner, ONE), inner, inner)


@pytest.fixture(autouse=True)
def _without_cases(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.node.name == "test_what_has_no_rule_is_an_error":
        monkeypatch.setattr(laws, "LAWS", tuple(law for law in laws.LAWS if law.name != "cases"))


def test_derivatives_by_a_bound_letter_keep_their_delta() -> None:
    """SymPy loses the delta when the variable's index is the bound one (sympy/sympy#21891); here it is renamed."""
    body = total([K], mul(CONSTANT, Element(X, (K, P))))
    result = expand(Derivative(body, Element(X, (K, P))), CONTEXT)
    assert str(result) == "sum_l c_i delta_lk"


def test_a_sweep_takes_one_rule_at_a_time() -> None:
    body = total([P], power(add(A, mul(number(-1), B)), 2))
    names = [sweep.name for sweep in sweeps(Derivative(body, BY), CONTEXT)]
    assert names == ["linearity", "power rule", "linearity", "variable"]


def test_a_function_without_a_known_derivative_is_said_to_the_user() -> None:
    """What is missing and what can be done: nothing about the files of the package."""
    with pytest.raises(RuleProblem) as caught:
        laws.law_for(Derivative(call("digamma", A), BY), CONTEXT)
    message = str(caught.value)
    assert message.startswith("the derivative of digamma is no function that is known here")
    assert "write digamma by other functions" in message
    assert ".py" not in message and "\n" not in message
