"""Contraction keeps the meaning, leaves no bound index in a delta, and stops because its measure falls."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from tensorderiv.algebra.build import add, call, delta, mul, number, power, total
from tensorderiv.algebra.evaluate import evaluate
from tensorderiv.algebra.expression import (
    Bracket,
    Compare,
    CopyTensor,
    Element,
    Expr,
    KroneckerDelta,
    Node,
    Position,
    Reduction,
    Tensor,
)
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.traverse import parts, substitute_expr
from tensorderiv.canonical import equal
from tensorderiv.contract import contract, contraction_steps, laws
from tensorderiv.contract.driver import GATHER, apply_at
from tensorderiv.contract.measure import measure
from tensorderiv.errors import ExtentMismatch
from tensorderiv.simplify.alike import unify
from tensorderiv.simplify.factor import factor
from tensorderiv.simplify.fold import fold_names
from tensorderiv.simplify.fractions import reduce_fractions
from tensorderiv.simplify.indicators import settle
from tensorderiv.simplify.nest import nest_sums
from tensorderiv.simplify.style import as_written
from tensorderiv.simplify.symmetry import brackets_to_conditions, is_symmetric, write_alike
from tensorderiv.simplify.tidy import tidy
from tests.support.expressions import FREE, SIZES, arrays, census, expressions

VALUES = arrays()
LAX = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def value(expr: Expr) -> np.ndarray:
    return evaluate(expr, axes=FREE, arrays=VALUES, sizes=SIZES)


def assert_same(before: Expr, after: Expr) -> None:
    a, b = value(before), value(after)
    scale = 1 + np.abs(a).max(initial=0)
    assert np.abs(a - b).max(initial=0) <= 1e-10 * scale, f"{before}\n  became\n{after}"


def live_deltas(expr: Expr) -> list[str]:
    """Deltas that hold an index bound by a sum around them, wherever they stand."""
    found: list[str] = []

    def visit(node: Node, bound: frozenset[Index]) -> None:
        if isinstance(node, (KroneckerDelta, CopyTensor)):
            if any(laws.partner(node, index) is not None for index in bound):
                found.append(str(node))
            return
        if isinstance(node, Reduction) and node.op == "sum":
            bound = bound | set(node.indices)
        for part in parts(node):
            visit(part, bound)

    visit(expr, frozenset())
    return found


@LAX
@given(expressions())
def test_meaning_is_kept_and_no_bound_index_is_left_in_a_delta(expr: Expr) -> None:
    result = contract(expr)
    assert_same(expr, result)
    assert live_deltas(result) == []


@LAX
@given(expressions())
def test_the_measure_falls_with_every_sweep_of_a_level(expr: Expr) -> None:
    before = expr
    for sweep in contraction_steps(expr):
        if sweep.law is not GATHER:
            mine, theirs = measure(sweep.after, sweep.level), measure(before, sweep.level)
            assert mine < theirs, f"{sweep.law.name} on level {sweep.level}: {before} -> {sweep.after}"
        before = sweep.after


@LAX
@given(expressions())
def test_contraction_is_idempotent(expr: Expr) -> None:
    once = contract(expr)
    assert contract(once) == once


@LAX
@given(expressions())
def test_the_plain_algebra_keeps_the_meaning(expr: Expr) -> None:
    for change in (tidy, nest_sums, factor, settle, unify, brackets_to_conditions):
        assert_same(expr, change(expr))
    for named in (write_alike, reduce_fractions, as_written):
        assert_same(expr, named(expr, []))


@LAX
@given(expressions())
def test_renaming_free_indices_commutes(expr: Expr) -> None:
    i, *_, l_ = FREE
    renaming = {i: Index("i'", "n"), l_: Index("p", "d")}
    assert equal(contract(substitute_expr(expr, renaming)), substitute_expr(contract(expr), renaming))


def test_the_generator_makes_enough_of_every_kind() -> None:
    seen: Counter[str] = Counter()
    total_count = 0

    @settings(max_examples=300, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(expressions())
    def run(expr: Expr) -> None:
        nonlocal total_count
        total_count += 1
        seen.update(census(expr))

    run()
    for kind in ("delta", "copy", "nested sum", "condition", "function"):
        assert seen[kind] >= 0.2 * total_count, f"{kind}: {seen[kind]} of {total_count}"


X = Tensor("X", ("n", "d"))
i, j, k, l_ = FREE
p, q = Index("p", "d"), Index("q", "d")


def x(*subscripts: Index) -> Element:
    return Element(X, subscripts)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (total([p], mul(delta(p, l_), x(i, p))), "X_il"),
        (total([p], mul(delta(p, q), delta(p, l_), x(i, p))), "delta_ql X_iq"),
        (total([p], KroneckerDelta(p, p)), "d"),
        (total([p], total([q], KroneckerDelta(p, q))), "d"),
        (KroneckerDelta(i, i), "1"),
        (power(KroneckerDelta(i, j), 3), "delta_ij"),
        (total([i], mul(CopyTensor((i, j, k)), x(i, p))), "delta_jk X_jp"),
        (call("exp", total([p], mul(delta(p, l_), x(i, p)))), "exp(X_il)"),
        (total([p], call("exp", mul(delta(p, l_), x(i, p)))), None),
        (total([p], mul(x(i, p), total([q], mul(delta(p, q), x(j, q))))), "sum_p X_ip X_jp"),
        (total([p], add(mul(delta(p, l_), x(i, p)), x(j, p))), None),
        (total([i], mul(x(i, p), call("cos", total([j], add(x(j, p), KroneckerDelta(i, j)))))), None),
    ],
)
def test_each_law_on_its_example(before: Expr, after: str | None) -> None:
    result = contract(before)
    assert live_deltas(result) == []
    if after is not None:
        assert str(result) == after


def test_unequal_extents_are_refused() -> None:
    with pytest.raises(ExtentMismatch, match=r"delta.*extent d.*extent n"):
        contract(total([p], mul(KroneckerDelta(p, i), x(j, p))))


def test_a_planted_fault_in_sift_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    before = total([p], mul(delta(p, l_), x(i, p), x(j, p)))
    good = laws.sift

    def drops_the_last_factor(node: Expr, scope: laws.Scope) -> Expr | None:
        result = good(node, scope)
        return mul(*laws.factors_of(result)[:-1]) if result is not None else None

    faulty = apply_at(drops_the_last_factor, before, 0)
    with pytest.raises(AssertionError, match="became"):
        assert_same(before, faulty)


def test_folding_puts_the_name_back() -> None:
    norm = Statement(Tensor("N", ("n",)), (i,), call("sqrt", total([p], power(x(i, p), 2))))
    assert str(fold_names(mul(x(j, l_), power(call("sqrt", total([q], power(x(j, q), 2))), -1)), [norm])) == "X_jl / N_j"
    assert str(fold_names(call("sqrt", total([q], power(x(q, q), 2))), [norm])).startswith("sqrt")


def test_a_symmetric_quantity_is_recognised_and_written_alike() -> None:
    square = total([p], power(add(x(i, p), mul(number(-1), x(j, p))), 2))
    kernel = Statement(Tensor("K", ("n", "n")), (i, j), call("exp", mul(number(-1), square)))
    skew = Statement(Tensor("S", ("n", "n")), (i, j), total([p], add(x(i, p), mul(number(-1), x(j, p)))))
    assert is_symmetric(kernel)
    assert not is_symmetric(skew)
    less, more = Bracket(Compare("<", Position(i), Position(j))), Bracket(Compare("<", Position(j), Position(i)))
    both = add(mul(less, Element(kernel.tensor, (i, j))), mul(more, Element(kernel.tensor, (j, i))))
    assert str(factor(write_alike(both, [kernel]))) == "K_ij ([i < j] + [j < i])"
    assert str(write_alike(add(less, more), [])) == "[i != j]"
    assert str(brackets_to_conditions(total([j], mul(less, x(j, p))))) == "sum_{j: i < j} X_jp"
