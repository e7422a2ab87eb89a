r"""What only lays out a formula is no factor: \\[4pt], and the halves of a bracket over two rows."""

from __future__ import annotations

import pytest

from tensorderiv.checker.checking import check

XY = [{"name": "x"}, {"name": "y"}]


@pytest.mark.parametrize("skip", [r"\\[4pt]", r"\\[ 0.5 em ]", r"\\*[-2mm]", r"\\*", r"\\ [1ex]", r"\\[\jot]"])
def test_a_skip_is_no_content(skip: str) -> None:
    lines = [rf"\begin{{pmatrix}}x+x{skip}y\end{{pmatrix}}", r"\begin{pmatrix}2x\\y\end{pmatrix}"]
    assert check({"symbols": XY, "lines": lines}).verdict == "right"
    lines[1] = r"\begin{pmatrix}3x\\y\end{pmatrix}"
    assert check({"symbols": XY, "lines": lines}).verdict == "wrong"


def test_a_skip_in_a_document() -> None:
    text = r"Let $x\in\mathbb{R}$. $$|x| = \begin{cases}x & x\ge 0\\[2pt] -x & x<0\end{cases}$$"
    assert check(text).verdict == "right"
    assert check(text.replace("-x", "2x")).verdict == "wrong"


@pytest.mark.parametrize(
    "text",
    [
        r"\left( x \right. + \left. y \right) x",
        r"\left( x\right.\cdot 1 + \left. y \right) x",
        r"\left[ x \right. + \left. 0 \right. + \left. y \right] x",
        r"\left\{ \left. x \right. + y \right\} x",
    ],
)
def test_halves_are_one_bracket(text: str) -> None:
    assert check({"symbols": XY, "lines": [text, "x^2 + xy"]}).verdict == "right"
    assert check({"symbols": XY, "lines": [text, "x + xy"]}).verdict == "wrong"


def test_a_value_at_a_point_is_no_half() -> None:
    lines = [r"\left. (x + y)^2 \right|_{y=0}", "x^2"]
    assert check({"symbols": XY, "lines": lines}).verdict == "right"
