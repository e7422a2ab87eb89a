"""Formulas are cut into statements at their top level; statements get their roles."""

from __future__ import annotations

import pytest

from tensorderiv.checker.document import read_document
from tensorderiv.checker.document.find import stretches, without_comments
from tensorderiv.checker.document.links import joined_chains
from tensorderiv.checker.document.macros import expanded
from tensorderiv.checker.document.mapped import Mapped
from tensorderiv.checker.document.split import statements
from tensorderiv.errors import SyntaxProblem


def sides(text: str) -> list[list[str]]:
    return [[side.text for side in statement.sides] for statement in statements(Mapped.of(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = b = c", [["a", "b", "c"]]),
        (r"a &= b \\ &= c", [["a", "b", "c"]]),
        (r"a &=& b \\ &=& c", [["a", "b", "c"]]),
        (r"a = \\ b = \\ c", [["a", "b", "c"]]),
        (r"a &= b \\ &\quad + c \\ &= d", [["a", "b + c", "d"]]),
        (r"A = B, \quad C = D", [["A", "B"], ["C", "D"]]),
        (r"A = B \qquad C = D", [["A", "B"], ["C", "D"]]),
        (r"A = B \text{ and } C = D", [["A", "B"], ["C", "D"]]),
        (r"A &= B & C &= D \\ E &= F & G &= H", [["A", "B"], ["C", "D"], ["E", "F"], ["G", "H"]]),
        (r"A = B \implies C = D", [["A", "B"], ["C", "D"]]),
        (r"A = B \\ \Rightarrow C = D", [["A", "B"], ["C", "D"]]),
        (r"f(x = y) = \sum_{i=1}^n [i=j] x_i", [["f(x = y)", r"\sum_{i=1}^n [i=j] x_i"]]),
        (r"x = \begin{cases} 1, & i = j \\ 0 \end{cases} = y", [["x", r"\begin{cases} 1, & i = j \\ 0 \end{cases}", "y"]]),
        (r"\left. x \right|_{t=0} = y", [[r"\left. x \right|_{t=0}", "y"]]),
        (r"a \stackrel{\text{def}}{=} b \overset{(1)}{=} c", [["a", "b", "c"]]),
        (r"a := b \equiv c", [["a", "b", "c"]]),
        (r"a = b \approx c", [["a", "b"], ["c"]]),
        (r"a \le b = c", [["a"], ["b", "c"]]),
        (r"a = b \quad i = 1, \dots, n", [["a", "b"]]),
        (r"a = b, \quad \forall i", [["a", "b"]]),
        (r"a = b \label{eq:1} \tag{2} \nonumber", [["a", "b"]]),
        (r"\begin{aligned} a &= b \\[4pt] &= c. \end{aligned}", [["a", "b", "c"]]),
        (r"\begin{array}{rcl} a & = & b \\ & = & c \end{array}", [["a", "b", "c"]]),
        (r"a = \left(\begin{array}{c} b \\ c \end{array}\right)", [["a", r"\left(\begin{array}{c} b \\ c \end{array}\right)"]]),
        (r"a = b + \left( c \right. \\ \left. + d \right) = e", [["a", r"b + \left( c \right. \left. + d \right)", "e"]]),
        ("a = [0, 1) = b", [["a", "[0"], ["1)", "b"]]),
        (r"d(x, y) = z", [["d(x, y)", "z"]]),
        (r"a = b \quad\text{by symmetry we get } c = d", [["a", "b"], ["c", "d"]]),
        (r"a = b \text{ from which } c = d", [["a", "b"], ["c", "d"]]),
        (r"a &= b & \text{loss} &= c", [["a", "b"], [r"\text{loss}", "c"]]),
        (r"a ~=~ b \\ {}= c", [["a", "b", "c"]]),
        (r"a &= b. && \square \\* &= c", [["a", "b", "c"]]),
        (r"a = b =: c", [["a", "b", "c"]]),
        (r"a = b \quad\because x = y \\ = c", [["x", "y"], ["a", "b", "c"]]),
        (r"a = b \quad\text{since } x = y, \quad c = d", [["x", "y"], ["a", "b"], ["c", "d"]]),
        (r"a = b \text{ (since $x$) } = c", [["a", "b", "c"]]),
        (r"a = b \quad (x = y + 1) \\ = c \quad (1 \le k \le n)", [["x", "y + 1"], ["a", "b", "c"]]),
        (r"\sum_{{j=1}\atop{j\ne k}}^n x_j = y", [[r"\sum_{{j=1}\atop{j\ne k}}^n x_j", "y"]]),
    ],
)
def test_statements(text: str, expected: list[list[str]]) -> None:
    assert sides(text) == expected


def test_a_chain_goes_on_over_displays() -> None:
    document = Mapped.of("$$ a = b $$ so that, with $x = y$, $$ = c \\\\ = d $$ and, by definition of $u$, \\[ = f \\]")
    found = [
        statement
        for number, part in enumerate(stretches(document))
        if part.kind != "prose"
        for statement in statements(part.body, number, part.kind == "inline")
    ]
    assert [[side.text for side in chain.sides] for chain in joined_chains(found)] == [
        ["a", "b", "c", "d", "f"],
        ["x", "y"],
        ["u"],
    ]


def test_a_condition_is_kept() -> None:
    found = statements(Mapped.of(r"a = b \quad \text{for } i \neq j"))
    assert found[0].condition == r"for i \neq j"
    assert not statements(Mapped.of(r"a = b \quad \text{for all } i"))[0].condition


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"x \begin{align*} a \end{align*} y", ["prose", "display", "prose"]),
        (r"$$ a $$ \( b \) \[ c \]", ["display", "prose", "inline", "prose", "display"]),
        ("```math\na = b\n```\n```python\nx = $1\n```", ["display", "prose"]),
        (r"costs \$5 and \$6", ["prose"]),
        (r"\begin{verbatim} $a$ \end{verbatim} b", ["prose"]),
        (r"\eqalign{ a &= {b} \\ } c", ["display", "prose"]),
        ("an open $ dollar\n\nand more", ["prose"]),
        ("`code $a$` and $b$", ["prose", "inline"]),
    ],
)
def test_where_mathematics_stands(text: str, expected: list[str]) -> None:
    assert [part.kind for part in stretches(Mapped.of(text))] == expected


