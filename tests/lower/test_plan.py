"""What is stored, what is recomputed, and where: memory, hoisting, guards, buffers."""

from __future__ import annotations

import pytest

from tensorderiv.adjoint import reverse
from tensorderiv.language import read
from tensorderiv.lower import Plan, lower
from tensorderiv.lower.nest import Blocks, Loop, Op, walk_ops
from tensorderiv.lower.stable import stabilise
from tests.support.losses import LOSSES, gradient_plan


def loops(ops: list[Op]) -> list[str]:
    return [op.index.name for op in walk_ops(ops) if isinstance(op, Loop)]


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_takes_memory_of_the_order_of_its_inputs(name: str) -> None:
    """No temporary has two row extents: never n x n, never n x n x d."""
    for plan in (lower(read(LOSSES[name])), gradient_plan(LOSSES[name])):
        for shape in plan.temporaries:
            assert sum(extent in plan.rows for extent in shape) <= 1, f"{shape} in {name}"


def test_a_pair_quantity_is_computed_once_a_pair_and_outside_the_features() -> None:
    program = read("tensor X[n,d], Y[m,d]\nD_ij = sqrt(sum_p (X_ip - Y_jp)^2)")
    adjoint = reverse(program, ["X"])
    (stage,) = lower(adjoint.program, ["Xbar"], frozenset({"n", "m"})).stages
    assert (
        str(stage.nest)
        == """\
for i in range(n):  # parallel
    for p in range(d):
        Xbar_ip = 0
    for j in range(m):
        s = 0
        for p in range(d):
            t = X_ip - Y_jp
            s += t^2
        t2 = sqrt(s)
        t3 = if(W_ij = 0, 0, W_ij / t2)
        for p in range(d):
            t4 = X_ip - Y_jp
            Xbar_ip += if(t4 = 0, 0, t3 t4)"""
    )


def test_a_quantity_of_two_of_three_rows_is_buffered() -> None:
    """D_aq inside loops a, p, q is computed n^2 times, not n^3."""
    plan = lower(read(LOSSES["triplets"]))
    text = str(plan)
    assert "D_row" in text
    assert any("n n n" in str(stage.cost.operations) and "d n n n" not in str(stage.cost.operations) for stage in plan.stages)


def test_conditions_on_positions_become_loop_bounds() -> None:
    plan = lower(read("tensor X[n,d]\nL = sum_{i,j: i < j} sum_p (X_ip - X_jp)^2"))
    assert "for j in range(i + 1, n):" in str(plan)


def test_costly_functions_of_one_row_are_computed_once_a_row() -> None:
    plan = lower(read("tensor X[n,d], Y[m,d]\nD_ij = sum_p (exp(X_ip) - exp(Y_jp))^2"))
    assert [stage.name for stage in plan.stages] == ["R1", "R2", "D"]
    assert "exp" not in str(plan.stages[-1].nest)


def test_the_same_function_of_two_rows_is_one_name() -> None:
    plan = lower(read("tensor X[n,d]\nD_ij = sum_p (exp(X_ip) - exp(X_jp))^2"))
    assert [stage.name for stage in plan.stages] == ["R1", "D"]


def test_sums_over_all_rows_run_in_fixed_blocks() -> None:
    plan = lower(read("tensor X[n,d]\nL = sum_{i,j} sqrt(sum_p (X_ip - X_jp)^2)"))
    assert any(isinstance(op, Blocks) for op in walk_ops(plan.stages[-1].nest.body))


def test_a_quotient_of_sums_is_three_stages() -> None:
    plan = lower(read("tensor X[n,d]\nL = (sum_{i,j} abs(sum_p X_ip X_jp)) / sum_{i,j} sqrt(sum_p X_ip^2 X_jp^2)"))
    assert len(plan.stages) == 3


def test_dead_names_are_not_computed() -> None:
    plan = lower(read("tensor X[n,d]\nA_ip = exp(X_ip)\nL = sum_i X[i,0]"))
    assert [stage.name for stage in plan.stages] == ["L"]


def test_two_runs_print_the_same() -> None:
    first, second = (str(gradient_plan(LOSSES["n-pairs"])) for _ in range(2))
    assert first == second


def test_renaming_the_indices_changes_names_only() -> None:
    one: Plan = lower(read("tensor X[n,d]\nD_ij = sum_p abs(X_ip - X_jp)"))
    two: Plan = lower(read("tensor X[n,d]\nD_ab = sum_q abs(X_aq - X_bq)"))
    renamed = str(one).replace("ij", "ab").replace("ip", "aq").replace("jp", "bq")
    for old, new in ("ia", "jb", "pq"):
        renamed = renamed.replace(f"for {old} in", f"for {new} in").replace(f"sum_{old}", f"sum_{new}")
    assert renamed == str(two)


def test_stable_forms_come_before_the_adjoint() -> None:
    text = str(stabilise(read(LOSSES["n-pairs"])).output.body)
    assert "logsumexp" in text
    assert "exp(" not in text.replace("logsumexp", "")
