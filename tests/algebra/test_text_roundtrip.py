"""What the text printer writes, the reader reads to the same meaning."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tensorderiv.algebra.evaluate import evaluate
from tensorderiv.algebra.expression import Expr
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.text import statement_text, to_text
from tensorderiv.language import read_expression
from tests.support.printed import FREE, OUT, PROGRAM, SIZES, census, printable, values

LAX = settings(deadline=None, suppress_health_check=list(HealthCheck))
VALUES = values()
TAKEN = PROGRAM.names


def meaning(expr: Expr) -> np.ndarray:
    with np.errstate(all="ignore"):
        return evaluate(expr, axes=FREE, arrays=VALUES, sizes=SIZES)


def assert_same(expr: Expr, back: Expr) -> None:
    """Equal as trees, or else in every finite entry of the array: the reader folds delta_ii to 1 and 1/(a/b) to b/a, which keeps
    the value wherever there is one."""
    if back == expr:
        return
    before, after = meaning(expr), meaning(back)
    finite = np.isfinite(before)
    np.testing.assert_allclose(after[finite], before[finite], rtol=1e-9, atol=1e-12)


@settings(LAX, max_examples=150)
@given(printable())
def test_an_expression_reads_back(expr: Expr) -> None:
    text = to_text(expr, FREE, TAKEN)
    where, back = read_expression(text, PROGRAM, FREE)
    assert where == ()
    assert_same(expr, back)


@settings(LAX, max_examples=60)
@given(printable(depth=2))
def test_without_a_scope_the_reader_needs_no_help_with_conditions(expr: Expr) -> None:
    """The long form of every condition names what it binds."""
    _, back = read_expression(to_text(expr, None, TAKEN | {index.name for index in FREE}), PROGRAM, FREE)
    assert_same(expr, back)


@settings(LAX, max_examples=60)
@given(printable(depth=2))
def test_printing_is_stable(expr: Expr) -> None:
    """Reading and printing once more changes nothing."""
    once = to_text(read_expression(to_text(expr, FREE, TAKEN), PROGRAM, FREE)[1], FREE, TAKEN)
    assert to_text(read_expression(once, PROGRAM, FREE)[1], FREE, TAKEN) == once


@settings(LAX, max_examples=60)
@given(printable(scope=FREE[:1], depth=2))
def test_a_where_line_reads_back(body: Expr) -> None:
    line = Statement(OUT, FREE[:1], body)
    (back,), expr = read_expression(f"out_i + t\nwhere {statement_text(line, TAKEN)}", PROGRAM, FREE[:1])
    assert to_text(expr) == "out_i + t"
    assert back.element == line.element
    assert_same(body, back.body)


def test_the_generator_makes_enough_of_everything() -> None:
    found: Counter[str] = Counter()
    made = 0

    @settings(LAX, max_examples=300, phases=[Phase.generate], database=None, derandomize=True)
    @given(printable())
    def count(expr: Expr) -> None:
        nonlocal made
        made += 1
        found.update(census(expr))

    count()
    for kind in ("delta", "copy", "nested reduction", "reduction", "condition", "function", "gather"):
        assert found[kind] >= 0.2 * made, f"{kind}: {found[kind]} of {made}"


@pytest.mark.parametrize(
    "text",
    [
        "2 (X_il - X_jl)(delta_ik - delta_jk)",
        "sum_{a: a != i} u_a",
        "u_i [c_i = c_j]",
        "t [c_i = c_j]",
        "X[argmax_a (Sbar_ia),l]",
        "diff(sum_p X_ip^2, X_kl)",
        "if(u_i > 0, t, -t)",
        "-1/n sum_a log(u_a)",
        "(sum_p X_ip X_jp) / (u_i u_j)",
        r"sum_{\alpha} X_{\alpha,l}",
    ],
)
def test_it_prints_as_it_was_written(text: str) -> None:
    assert to_text(read_expression(text, PROGRAM, FREE)[1]) == text