def test_comments_are_dropped_and_percentages_stay() -> None:
    text = "a % comment $x$\n% whole line\n50% of 20 \\% and\nx &= y \\\\ % end\n"
    assert without_comments(Mapped.of(text)).text == "a \n\n50% of 20 \\% and\nx &= y \\\\ \n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"\def\a#1{<#1>}\a{b}\a c", "<b><c>"),
        (r"\newcommand{\v}[1]{\mathbf{#1}}\v x", r"\mathbf{x}"),
        (r"\newcommand*\n[2][2]{\|#2\|_{#1}}\n{x}\n[F]{x}", r"\|x\|_{2}\|x\|_{F}"),
        (r"\DeclareMathOperator{\tr}{tr}\tr A", r"\operatorname{tr} A"),
        (r"\let\eps\varepsilon\eps_i", r"\varepsilon_i"),
        (r"\DeclarePairedDelimiter{\norm}{\lVert}{\rVert}\norm{x}", r"\lVert x\rVert"),
        (r"\def\d{\delta}\d x\def\d{D}\d", r"\delta x D"),
        (r"\def\a{\alpha}\def\b#1{\a#1}\b x", r"\alpha x"),
        (r"\def\be{\begin{equation}}\be", r"\begin{equation}"),
        (r"\newcommand{\half}{\frac12}\half x", r"\frac12 x"),
    ],
)
def test_macros(text: str, expected: str) -> None:
    assert expanded(Mapped.of(text)).text.strip() == expected


def test_a_macro_that_calls_itself_is_refused() -> None:
    with pytest.raises(SyntaxProblem, match="does not come to an end"):
        read_document(r"\def\a{\b\b} \def\b{\a\a} $$ \a = x $$")


def test_what_is_not_judged_is_said() -> None:
    (case,) = read_document(r"$$ f = x^2 $$ $$ \frac{\partial f}{\partial x} = 2x = 0 $$ $$ 2x + 1 = 1 $$")
    assert case.lines == (r"\frac{\partial f}{\partial x}", "2x")
    assert case.definitions == ("f = x^2",)
    assert "= 0 is what is required, and is not judged" in case.notes
    (case,) = read_document(r"$$ f = x^2 $$ $$ \frac{\partial f}{\partial x} = x + x = 2x \approx 2 $$")
    assert case.lines[-1] == "2x"
    assert r"what stands behind \approx is not judged" in case.notes


def test_the_last_definition_before_counts() -> None:
    text = "$$ f = x^2 $$ $$ \\frac{df}{dx} = 2x $$ Now let $$ f = x^3 $$ $$ \\frac{df}{dx} = 3x^2 $$"
    assert [case.definitions for case in read_document(text)] == [("f = x^2",), ("f = x^3",)]


def test_where_clauses_define() -> None:
    (case,) = read_document(r"$$ f = s^2 $$ $$ \frac{df}{dx} = 2 s \frac{ds}{dx} = 6 s x^2 $$ where $s = 2 x^3$.")
    assert case.definitions == ("s = 2 x^3", "f = s^2")


def test_hypotheses_define_nothing() -> None:
    (case,) = read_document(r"If $x = 5$ then nothing. $$ f = x^2 $$ $$ \frac{df}{dx} = x + x = 2x $$")
    assert case.definitions == ("f = x^2",)
