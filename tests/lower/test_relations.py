"""Sums over rows chosen by labels: what the nests compute, in how many operations, with how much memory."""

from __future__ import annotations

import numpy as np
import pytest

from tensorderiv.adjoint import Adjoint, forward, reverse
from tensorderiv.algebra.expression import Tensor
from tensorderiv.algebra.program import Program
from tensorderiv.algebra.sizes import sizes_of
from tensorderiv.language import read
from tensorderiv.lower import Plan, lower
from tensorderiv.lower.nest import Loop, walk_ops
from tensorderiv.lower.schedule import growth
from tensorderiv.lower.stable import stabilise
from tests.support.agreement import agrees, arrays_of
from tests.support.nests import run_plan
from tests.support.relations import HEAD, LABELS, RELATIONS


def derived(text: str) -> tuple[Program, Adjoint]:
    program = stabilise(read(text))
    return program, reverse(program, [i.tensor.name for i in program.inputs if not i.tensor.integer])


def outputs(program: Program, adjoint: Adjoint) -> list[str]:
    return [program.output.tensor.name, *(name for _, name in adjoint.gradients)]


def plan_of(text: str) -> Plan:
    program, adjoint = derived(text)
    return lower(adjoint.program, outputs(program, adjoint))


@pytest.mark.parametrize("name", RELATIONS)
def test_value_and_gradients_for_all_kinds_of_labels(name: str) -> None:
    program, adjoint = derived(RELATIONS[name])
    for labels in LABELS.values():
        if name == "centroids" and not labels:
            continue  # reads X[0, p]
        arrays = arrays_of(adjoint.program, {"n": len(labels), "d": 2, "k": 4}, seed=1)
        arrays["c"] = np.array(labels, dtype=np.int64)
        agrees(adjoint.program, outputs(program, adjoint), arrays, sizes_of(adjoint.program, arrays))


STEEPER = {"angular": (3, 1), "metric": (3, 2)}
"""S_pn belongs to no row of the anchor: it is computed for each triplet. The forms of `metric` cost d^2 a pair."""


@pytest.mark.parametrize("name", RELATIONS)
def test_nothing_of_a_pair_is_computed_for_each_triplet(name: str) -> None:
    """n n n without a loop over features, or d n n: pairs are computed once an anchor, for value and for all gradients."""
    plan = plan_of(RELATIONS[name])
    for stage in plan.stages:
        assert growth(stage.nest.body, plan.rows) <= STEEPER.get(name, (3, 0)), f"{stage.name}: {stage.cost.operations}"


@pytest.mark.parametrize("name", ["hardest", "lifted", "contrastive", "supcon", "ntxent", "multi similarity", "circle", "margin"])
def test_losses_of_pairs_take_the_time_of_pairs(name: str) -> None:
    plan = plan_of(RELATIONS[name])
    for stage in plan.stages:
        assert growth(stage.nest.body, plan.rows) <= (2, 1), f"{stage.name}: {stage.cost.operations}"


@pytest.mark.parametrize("name", RELATIONS)
def test_no_temporary_has_two_rows(name: str) -> None:
    plan = plan_of(RELATIONS[name])
    stored = {("n", "n")} if name in ("weights of pairs", "pair output") else set()  # of the shape of an input or an output
    assert {shape for shape in plan.temporaries if sum(e in plan.rows for e in shape) > 1} <= stored


@pytest.mark.parametrize(("name", "most"), [("named", (3, 0)), ("unnamed", (3, 0)), ("hardest", (2, 1)), ("lifted", (2, 1))])
def test_second_derivatives_grow_like_first(name: str, most: tuple[int, int]) -> None:
    _, adjoint = derived(RELATIONS[name])
    program = forward(adjoint.program, {"X": Tensor("V", ("n", "d"))})
    moved = next(s.tensor.name for s in program.statements if s.tensor.name.startswith("Xbardot"))
    plan = lower(program, [moved])
    assert all(growth(stage.nest.body, plan.rows) <= most for stage in plan.stages)
    arrays = arrays_of(program, {"n": 5, "d": 2})
    agrees(program, [moved], arrays, sizes_of(program, arrays))


def test_the_gradient_of_triplets() -> None:
    """The pairs of an anchor once, positives and negatives from groups and tests, features only where a pair takes part."""
    stage = plan_of(RELATIONS["named"]).stage("Xbar")
    assert (
        str(stage.nest)
        == """\
part = zeros(blocks, n, d)
for block in blocks:  # parallel
    D_row = empty(n)
    for j in block of range(n):
        c_j = c_j
        for i in range(n):
            s2 = 0
            for q in range(d):
                t2 = X_jq - X_iq
                s2 += t2^2
            D_row_i = s2
        low, high = places of c_j in c
        for i in range(n):
            if c_j = c_i and j != i:
                s = 0
                t3 = D_row_i
                for n in range(n):
                    if c_j != c_n:
                        if t3 - D_row_n + m > 0:
                            s += 1
                t = s
            else:
                t = 0
            if c_j != c_i:
                s3 = 0
                t5 = -D_row_i
                for p in rows with c_p = c_j:
                    if j != p:
                        if D_row_p + t5 + m > 0:
                            s3 += 1
                t4 = -s3
            else:
                t4 = 0
            Dbar_ji = t + t4
            t6 = -2 Dbar_ji
            if t6 != 0:
                for q in range(d):
                    part_{block,i,q} += t6 (X_jq - X_iq)
            t7 = 2 Dbar_ji
            if t7 != 0:
                for q in range(d):
                    part_{block,j,q} += t7 (X_jq - X_iq)
for i in range(n):  # parallel
    for q in range(d):
        Xbar_iq = 0
    for each in range(blocks):
        for q in range(d):
            Xbar_iq += part_{each,i,q}"""
    )


def test_grouped_loops_need_a_loop_around_them() -> None:
    """One pass over the rows asks each for its label; a pass inside another runs over the rows of the label."""
    once = lower(read(HEAD + "L = sum_{i: c_i = 1} sum_p X_ip^2"))
    assert not once.groupings
    inside = lower(read(HEAD + "L = sum_i sum_{j: c_j = c_i} sum_p X_ip X_jp"))
    assert [labels.name for labels in inside.groupings] == ["c"]
    assert inside.temporaries.count(("n",)) >= 2, "the sorted rows and their labels are counted"


def test_a_group_and_an_order_of_rows() -> None:
    """j > i stays a test where j runs over a group."""
    (stage,) = lower(read(RELATIONS["ordered pairs"])).stages
    loops = [op for op in walk_ops(stage.nest.body) if isinstance(op, Loop) and op.group is not None]
    assert [op.index.name for op in loops] == ["j"]
    assert loops[0].start is None and "if i < j:" in str(stage.nest)


@pytest.mark.parametrize("name", ["hardest", "hardest, unnamed"])
@pytest.mark.parametrize("labels", ["alike", "apart", "one row"])
def test_empty_sets_do_not_poison(name: str, labels: str) -> None:
    """A maximum over nothing is -inf, a minimum inf: no nan comes of it, and no gradient."""
    program, adjoint = derived(RELATIONS[name])
    arrays = arrays_of(adjoint.program, {"n": len(LABELS[labels]), "d": 2})
    arrays["c"] = np.array(LABELS[labels])
    made = run_plan(lower(adjoint.program, outputs(program, adjoint)), arrays, sizes_of(adjoint.program, arrays))
    assert not np.isnan(made["L"])
    np.testing.assert_array_equal(made["Xbar"], 0 * arrays["X"])
