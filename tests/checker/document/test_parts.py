"""Arrays and their parts: entries with numbers, rows and columns with names, capitals as indices, primes as transposes."""

from __future__ import annotations

import pytest

from tensorderiv.checker.checking import check
from tensorderiv.checker.document import read_document
from tensorderiv.checker.document.facts import gathered
from tensorderiv.checker.document.prose import Said, facts_of
from tensorderiv.errors import SyntaxProblem

SQUARE = r"\in\mathbb{R}^{n\times n}"
TALL = r"\in\mathbb{R}^{n\times d}"


def assumed(text: str, *formulas: str) -> dict[str, tuple[str, ...]]:
    return {name: fact.assume for name, fact in gathered(facts_of(Said(text, formulas))).items() if fact.assume}


@pytest.mark.parametrize(
    ("text", "formulas", "expected"),
    [
        ("Let ⟦0⟧ be symmetric, ⟦1⟧, and ⟦2⟧.", ("A" + SQUARE, "X" + SQUARE, "f = 1"), {"A": ("symmetric",)}),
        ("Let ⟦0⟧ be symmetric, ⟦1⟧.", ("S" + SQUARE, "X" + TALL), {"S": ("symmetric",)}),
        ("Let ⟦0⟧ be a matrix and ⟦1⟧ symmetric.", ("X", "A" + SQUARE), {"A": ("symmetric",)}),
        ("⟦0⟧ is a factor of the symmetric matrix ⟦1⟧.", ("L", "A"), {"A": ("symmetric",)}),
        ("For symmetric ⟦0⟧ matrices ⟦1⟧, ⟦2⟧ and ⟦3⟧", (r"n\times n", "A", "B", "C"), dict.fromkeys("ABC", ("symmetric",))),
        ("⟦0⟧ is a matrix with nonnegative entries ⟦1⟧.", ("X", "X_{ij}"), {"X": ("nonnegative",)}),
    ],
)
def test_a_property_is_said_of_what_it_stands_with(
    text: str, formulas: tuple[str, ...], expected: dict[str, tuple[str, ...]]
) -> None:
    assert assumed(text, *formulas) == expected


def test_a_property_that_the_shape_rules_out_is_an_error() -> None:
    with pytest.raises(SyntaxProblem, match="X is said to be symmetric and n x r; symmetric means square"):
        read_document(r"Let $X\in\mathbb{R}^{n\times r}$ be symmetric. $$\operatorname{tr}(X^\top X) = \|X\|_F^2$$")
    report = check({"symbols": [{"name": "X", "shape": ["n", "r"], "assume": ["symmetric"]}], "lines": ["X^T X", "X X^T X"]})
    assert "X: symmetric, and its shape is n x r" in str(report.problem)


