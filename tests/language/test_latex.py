"""LaTeX: the decisions are those of the text; here are the spellings, and that the widths are estimated from above."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings

from tensorderiv.algebra.build import MINUS_ONE, ONE, TWO, add, call, div, mul, neg, power, sub, total
from tensorderiv.algebra.expression import (
    And,
    ArgReduction,
    Bracket,
    Compare,
    CopyTensor,
    Derivative,
    Element,
    Expr,
    KroneckerDelta,
    Or,
    Position,
    Reduction,
    Select,
    Size,
    Tensor,
)
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Statement
from tensorderiv.language.latex import condition_latex, statement_latex, to_latex, written
from tensorderiv.language.latex_lines import lines, width
from tensorderiv.language.latex_names import escape, name_latex
from tensorderiv.language.mathml import to_mathml
from tests.support.printed import printable

i, j, k = (Index(name, "n") for name in "ijk")
p, l = Index("p", "d"), Index("l", "d")
X, N = Tensor("X", ("n", "d")), Tensor("N", ("n",))
C = Tensor("c", ("n",), integer=True)
t, sigma = Element(Tensor("t")), Element(Tensor("sigma"))
Xip, Xil, Xjl, Ni, Nj = Element(X, (i, p)), Element(X, (i, l)), Element(X, (j, l)), Element(N, (i,)), Element(N, (j,))
ci, cj = Element(C, (i,)), Element(C, (j,))
unequal = Compare("!=", Position(j), Position(i))

CASES: list[tuple[Expr, str]] = [
    (
        mul(TWO, sub(Xil, Xjl), sub(KroneckerDelta(i, k), KroneckerDelta(j, k))),
        r"2 \left(X_{il} - X_{jl}\right) \left(\delta_{ik} - \delta_{jk}\right)",
    ),
    (div(mul(Xil, Xjl), mul(Ni, Nj)), r"\frac{X_{il} X_{jl}}{N_{i} N_{j}}"),
    (div(total([p], Xip), Ni), r"\frac{\sum_{p} X_{ip}}{N_{i}}"),
    (total([p], div(Xip, Ni)), r"\sum_{p} \frac{X_{ip}}{N_{i}}"),
    (mul(total([p], Xip), t), r"\left(\sum_{p} X_{ip}\right) t"),
    (mul(neg(power(Size("n"), -1)), total([i], Ni)), r"-\frac{1}{n} \sum_{i} N_{i}"),
    (power(t, sub(t, ONE)), r"t^{t - 1}"),
    (power(t, Fraction(1, 2)), r"t^{1/2}"),
    (power(div(t, Ni), 2), r"\left(\frac{t}{N_{i}}\right)^{2}"),
    (power(call("sin", t), 2), r"\left(\sin\left(t\right)\right)^{2}"),
    (power(call("sqrt", t), 2), r"\left(\sqrt{t}\right)^{2}"),
    (power(call("abs", t), 2), r"\left| t \right|^{2}"),
    (call("acos", t), r"\arccos\left(t\right)"),
    (call("sigmoid", t), r"\operatorname{sigmoid}\left(t\right)"),
    (call("max", t, ONE), r"\max\left(t, 1\right)"),
    (total([j], Nj, unequal), r"\sum_{j \neq i} N_{j}"),
    (total([j], Nj, Compare("=", cj, ci)), r"\sum_{j \,:\, c_{j} = c_{i}} N_{j}"),
    (total([j], Nj, And((unequal, Compare("=", cj, ci)))), r"\sum_{\substack{j \,:\, j \neq i \\ c_{j} = c_{i}}} N_{j}"),
    (Reduction("logsumexp", (j,), Nj), r"\operatorname*{logsumexp}_{j} N_{j}"),
    (Element(X, (ArgReduction("argmax", j, Nj), p)), r"X_{\operatorname*{arg\,max}_{j} \left(N_{j}\right),p}"),
    (Element(X, (ci, p)), r"X_{c_{i},p}"),
    (Element(X, (Index("i1", "n"), p)), r"X_{i_{1},p}"),
    (Element(X, (Index("j'", "n"), p)), r"X_{j' p}"),
    (Element(X, (Index("alpha", "n"), p)), r"X_{\alpha p}"),
    (CopyTensor((i, j, k)), r"H_{ijk}"),
    (Bracket(Or((unequal, Compare("<=", t, ONE)))), r"\left[j \neq i \lor t \leq 1\right]"),
    (Select(Compare(">", t, ONE), t, ONE), r"\begin{cases} t & \text{if } t > 1 \\ 1 & \text{otherwise} \end{cases}"),
    (Derivative(Ni, Element(X, (k, l))), r"\frac{\partial N_{i}}{\partial X_{kl}}"),
    (Derivative(add(Ni, t), Element(X, (k, l))), r"\frac{\partial}{\partial X_{kl}} \left(N_{i} + t\right)"),
    (Derivative(mul(Ni, t), t), r"\frac{\partial}{\partial t} \left(N_{i} t\right)"),
    (Derivative(total([i], Ni), t), r"\frac{\partial}{\partial t} \sum_{i} N_{i}"),
    (total([j], t), r"\sum_{j=1}^{n} t"),
    (mul(Derivative(call("log", t), t), Ni), r"\left(\frac{\partial}{\partial t} \log\left(t\right)\right) N_{i}"),
    (power(Derivative(Ni, t), 2), r"\left(\frac{\partial N_{i}}{\partial t}\right)^{2}"),
    (mul(sigma, MINUS_ONE), r"-\sigma"),
]


@pytest.mark.parametrize(("expr", "latex"), CASES, ids=[latex for _, latex in CASES])
def test_latex(expr: Expr, latex: str) -> None:
    assert to_latex(expr) == latex


@pytest.mark.parametrize(
    ("name", "subscripted", "latex"),
    [
        ("X", True, "X"),
        ("sigma", False, r"\sigma"),
        ("Sbar", True, r"\bar{S}"),
        ("sigmadot", False, r"\dot{\sigma}"),
        ("sigma11", False, r"\sigma_{11}"),
        ("sigma11", True, r"\mathrm{sigma11}"),
        ("m0bar", False, r"\bar{m_{0}}"),
        ("Sbar2", False, r"\bar{S}_{2}"),
        ("loss", False, r"\mathrm{loss}"),
        ("crossbar", False, r"\mathrm{crossbar}"),
        ("bar", False, r"\mathrm{bar}"),
        ("y'", False, "{y'}"),
        ("a_b", False, r"\mathrm{a\_b}"),
    ],
)
def test_names(name: str, subscripted: bool, latex: str) -> None:
    assert name_latex(name, subscripted) == latex


def test_statements_and_conditions() -> None:
    assert statement_latex(Statement(N, (i,), total([j], Nj, unequal))) == r"N_{i} = \sum_{j \neq i} N_{j}"
    assert condition_latex(Compare(">=", t, ONE)) == r"t \geq 1"


def test_prose_is_escaped() -> None:
    assert escape(r"50% of X_ip & \x^{2} ~ #1 $") == (
        r"50\% of X\_ip \& \textbackslash{}x\textasciicircum{}\{2\} \textasciitilde{} \#1 \$"
    )
    assert escape("☃") == "?"


def long_sum(count: int) -> Expr:
    terms = [mul(Xip, power(add(Ni, Element(Tensor(f"q{n}"))), -1)) for n in range(count)]
    return total([p], add(*terms))


def test_a_long_formula_is_broken_and_a_short_one_is_not() -> None:
    assert len(lines(written(long_sum(2)), 30)) == 1
    broken = lines(written(long_sum(20)), 30)
    assert len(broken) > 3
    assert "".join(broken).count(r"\frac") == 20
    assert broken[0].startswith(r"\sum_{p} \biggl(")
    assert broken[-1].endswith(r"\biggr)")


def test_what_cannot_be_broken_is_shrunk() -> None:
    wide = Element(X, (ArgReduction("argmax", j, long_sum(20)), p))
    assert lines(written(wide), 30, r"\tofit") == [rf"\tofit{{{to_latex(wide)}}}"]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(printable())
def test_every_expression_has_every_spelling(expr: Expr) -> None:
    form = written(expr)
    assert width(form) > 0
    for line in lines(form, 15):
        opened = line.replace(r"\{", "").replace(r"\}", "")
        assert opened.count("{") == opened.count("}")
        # a \left and its \right stand on one line, or the line does not compile
        assert line.count(r"\left") == line.count(r"\right")
    assert to_mathml(expr).startswith("<math")
