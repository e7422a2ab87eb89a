"""Chains that go on over prose, displays and formulas in the text; reasons and names are no links of them."""

from __future__ import annotations

import pytest

from tensorderiv.checker.checking import check_all
from tensorderiv.checker.document import read_document
from tensorderiv.checker.judge import Report
from tensorderiv.errors import SyntaxProblem

VECTOR = r"Let $x\in\mathbb{R}^n$. "
DIFFERENTIATED = r"Let $x\in\mathbb{R}^n$. $$\frac{\partial}{\partial x_k}\sum_i x_i^2 = \sum_i 2x_i\delta_{ik}$$"
SIGMOID = r"Let $\sigma(u) = \frac{1}{1+e^{-u}}$. $$\frac{d}{dx}\log\sigma(x)=\frac{\sigma'(x)}{\sigma(x)}$$"


def judged(text: str) -> Report:
    """The report of the longest derivation in a document."""
    return max(check_all(text), key=lambda report: len(report.lines))


@pytest.mark.parametrize(
    "words",
    [
        "",
        "This equals",
        "By the definition of $x$ this equals",
        "and, using $a_k = x_k$,",
        r"Because $x^\top x = \sum_i x_i^2$ this equals",
        "For $n > 1$ this equals",
        r"where $\delta_{ik} = 1$ if $i = k$ and $0$ otherwise. This gives",
        r"Using $$\frac{\partial x_i}{\partial x_k} = \delta_{ik}$$ this is",
        "$$~$$",
    ],
)
def test_a_display_goes_on_over_what_is_said_between(words: str) -> None:
    right, wrong = (judged(f"{DIFFERENTIATED} {words} $$= {last}$$") for last in ("2x_k.", "3x_k."))
    assert (right.verdict, len(right.lines)) == ("right", 3)
    assert (wrong.verdict, wrong.first_wrong_line) == ("wrong", 2)


@pytest.mark.parametrize("words", ["Using", "Since", "and, because"])
def test_what_is_defined_between_is_known_after_it(words: str) -> None:
    text = (
        rf"$$\frac{{\partial}}{{\partial x_k}}\sum_i x_i^3 = 3\sum_i x_i^2\delta_{{ik}}$$ {words} $y_i = x_i^2$ this is $$= 3y_k"
    )
    assert judged(VECTOR + text + "$$").verdict == "right"
    assert judged(VECTOR + text + "x_k$$").first_wrong_line == 2


@pytest.mark.parametrize(
    "text",
    [
        r"$$f(x) = x^\top x$$ The gradient of $f$ is $$= 2x$$ Here $$f(x) = \sum_i x_i^2$$",
        r"$$\|x\|^2 = x^\top x$$ Let $$s = \sum_i x_i$$ Then we get $$= 2s$$",
        r"$$\|x-y\|^2 = (x-y)^\top(x-y)$$ and if $y = 0$, $$= x^\top x$$",
    ],
)
def test_where_it_is_not_clear_which_chain_goes_on_nothing_is_judged(text: str) -> None:
    reports = check_all(VECTOR + text)
    assert "unreadable" in [report.verdict for report in reports]
    assert "wrong" not in [report.verdict for report in reports]


@pytest.mark.parametrize("words", [", which gives ", ", which simplifies to ", ". This equals ", " so "])
def test_a_chain_in_the_text_goes_on(words: str) -> None:
    start = r"We have $\frac{\partial}{\partial x_k}\sum_i x_i^2 = \sum_i 2x_i\delta_{ik}$"
    equals = "=" if words == " so " else ""
    assert judged(f"{VECTOR}{start}{words}${equals} 2x_k$.").verdict == "right"
    assert judged(f"{VECTOR}{start}{words}${equals} 3x_k$.").first_wrong_line == 2


@pytest.mark.parametrize(
    "words", [", which gives $n$ equations.", ", of norm $= 1$.", ". Differentiating this gives $2$.", r", as $x_k$ is"]
)
def test_what_does_not_go_on_is_no_link(words: str) -> None:
    start = r"We have $\frac{\partial}{\partial x_k}\sum_i x_i^2 = 2x_k$"
    report = judged(VECTOR + start + words)
    assert (report.verdict, len(report.lines)) == ("right", 2)


def test_a_display_that_ends_with_a_relation_goes_on() -> None:
    assert judged(VECTOR + r"$$\|x\|^2 =$$ $$x^\top x =$$ $$\sum_i x_i^2$$").verdict == "right"
    assert judged(VECTOR + r"$$\|x\|^2 =$$ $$x^\top x =$$ $$2\sum_i x_i^2$$").first_wrong_line == 2


def test_a_name_given_at_the_end_is_known_afterwards() -> None:
    first = r"$$\frac{\partial}{\partial x_k}\sum_i x_i^2 = 2x_k =: g_k$$"
    first_report, report = check_all(VECTOR + first + r" Then $$\frac{\partial g_k}{\partial x_l} = 2\delta_{kl}$$")
    assert (first_report.verdict, len(first_report.lines)) == ("right", 2)
    assert (report.verdict, report.definitions) == ("right", ("g_k = 2x_k",))
    assert check_all(VECTOR + first + r" Then $$\frac{\partial g_k}{\partial x_l} = 3\delta_{kl}$$")[1].verdict == "wrong"


