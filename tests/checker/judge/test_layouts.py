r"""Which way dy/dx of two vectors lies, where nothing states it; and identities of the size that their place needs.

Documents are read as a whole here: what is inferred and how it is judged belong together.
"""

from __future__ import annotations

from typing import Any

import pytest

from tensorderiv.checker.checking import check, check_all

VECTORS = r"Let $A, B\in\mathbb R^{m\times n}$, $W\in\mathbb R^{k\times m}$ and $x\in\mathbb R^n$. "
SQUARE = r"Let $A, W\in\mathbb R^{n\times n}$ and $x\in\mathbb R^n$. "
LOSS = r"Let $W\in\mathbb R^{m\times n}$, $x\in\mathbb R^n$, $y=Wx$ and $L=y^Ty$. "
STATED = "We use denominator layout. "


def verdict(text: str) -> tuple[str, int | None]:
    report = check(text)
    return report.verdict, report.first_wrong_line


@pytest.mark.parametrize(
    ("given", "lines"),
    [
        (VECTORS, r"\frac{\partial Ax}{\partial x} = A"),
        (VECTORS, r"\frac{\partial Ax}{\partial x} = A^T"),
        (VECTORS, r"\frac{\partial(WAx)}{\partial x} = W\frac{\partial(Ax)}{\partial x} = WA"),
        (VECTORS, r"\frac{\partial(WAx)}{\partial x} = \frac{\partial(Ax)}{\partial x}W^T = A^TW^T"),
        (
            SQUARE + r"Let $h_t = \tanh(Wh_{t-1})$. ",
            r"\frac{\partial h_t}{\partial h_{t-1}} = \operatorname{diag}(1-h_t\odot h_t)W",
        ),
        (LOSS, r"\frac{\partial L}{\partial x} = \frac{\partial L}{\partial y}\frac{\partial y}{\partial x} = 2y^TW"),
        (LOSS, r"\frac{\partial L}{\partial x} = \frac{\partial y}{\partial x}\frac{\partial L}{\partial y} = 2W^Ty"),
        (LOSS, r"\nabla_x L = \left(\frac{\partial L}{\partial y}\frac{\partial y}{\partial x}\right)^T = W^T\nabla_y L"),
        (LOSS, r"\frac{\partial L}{\partial W} = \left(\frac{\partial L}{\partial y}\right)^Tx^T = 2yx^T"),
        (LOSS, r"\nabla_x y = \left(\frac{\partial y}{\partial x}\right)^T"),
    ],
)
def test_a_layout_that_nothing_states_is_open(given: str, lines: str) -> None:
    assert verdict(f"{given}$$ {lines} $$") == ("right", None)


@pytest.mark.parametrize(
    ("given", "lines", "wrong"),
    [
        (SQUARE, r"\frac{\partial Ax}{\partial x} = A = \frac{\partial A^Tx}{\partial x}", 2),
        (SQUARE, r"\frac{\partial Ax}{\partial x} = A^T = \frac{\partial A^Tx}{\partial x}", 2),
        (VECTORS, r"\frac{\partial(WAx)}{\partial x} = W\frac{\partial(Ax)}{\partial x} = WA^T", 2),
        (SQUARE, r"\frac{\partial \operatorname{tr}(AW)}{\partial W} = A", 1),
        (STATED + SQUARE, r"\frac{\partial Ax}{\partial x} = A", 1),
        (STATED.replace("denominator", "numerator") + SQUARE, r"\frac{\partial Ax}{\partial x} = A^T", 1),
    ],
)
def test_a_layout_is_one_in_all_lines_and_the_one_that_is_stated(given: str, lines: str, wrong: int) -> None:
    assert verdict(f"{given}$$ {lines} $$") == ("wrong", wrong)


def test_the_same_holds_of_a_dictionary() -> None:
    given = {"extents": ["n"], "symbols": [{"name": "A", "shape": ["n", "n"]}, {"name": "x", "shape": ["n"]}], "wrt": "x"}
    lines = [r"\frac{\partial Ax}{\partial x}", "A", r"\frac{\partial A^Tx}{\partial x}"]
    assert check({**given, "lines": lines[:2]}).verdict == "right"
    assert check({**given, "lines": lines}).first_wrong_line == 2


