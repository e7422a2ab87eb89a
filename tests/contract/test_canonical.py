"""The canonical form: sound, idempotent, blind to order and to the names of bound indices."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tensorderiv.algebra.build import add, call, div, mul, neg, number, power, sub, total
from tensorderiv.algebra.evaluate import evaluate
from tensorderiv.algebra.expression import (
    Add,
    Bracket,
    Compare,
    Element,
    Expr,
    KroneckerDelta,
    Mul,
    Node,
    Position,
    Reduction,
    Tensor,
)
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.traverse import bottom_up, index_names, rename_bound, rewrite
from tensorderiv.canonical import canonical, equal
from tensorderiv.contract import contract
from tests.support.expressions import FREE, SIZES, arrays, expressions

VALUES = arrays()
LAX = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@LAX
@given(expressions(depth=3))
def test_meaning_is_kept(expr: Expr) -> None:
    before = evaluate(expr, axes=FREE, arrays=VALUES, sizes=SIZES)
    after = evaluate(canonical(expr), axes=FREE, arrays=VALUES, sizes=SIZES)
    assert np.abs(before - after).max() <= 1e-10 * (1 + np.abs(before).max())


@LAX
@given(expressions(depth=3))
def test_idempotent(expr: Expr) -> None:
    assert canonical(canonical(expr)) == canonical(expr)


@LAX
@given(expressions(depth=3), st.randoms(use_true_random=False))
def test_blind_to_order_and_to_bound_names(expr: Expr, random: object) -> None:
    def shuffle(node: Node) -> Node:
        if isinstance(node, (Add, Mul)):
            items = list(node.terms if isinstance(node, Add) else node.factors)
            random.shuffle(items)  # type: ignore[attr-defined]
            return type(node)(tuple(items))
        return node

    def rename(node: Expr) -> Expr:
        if isinstance(node, Reduction):
            renamed = rename_bound(node, list(node.indices), {i.name for i in FREE} | index_names(node))
            assert isinstance(renamed, Expr)
            return renamed
        return node

    changed = rewrite(bottom_up(expr, shuffle), rename)  # type: ignore[arg-type]
    assert canonical(changed) == canonical(expr)


@LAX
@given(expressions(depth=3))
def test_contraction_does_not_change_it(expr: Expr) -> None:
    assert equal(expr, contract(expr))


X = Tensor("X", ("n", "d"))
i, j, k, l_ = FREE
p, q = Index("p", "d"), Index("q", "d")


def x(*subscripts: Index) -> Element:
    return Element(X, subscripts)


def test_what_must_be_equal() -> None:
    square = total([p], power(sub(x(i, p), x(j, p)), 2))
    opened = add(total([q], power(x(j, q), 2)), total([q], power(x(i, q), 2)), mul(number(-2), total([q], mul(x(j, q), x(i, q)))))
    assert equal(square, opened)
    assert equal(mul(KroneckerDelta(i, j), x(i, p)), mul(KroneckerDelta(i, j), x(j, p)))
    assert equal(mul(call("exp", x(i, p)), call("exp", x(j, p))), call("exp", add(x(j, p), x(i, p))))
    assert equal(call("abs", sub(x(i, p), x(j, p))), call("abs", sub(x(j, p), x(i, p))))
    assert equal(div(number(1), mul(number(2), x(i, p))), mul(power(number(2), -1), power(x(i, p), -1)))
    assert equal(power(call("sqrt", x(i, p)), 2), x(i, p))
    assert equal(Bracket(Compare("=", Position(i), Position(j))), KroneckerDelta(j, i))
    assert equal(call("sin", neg(x(i, p))), neg(call("sin", x(i, p))))


def test_a_condition_is_not_captured_by_an_inner_sum() -> None:
    """sum_{i: i != j} sum_j X_jl X_il: the j of the condition is free, the j inside is bound."""
    inner = total([j], mul(x(j, l_), x(i, l_)))
    expr = total([i], inner, Compare("!=", Position(i), Position(j)))
    before = evaluate(expr, axes=FREE, arrays=VALUES, sizes=SIZES)
    after = evaluate(canonical(expr), axes=FREE, arrays=VALUES, sizes=SIZES)
    assert np.allclose(before, after, rtol=1e-12, atol=0)


def test_what_must_not_be_equal() -> None:
    assert not equal(total([p], x(i, p)), total([p], x(j, p)))
    assert not equal(x(i, p), mul(KroneckerDelta(i, j), x(j, p)))
    assert not equal(total([i, j], mul(x(i, p), x(j, p))), total([i], power(x(i, p), 2)))
    assert not equal(call("sqrt", power(x(i, p), 2)), x(i, p))
