"""Contraction does not depend on the order of laws, terms and factors, nor on names; planted faults show that checks can fail."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from tensorderiv.algebra.build import ONE, mul
from tensorderiv.algebra.evaluate import evaluate
from tensorderiv.algebra.expression import Add, Expr, KroneckerDelta, Mul, Node, Reduction
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.traverse import bottom_up, index_names, rename_bound, rewrite, substitute_expr
from tensorderiv.canonical import equal
from tensorderiv.contract import contract, contraction_steps, driver
from tensorderiv.contract.laws import LAWS, NamedLaw, sift
from tensorderiv.contract.live import Scope
from tests.support.expressions import FREE, SIZES, arrays, census, expressions

VALUES = arrays()
LAX = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
SEARCH = settings(LAX, max_examples=1500, database=None, derandomize=True, phases=[Phase.generate])
ORDERS = st.permutations(range(len(LAWS)))


def contracted(expr: Expr, laws: Sequence[NamedLaw] = LAWS) -> Expr:
    """The contraction by these laws, tried in this order."""
    with patch.object(driver, "LAWS", tuple(laws)):
        return contract(expr)


def shuffled(expr: Expr, seed: int) -> Expr:
    """Terms and factors in another order, bound indices with other names."""
    order = random.Random(seed)

    def shuffle(node: Node) -> Node:
        if isinstance(node, (Add, Mul)):
            items = list(node.terms if isinstance(node, Add) else node.factors)
            order.shuffle(items)
            return type(node)(tuple(items))
        return node

    def rename(node: Expr) -> Expr:
        if not isinstance(node, Reduction):
            return node
        renamed = rename_bound(node, list(node.indices), {index.name for index in FREE} | index_names(node))
        assert isinstance(renamed, Expr)
        return renamed

    changed = bottom_up(expr, shuffle)
    assert isinstance(changed, Expr)
    return rewrite(changed, rename)


def keeps_the_meaning(expr: Expr, laws: Sequence[NamedLaw] = LAWS) -> bool:
    before = evaluate(expr, axes=FREE, arrays=VALUES, sizes=SIZES)
    after = evaluate(contracted(expr, laws), axes=FREE, arrays=VALUES, sizes=SIZES)
    return bool(np.abs(before - after).max() <= 1e-10 * (1 + np.abs(before).max()))


def is_idempotent(expr: Expr, laws: Sequence[NamedLaw] = LAWS) -> bool:
    once = contracted(expr, laws)
    return contracted(once, laws) == once


def is_blind_to_the_order_of_laws(expr: Expr, order: Sequence[int], laws: Sequence[NamedLaw] = LAWS) -> bool:
    return equal(contracted(expr, laws), contracted(expr, [laws[place] for place in order]))


def is_blind_to_the_order_of_terms(expr: Expr, seed: int, laws: Sequence[NamedLaw] = LAWS) -> bool:
    return equal(contracted(expr, laws), contracted(shuffled(expr, seed), laws))


RENAMING = {FREE[0]: Index("i'", "n"), FREE[1]: Index("a", "n"), FREE[3]: Index("p", "d")}


def commutes_with_renaming(expr: Expr, laws: Sequence[NamedLaw] = LAWS) -> bool:
    return equal(contracted(substitute_expr(expr, RENAMING), laws), substitute_expr(contracted(expr, laws), RENAMING))


@LAX
@given(expressions(), ORDERS)
def test_the_order_of_the_laws_does_not_matter(expr: Expr, order: list[int]) -> None:
    assert is_blind_to_the_order_of_laws(expr, order)
    assert keeps_the_meaning(expr, [LAWS[place] for place in order])
    assert is_idempotent(expr, [LAWS[place] for place in order])


@LAX
@given(expressions(), st.integers(0, 1000))
def test_the_order_of_terms_and_the_names_of_bound_indices_do_not_matter(expr: Expr, seed: int) -> None:
    assert is_blind_to_the_order_of_terms(expr, seed)


@LAX
@given(expressions())
def test_meaning_idempotence_and_names(expr: Expr) -> None:
    assert keeps_the_meaning(expr)
    assert is_idempotent(expr)
    assert commutes_with_renaming(expr)


# planted faults: laws as somebody might get them wrong


def replaced(name: str, law: Callable[[Expr, Scope], Expr | None]) -> tuple[NamedLaw, ...]:
    return tuple(NamedLaw(item.name, law, item.why, ()) if item.law.__name__ == name else item for item in LAWS)


def forgets_to_substitute(node: Expr, scope: Scope) -> Expr | None:
    """sum_p delta_pl f_p -> f_p, left under the sum over p."""
    if sift(node, scope) is None or not isinstance(node, Reduction):
        return None
    rest = [
        factor for factor in (node.body.factors if isinstance(node.body, Mul) else ()) if not isinstance(factor, KroneckerDelta)
    ]
    return Reduction("sum", node.indices, mul(*rest), node.condition) if rest else ONE


def by_letter(node: Expr, scope: Scope) -> Expr | None:
    """Takes a delta on i for 1 where it stands first in a product: right only by accident."""
    match node:
        case Mul((KroneckerDelta(Index("i"), _), *rest)):
            return mul(*rest)
    return None


def found(condition: Callable[[Expr], bool]) -> bool:
    """Whether some expression meets the condition."""
    try:
        find(expressions(), condition, settings=SEARCH)
    except NoSuchExample:
        return False
    return True


def test_a_sift_that_forgets_to_substitute_is_seen() -> None:
    assert found(lambda expr: not keeps_the_meaning(expr, replaced("sift", forgets_to_substitute)))


def test_a_law_that_looks_at_letters_is_seen() -> None:
    laws = replaced("diagonal", by_letter)
    assert found(lambda expr: not commutes_with_renaming(expr, laws))
    assert found(lambda expr: not is_blind_to_the_order_of_terms(expr, 1, laws))


def test_a_law_that_competes_with_others_is_seen() -> None:
    """Taking a delta in front for 1 spoils what sift would have made of it: the order of the two shows."""
    laws = (*LAWS, NamedLaw("by letter", by_letter, "", ()))
    assert found(lambda expr: not is_blind_to_the_order_of_laws(expr, [len(LAWS), *range(len(LAWS))], laws))


def test_a_contraction_that_stops_early_is_seen() -> None:
    def first_sweep(expr: Expr) -> Expr:
        return next((sweep.after for sweep in contraction_steps(expr)), expr)

    with patch(f"{__name__}.contract", first_sweep):
        assert found(lambda expr: not is_idempotent(expr))


@pytest.mark.parametrize("depth", [3, 4])
def test_the_generator_makes_enough_of_every_kind(depth: int) -> None:
    seen: Counter[str] = Counter()
    made: list[Expr] = []

    @settings(LAX, max_examples=300, database=None, derandomize=True, phases=[Phase.generate])
    @given(expressions(depth=depth))
    def run(expr: Expr) -> None:
        made.append(expr)
        seen.update(census(expr))

    run()
    for kind in ("delta", "copy", "nested sum", "condition", "function"):
        assert seen[kind] >= 0.2 * len(made), f"{kind}: {seen[kind]} of {len(made)}"
    assert len(set(made)) >= 0.7 * len(made)