def test_derivations_of_one_document_share_a_layout() -> None:
    first, second = r"$$ \frac{\partial Ax}{\partial x} = A $$", r"$$ \frac{\partial Bx}{\partial x} = B^T $$"
    both = check_all(VECTORS + first + " and " + second)
    assert [report.verdict for report in both] == ["right", "wrong"]
    assert "elsewhere are written in numerator layout" in both[1].remarks[-1]
    same = second.replace("B^T", "B")
    assert [report.verdict for report in check_all(VECTORS + first + " and " + same)] == ["right", "right"]
    named = "In numerator layout " + first + " and in denominator layout " + second
    assert [report.verdict for report in check_all(VECTORS + named)] == ["right", "right"]


PUSH = r"Let $X\in\mathbb R^{n\times p}$ and $\lambda>0$. "
WOODBURY = r"Let $U\in\mathbb R^{n\times k}$ and $V\in\mathbb R^{k\times n}$. "


@pytest.mark.parametrize(
    ("given", "right", "wrong"),
    [
        (PUSH, r"X^T(XX^T+\lambda I)^{-1} = (X^TX+\lambda I)^{-1}X^T", r"X^T(XX^T+\lambda I)^{-1} = (XX^T+\lambda I)^{-1}X^T"),
        (PUSH, "X(I_p+X^TX) = (I_n+XX^T)X", "X(I_p+X^TX) = (I_p+XX^T)X"),
        (WOODBURY, "(I+UV)^{-1} = I-U(I+VU)^{-1}V", "(I+UV)^{-1} = I+U(I+VU)^{-1}V"),
        (WOODBURY, r"\det(I+UV) = \det(I+VU)", r"\det(I+UV) = \det(I-VU)"),
        (r"Let $A\in\mathbb R^{n\times n}$. ", "(I_n+A)(I_n-A) = I_n-A^2", "(I_n+A)(I_n-A) = I_n+A^2"),
        (r"Let $x\in\mathbb R^n$. ", r"\sum_i x_i = \mathbf 1_n^Tx", r"\sum_i x_i = n\mathbf 1_n^Tx"),
        (
            r"Let $X\in\mathbb R^{n\times p}$. ",
            r"\mathbf 1_n^TX\mathbf 1_p = \sum_{i,j}X_{ij}",
            r"\mathbf 1_n^TX\mathbf 1_p = np",
        ),
    ],
)
def test_an_identity_is_as_large_as_its_place_needs_or_as_it_is_written(given: str, right: str, wrong: str) -> None:
    assert verdict(f"{given}$$ {right} $$") == ("right", None)
    assert verdict(f"{given}$$ {wrong} $$") == ("wrong", 1)


IDENTITIES: dict[str, Any] = {
    "extents": ["n", "p"],
    "symbols": [{"name": "X", "shape": ["n", "p"]}],
    "indices": {"i": "n", "j": "n"},
}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["X^T(XX^T+I)^{-1}", "(X^TX+I)^{-1}X^T"], "right"),
        (["X^T(XX^T+I)^{-1}", "(XX^T+I)^{-1}X^T"], "wrong"),
        (["(X^TX+I)(X^TX+I)^{-1}", "I", "I_p", "2I-I^{-1}", r"\frac{2I^T}{2}"], "right"),
        (["(X^TX+I)(X^TX+I)^{-1}", "I_n"], "wrong"),
        (["(X^TX+I)(X^TX+I)^{-1}", "2I"], "wrong"),
        (["(XX^T+2I)_{ij}", r"(XX^T)_{ij} + 2I_{ij}", r"(XX^T)_{ij} + 2\delta_{ij}"], "right"),
        (["X", "X + I"], "wrong"),
        (["X", "XI", "IXI"], "right"),
        ([r"\operatorname{tr}(X^TX)", r"\operatorname{tr}(I)"], "unreadable"),
    ],
)
def test_an_identity_that_a_dictionary_does_not_declare(lines: list[str], expected: str) -> None:
    assert check({**IDENTITIES, "lines": lines}).verdict == expected


def test_an_i_that_is_declared_is_what_it_is_declared_as() -> None:
    assert verdict(r"Let $I,\omega\in\mathbb R$. $$ \frac{\partial}{\partial\omega}\frac12I\omega^2 = I\omega $$") == (
        "right",
        None,
    )
    text = r"Let $A\in\mathbb R^{n\times n}$ and let $I\in\mathbb R^{n\times n}$ be symmetric. $$ (I+A)(I-A) = I-A^2 $$"
    assert verdict(text) == ("wrong", 1)


def test_a_zero_is_as_large_as_what_it_is_compared_with() -> None:
    given = r"Let $x\in\mathbb R^n$ and $P=I-\frac{xx^T}{x^Tx}$. "
    assert verdict(given + "$$ Px = x-x = 0 $$") == ("right", None)
    assert verdict(given + "$$ PP = P = 0 $$") == ("wrong", 2)