def test_a_label_at_the_end_is_no_line() -> None:
    report = judged(VECTOR + r"$$\text{LHS} = \|x\|^2 = x^\top x = \text{RHS}$$")
    assert report.verdict == "right"
    assert any("RHS" in note for note in report.readings)
    assert judged(VECTOR + r"$$\text{LHS} = \|x\|^2 = 2x^\top x = \text{RHS}$$").verdict == "wrong"


REASONS = [
    r"\quad\because \frac{\partial x_i}{\partial x_k}=\delta_{ik}",
    r"\quad \text{since } \frac{\partial x_i}{\partial x_k} = \delta_{ik}",
    r"\qquad \text{(as } \sum_i y_i = 1)",
    r"& (\text{as } \sum_i y_i = 1)",
    r"\; (\text{as } y^\top \mathbf{1} = 1)",
    r"\quad (\partial x_i/\partial x_k=\delta_{ik})",
    r"& \text{(because } \tfrac{\partial x_i}{\partial x_k} = \delta_{ik}\text{)}",
    r"&&\text{since } \delta_{ik} = 0 \text{ for } i \neq k",
    r"\quad (1\le k\le n)",
    r". && \text{(norm)}",
    r", && \text{sift}",
    r"&& \text{sift}",
    r"\eqno(3)",
    r"\IEEEyesnumber",
]


@pytest.mark.parametrize("reason", REASONS)
def test_a_reason_is_no_link(reason: str) -> None:
    lines = rf"\frac{{\partial}}{{\partial x_k}}\sum_i x_i^2 &= \sum_i 2x_i\delta_{{ik}} {reason}\\ &= "
    right, wrong = (judged(rf"{VECTOR}\begin{{align}}{lines}{last}\end{{align}}") for last in ("2x_k", "3x_k"))
    assert (right.verdict, len(right.lines)) == ("right", 3)
    assert (wrong.verdict, wrong.first_wrong_line) == ("wrong", 2)


def test_a_reason_may_define() -> None:
    start = r"\begin{align*}\frac{\partial}{\partial x_k}\sum_i x_i^3 &= 3y_k \quad \text{where } y_k = x_k^2 \\ &= 3"
    assert judged(VECTOR + start + r"x_k^2\end{align*}").verdict == "right"
    assert judged(VECTOR + start + r"x_k\end{align*}").first_wrong_line == 2


def test_where_a_line_holds_is_no_reason() -> None:
    with pytest.raises(SyntaxProblem, match="holds only"):
        read_document(VECTOR + r"$$\frac{\partial x_i^2}{\partial x_k} = 0 \quad (i \neq k)$$")


@pytest.mark.parametrize("end", [r". && \square", r"\quad\blacksquare", r". \qedhere", r"\ \square"])
def test_the_end_of_a_proof_is_no_factor(end: str) -> None:
    report = judged(rf"{VECTOR}\begin{{align}}\|x\|^2 &= x^\top x \\ &= \sum_i x_i^2 {end}\end{{align}}")
    assert (report.verdict, len(report.lines)) == ("right", 3)


@pytest.mark.parametrize("columns", ["{rCl}", "{r*{1}{C}l}", "[t]{rCl}"])
def test_columns_are_no_factors(columns: str) -> None:
    text = rf"\begin{{IEEEeqnarray}}{columns}\|x\|^2 &=& x^\top x \IEEEyesnumber\\* &=& \sum_i x_i^2\end{{IEEEeqnarray}}"
    (case,) = read_document(VECTOR + text)
    assert case.lines == (r"\|x\|^2", r"x^\top x", r"\sum_i x_i^2")


@pytest.mark.parametrize("relation", [r"\underbrace{=}_{\text{sift}}", r"\overset{\text{(a)}}{=}"])
def test_a_relation_with_a_remark_is_a_relation(relation: str) -> None:
    (case,) = read_document(rf"{VECTOR}$$\|x\|^2 {relation} x^\top x$$")
    assert case.lines == (r"\|x\|^2", r"x^\top x")


@pytest.mark.parametrize("words", ["Set", r"For $n\ge 1$ set", "We set", "Let"])
def test_what_is_set_is_defined(words: str) -> None:
    definitions = r"$\mu = \frac1n\sum_k x_k$, $s = \sum_k (x_k-\mu)^2$"
    text = rf"{words} {definitions}. Then $$\frac{{\partial s}}{{\partial x_j}} = 2(x_j-\mu)$$"
    assert judged(VECTOR + text).definitions == (r"\mu = \frac1n\sum_k x_k", r"s = \sum_k (x_k-\mu)^2")
    assert judged(VECTOR + text).verdict == "right"


@pytest.mark.parametrize("words", ["If we set $y = x$", "Set $y = 0$", "Set $y = x$"])
def test_a_value_that_is_put_in_is_no_definition(words: str) -> None:
    (case,) = read_document(rf"Let $x,y\in\mathbb{{R}}^n$. $$\|x-y\|^2 = (x-y)^\top(x-y)$$ {words}, this is simple.")
    assert not case.definitions


def test_a_remark_on_a_derivative_breaks_no_chain() -> None:
    remark = r" and, using $\sigma'(u)=\sigma(u)(1-\sigma(u))$, "
    assert judged(SIGMOID + remark + r"$$=1-\sigma(x).$$").verdict == "right"
    assert judged(SIGMOID + remark + r"$$=1+\sigma(x).$$").first_wrong_line == 2
