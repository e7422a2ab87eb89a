"""Sums written with dots, and what stands where the dots tell nothing."""

from __future__ import annotations

import pytest

from tensorderiv.checker.reading import Unreadable, read_line
from tests.checker.reading.known import known, usual

SUMS = [
    (r"x_1 + \dots + x_n", "(sum i: x_[i])"),
    (r"x_1+x_2+\cdots+x_n", "(sum i: x_[i])"),
    (r"a+x_1y_1+...+x_ny_n+b", "(+ a (sum i: (* x_[i] y_[i])) b)"),
    (r"\sqrt{x_1^2+\ldots+x_n^2}", "sqrt((sum i: x_[i]**2))"),
    (r"x_i(A_{i1}+\dots+A_{in})", "(* x_[i] [(sum j: A_[i j])])"),
]


@pytest.mark.parametrize(("line", "tree"), SUMS, ids=[line for line, _ in SUMS])
def test_terms_from_one_to_a_size(line: str, tree: str) -> None:
    assert usual(line) == tree


@pytest.mark.parametrize(
    "line", [r"x_1+\dots+y_n", r"x_1+x_3+\dots+x_n", r"x_1+\dots", r"x_1\dots x_n", r"\dots+x_n", "x_1-...-x_n"]
)
def test_other_dots_are_not_read(line: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_line(line, known())
    assert "ellipsis" in str(caught.value)