RIGHT = [
    r"Let $x\in\mathbb{R}^2$. $$\|x\|^2 = x_1^2+x_2^2$$",
    r"Let $x,y\in\mathbb{R}^3$. $$x^\top y = x_1y_1+x_2y_2+x_3y_3$$",
    r"Let $A\in\mathbb{R}^{2\times2}$. $$\det A = A_{11}A_{22}-A_{12}A_{21}$$",
    r"Let $x\in\mathbb{R}^2$, $f(x)=x_1^2x_2$. $$\nabla f(x) = \begin{bmatrix}2x_1x_2\\ x_1^2\end{bmatrix}$$",
    r"Let $x\in\mathbb{R}^2$, $f(x)=x_1^2x_2$. $$\nabla f(x) = (2x_1x_2, x_1^2)^\top$$",
    r"Let $x_1,x_2\in\mathbb{R}^d$. $$\|x_1-x_2\|^2 = \|x_1\|^2-2x_1^\top x_2+\|x_2\|^2$$",
    r"Let $x\in\mathbb{R}^d$, $x_1, x_2$ two vectors. $$\|x_1-x_2\|^2 = \|x_1\|^2-2x_1^\top x_2+\|x_2\|^2$$",
    r"Let $x\in\mathbb{R}^n$. $$\|x\|^2 = x_1^2+x_2^2+\dots+x_n^2$$",
    r"Let $x=(x_1,\dots,x_n)^\top$. $$\frac{\partial}{\partial x_k}\|x\|^2 = 2x_k$$",
    r"Let $\mathbf{x}=(x_1,\dots,x_n)^\top$. $$\|\mathbf{x}\|^2 = \sum_i x_i^2$$",
    *(
        rf"Let $X{TALL}$ {said}. $$\sum_{{i=1}}^n \|x_i\|^2 = \operatorname{{tr}}(X^\top X)$$"
        for said in (
            "with rows $x_i$",
            r"have the rows $x_i^\top$",
            "be a matrix whose rows are $x_i$",
            r"with rows $x_1,\dots,x_n$",
            "and let $x_i$ be the $i$-th row of $X$",
            r"and let $x_i^\top$ be its $i$-th row",
            "and $x_i = X_{i,:}^\\top$",
        )
    ),
    r"Let $X=[x_1,\dots,x_n]^\top\in\mathbb{R}^{n\times d}$. $$\sum_i x_ix_i^\top = X^\top X$$",
    r"Let $X\in\mathbb{R}^{d\times n}$ have the columns $x_i$. $$\sum_{i=1}^n x_ix_i^\top = XX^\top$$",
    r"Let $X\in\mathbb{R}^{d\times n}$ have the columns $x_i$. $$\frac{\partial}{\partial x_k}\|X\|_F^2 = 2x_k$$",
    rf"Let $X{TALL}$. $$\sum_{{i=1}}^n \|X_{{i\cdot}}\|^2 = \operatorname{{tr}}(X^\top X)$$",
    rf"Let $X{TALL}$. $$\sum_j \|X_{{:,j}}\|^2 = \operatorname{{tr}}(X^\top X)$$",
    rf"Let $A{SQUARE}$. $$\frac{{\partial}}{{\partial A_{{KL}}}}\sum_{{I,J}}A_{{IJ}}^2 = 2A_{{KL}}$$",
    rf"Let $F{SQUARE}$. $$\frac{{\partial}}{{\partial F_{{mN}}}}\sum_{{k,I}} F_{{kI}}^2 = 2F_{{mN}}$$",
    r"Let $x\in\mathbb{R}^n$. $$\frac{\partial}{\partial x_K}\sum_I x_I^2 = 2x_K$$",
    r"Let $F_{ij}$ be an $n\times n$ matrix. $$\frac{\partial}{\partial F_{kl}}\sum_{i,j}F_{ij}^2 = 2F_{kl}$$",
    rf"Let $X{TALL}$, $\beta\in\mathbb{{R}}^d$. $$\frac{{\partial}}{{\partial\beta}}\beta'X'X\beta = 2X'X\beta$$",
    r"Let $x\in\mathbb{R}^d$. $$\operatorname{tr}(xx') = x'x$$",
    rf"Let $X{TALL}$ with rows $x_i'$, $b\in\mathbb{{R}}^d$. $$\sum_i x_ix_i'b = X'Xb$$",
    r"Let $x\in\mathbb{R}^d$. $$\frac{\partial}{\partial x}\|x-x'\|^2 = 2(x-x')$$",
    r"$X$ is $n\times d$, $y$ an $n$-vector, $b$ a $d$-vector, $'$ denotes the transpose. $$(y-Xb)'y = y'y-b'X'y$$",
    r"Let $w\in\mathbb{R}^n$. $$J_\lambda=\lambda\|w\|^2$$ $$\frac{\partial J_\lambda}{\partial\lambda}=\|w\|^2$$",
]
SHORT = r"\frac{\partial}{\partial X_{kl}}"
RIGHT += [
    rf"Let $X{TALL}$ {said}. $$\partial_{{kl}}\sum_{{i,j}}X_{{ij}}^2 = 2X_{{kl}}$$"
    for said in (rf"and $\partial_{{kl}} := {SHORT}$", rf"and write $\partial_{{kl}}$ for ${SHORT}$")
]
WRONG = [
    rf"Let $A{SQUARE}$ be positive definite, $X{SQUARE}$, and $f = 1$. $$X^\top A = XA$$",
    r"Let $A\in\mathbb{R}^{2\times2}$. $$\det A = A_{11}A_{22}+A_{12}A_{21}$$",
    rf"Let $X{SQUARE}$ have the rows $x_i^\top$. $$\sum_i x_ix_i^\top = XX^\top$$",
    rf"Let $A{SQUARE}$. $$\frac{{\partial}}{{\partial A_{{KL}}}}\sum_{{I,J}}A_{{IJ}}^2 = 2A_{{LK}}$$",
    r"Let $F_{ij}$ be an $n\times n$ matrix. $$\frac{\partial}{\partial F_{kl}}\sum_{i,j}F_{ij}^2 = 2F_{lk}$$",
    r"Let $x\in\mathbb{R}^n$. $$x'x = 2\|x\|^2$$",
    r"Let $x\in\mathbb{R}^n$. $$2\|x\|^2 = x_1^2+\dots+x_n^2$$",
]


@pytest.mark.parametrize(("text", "verdict"), [(text, "right") for text in RIGHT] + [(text, "wrong") for text in WRONG])
def test_parts(text: str, verdict: str) -> None:
    assert check(text).verdict == verdict


def test_entries_of_named_columns_are_asked_for() -> None:
    with pytest.raises(SyntaxProblem, match=r"x_\{ij\} may be either entry; write it as an entry of X"):
        read_document(r"Let $X\in\mathbb{R}^{d\times n}$ have the columns $x_i$. $$\sum_{i,j}x_{ij}^2 = \|X\|_F^2$$")


def test_a_capital_that_is_no_index_stays_a_label() -> None:
    (case,) = read_document(r"Let $x\in\mathbb{R}^n$, $y\in\mathbb{R}^n$. $$x_T^\top y_T + D_{KL} = y_T^\top x_T + D_{KL}$$")
    assert {symbol.name for symbol in case.symbols} == {"x_{T}", "y_{T}", "D_{KL}"}
