"""Functions of a whole matrix are stages of their own, computed once, and every nest around them means its statement."""

from __future__ import annotations

import numpy as np
import pytest

from tensorderiv.adjoint import forward, reverse
from tensorderiv.algebra.build import mul
from tensorderiv.algebra.evaluate import evaluate
from tensorderiv.algebra.expression import Element, MatrixFunction, Tensor
from tensorderiv.algebra.program import Input, Program, Statement
from tensorderiv.algebra.sizes import sizes_of
from tensorderiv.language import read
from tensorderiv.lower import lower
from tensorderiv.lower.facts import Facts, Sign
from tensorderiv.lower.matrices import name_matrices
from tensorderiv.lower.nest import MatrixStep, walk_ops
from tensorderiv.lower.plan import Plan
from tensorderiv.lower.signature import kind_of
from tests.support.matrices import DEFINITIONS, arrays_of
from tests.support.nests import run_plan

SIZES = {"n": 3, "m": 4, "d": 2}


def agrees(program: Program, names: list[str]) -> Plan:
    """Each output of the plan is what its statement means."""
    arrays = arrays_of(program, SIZES)
    sizes = sizes_of(program, arrays)
    plan = lower(program, names)
    made = run_plan(plan, arrays, sizes)
    for name in names:
        statement = program.statement(name)
        assert statement is not None
        meant = evaluate(statement.body, axes=statement.indices, arrays=arrays, sizes=sizes, statements=program.statements)
        np.testing.assert_allclose(made[name], meant, rtol=1e-10, atol=1e-11, err_msg=name)
    return plan


def steps(plan: Plan) -> list[tuple[str, str]]:
    ops = [op for stage in plan.stages for op in walk_ops(stage.nest.body)]
    return [(op.function, op.matrix.name) for op in ops if isinstance(op, MatrixStep)]


@pytest.mark.parametrize("name", DEFINITIONS)
def test_values_adjoints_and_tangents(name: str) -> None:
    program = read(DEFINITIONS[name])
    agrees(program, [program.output.tensor.name])
    real = [item.tensor.name for item in program.inputs]
    adjoint = reverse(program, real)
    plan = agrees(adjoint.program, [gradient for _, gradient in adjoint.gradients])
    assert len(set(steps(plan))) == len(steps(plan)), "no function of a matrix is computed twice"
    tangent = forward(
        name_matrices(program)[0],
        {item.tensor.name: Tensor(f"d{item.tensor.name}", item.tensor.extents) for item in program.inputs},
    )
    agrees(tangent, [tangent.output.tensor.name])


def test_the_plan_of_a_quadratic_form() -> None:
    assert str(lower(read(DEFINITIONS["quadratic form"]))).splitlines()[:3] == [
        "# A_inv_ij = inv(A)_ij",
        "# 3 n n n operations",
        "A_inv = inv(A)",
    ]


def test_a_named_inverse_is_the_stage() -> None:
    program = read(DEFINITIONS["named inverse"])
    named, stored = name_matrices(program)
    assert named.statements == program.statements and stored == {"A", "B"}
    assert steps(lower(program)) == [("inv", "A")]


def test_names_that_are_taken_are_left_alone() -> None:
    taken, matrix = Tensor("A_det"), Tensor("A", ("n", "n"))
    body = mul(MatrixFunction("det", matrix), Element(taken))
    named, _ = name_matrices(Program("p", (Input(matrix), Input(taken)), (Statement(Tensor("L"), (), body),)))
    assert [str(statement.element) for statement in named.statements] == ["A_det2", "L"]


def test_the_cost_of_the_likelihood_grows_with_the_cube_of_the_points() -> None:
    """Neither gradient nor Hessian-vector product has loops over more than three points."""
    program = read(DEFINITIONS["marginal likelihood"])
    adjoint = reverse(program, ["X", "y", "t"])
    tangent = forward(name_matrices(adjoint.program)[0], {"X": Tensor("dX", ("n", "d"))})
    for made, names in ((adjoint.program, [g for _, g in adjoint.gradients]), (tangent, [tangent.output.tensor.name])):
        for stage in lower(made, names).stages:
            assert all(key.count("n") <= 3 and not (key.count("n") == 3 and "d" in key) for key in stage.cost.operations.terms)


def test_facts() -> None:
    program = read("tensor A[n,n] in spd, B[n,n]\na = logdet(A)\nb = logdet(B)\nc = det(A)\ne = det(B)\nL = a + b + c + e")
    facts = Facts(program.inputs, program.statements)
    bodies = {statement.tensor.name: statement.body for statement in program.statements}
    assert [facts.finite(bodies[name]) for name in "abce"] == [True, False, True, True]
    assert [facts.sign(bodies[name]) for name in "ce"] == [Sign.POSITIVE, Sign.ANY]


@pytest.mark.parametrize(("name", "kind"), [("metric", "pair"), ("entries", "tensor"), ("volume", "scalar")])
def test_kinds(name: str, kind: str) -> None:
    assert kind_of(read(DEFINITIONS[name])) == kind


def test_the_inverse_of_the_points_themselves_is_no_pair_function() -> None:
    assert kind_of(read("tensor X[n,n]\nK_ij = inv(X)_ij")) == "tensor"
    covariance = "tensor X[n,d]\nC_pq = sum_k X_kp X_kq / n\nD_ij = sum_{p,q} (X_ip - X_jp) inv(C)_pq (X_iq - X_jq)"
    assert kind_of(read(covariance)) == "tensor"


def test_the_logarithm_of_a_determinant_does_not_overflow() -> None:
    assert steps(lower(read("tensor A[n,n]\nL = log(det(A))"))) == [("logdet", "A")]
