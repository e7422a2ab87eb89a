"""Reverse, forward and closed forms against dual numbers, on random programs with names in between."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from tensorderiv.adjoint import component, forward, reverse
from tensorderiv.algebra.build import add, call, mul, number, power, total
from tensorderiv.algebra.evaluate import evaluate
from tensorderiv.algebra.expression import Derivative, Element, Expr, Tensor
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Input, Program, Statement
from tensorderiv.derivation import derive
from tensorderiv.errors import NameProblem
from tensorderiv.language import read
from tests.support.expressions import FREE, SIZES, TENSORS, X, arrays, expressions

VALUES = arrays(1)
I, J, K, L = FREE
BY = Element(X, (Index("a", "n"), Index("b", "d")))
LAX = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def program_of(inner: Expr, outer: Expr, *, scalar: bool) -> Program:
    """F_il = sin of the inner expression, then an output that uses F at two places."""
    name = Statement(Tensor("F", ("n", "d")), (I, L), call("sin", total([J, K], inner)))
    body = mul(outer, add(Element(name.tensor, (I, L)), power(Element(name.tensor, (J, L)), 2)))
    output = Statement(Tensor("D", ("n", "n")), (I, J), total([K, L], body))
    if scalar:
        output = Statement(Tensor("loss"), (), total([I, J], output.body))
    return Program("random", tuple(Input(t) for t in TENSORS), (name, output))


def by_duals(program: Program, by: Element) -> np.ndarray:
    axes = (*program.output.indices, *(s for s in by.subscripts if isinstance(s, Index)))
    expr = Derivative(program.output.element, by)
    return evaluate(expr, axes=axes, arrays=VALUES, sizes=SIZES, statements=program.statements)


def value_of(program: Program, statement: Statement, extra: dict[str, np.ndarray]) -> np.ndarray:
    return evaluate(
        statement.element,
        axes=statement.indices,
        arrays=VALUES | extra,
        sizes=SIZES,
        statements=program.statements,
    )


def close(a: np.ndarray, b: np.ndarray) -> bool:
    return bool(np.abs(a - b).max(initial=0) <= 1e-9 * (1 + np.abs(b).max(initial=0)))


@LAX
@given(expressions(depth=2), expressions(depth=2))
def test_reverse_of_a_scalar(inner: Expr, outer: Expr) -> None:
    program = program_of(inner, outer, scalar=True)
    result = reverse(program, ["X", "t"])
    for (name, gradient), by in zip(result.gradients, (BY, Element(Tensor("t"))), strict=True):
        statement = result.program.statement(gradient)
        assert statement is not None
        assert close(value_of(result.program, statement, {}), by_duals(program, by)), name


@LAX
@given(expressions(depth=2), expressions(depth=2))
def test_reverse_with_a_cotangent_and_forward_with_a_tangent_are_transposes(inner: Expr, outer: Expr) -> None:
    program = program_of(inner, outer, scalar=False)
    jacobian = by_duals(program, BY)
    rng = np.random.default_rng(2)
    w, v = rng.standard_normal((3, 3)), rng.standard_normal((3, 2))
    adjoint = reverse(program, ["X"])
    ((_, gradient),) = adjoint.gradients
    statement = adjoint.program.statement(gradient)
    assert statement is not None
    assert close(value_of(adjoint.program, statement, {"W": w}), np.einsum("ij,ijab->ab", w, jacobian))
    tangent = forward(program, {"X": Tensor("V", ("n", "d"))})
    assert close(value_of(tangent, tangent.output, {"V": v}), np.einsum("ijab,ab->ij", jacobian, v))


@LAX
@given(expressions(depth=2), expressions(depth=2))
def test_closed_forms_and_every_step_of_a_derivation(inner: Expr, outer: Expr) -> None:
    for scalar in (False, True):
        program = program_of(inner, outer, scalar=scalar)
        expected = by_duals(program, BY)
        if not scalar:
            closed = component(program, BY)
            assert close(value_of(program.with_statements(*program.statements, closed), closed, {}), expected)
        for step in derive(program, BY).steps:
            assert close(step.evaluate(**VALUES), expected), f"{step.rule}: {step.expr}"


def test_hessian_vector_product_is_forward_over_reverse() -> None:
    p = Index("p", "d")
    norms = Statement(Tensor("N", ("n",)), (I,), call("sqrt", total([p], power(Element(X, (I, p)), 2))))
    loss = Statement(Tensor("loss"), (), total([I], power(add(norms.element, number(-1)), 2)))
    program = Program("radii", (Input(X),), (norms, loss))
    adjoint = reverse(program, ["X"])
    gradient = adjoint.program.statement(adjoint.gradients[0][1])
    assert gradient is not None
    whole = adjoint.program.with_statements(*(s for s in adjoint.program.statements if s is not gradient), gradient)
    product = forward(whole, {"X": Tensor("V", ("n", "d"))})
    v = np.random.default_rng(3).standard_normal((3, 2))
    x = VALUES["X"]
    n = np.linalg.norm(x, axis=1, keepdims=True)
    along = (x * v).sum(1, keepdims=True)
    exact = 2 * v - 2 * (v / n - x * along / n**3)
    assert close(value_of(product, product.output, {"V": v}), exact)


def test_what_is_no_real_input_is_refused() -> None:
    program = program_of(number(1), number(1), scalar=True)
    with pytest.raises(NameProblem, match="Q is not a real input"):
        reverse(program, ["Q"])


def test_a_planted_fault_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the second term of the product rule the steps no longer agree."""
    from tensorderiv.differentiate import laws

    p = Index("p", "d")
    body = total([p], mul(Element(X, (I, p)), Element(X, (J, p))))
    program = Program("gram", (Input(X),), (Statement(Tensor("D", ("n", "n")), (I, J), body),))
    expected = by_duals(program, BY)
    assert close(derive(program, BY).evaluate(X=VALUES["X"]), expected)
    good = laws.LAWS
    half = laws.NamedLaw("product rule", lambda node, context: _first_term(laws.product(node, context)), "half of it")
    monkeypatch.setattr(laws, "LAWS", tuple(half if law.name == "product rule" else law for law in good))
    assert not close(derive(program, BY).evaluate(X=VALUES["X"]), expected)


def _first_term(expr: Expr | None) -> Expr | None:
    from tensorderiv.algebra.build import terms_of

    return None if expr is None else terms_of(expr)[0]


REGRESSIONS = {
    "a bound letter met again inside a quotient": """
        labels c[n]
        tensor s[n,n]
        L = sum_a (sum_{p: p != a and c[p] = c[a]} (s[a,p] - log(sum_{q: q != a} exp(s[a,q])))) / (sum_{p: p != a} 1)
    """,
    "a count whose condition depends on the variable": """
        tensor s[n,n]
        L = (sum_a sum_{p: p != a} relu(s[a,p])) / (sum_a sum_{p: p != a and s[a,p] > 0} 1)
    """,
}


@pytest.mark.parametrize("text", REGRESSIONS.values(), ids=REGRESSIONS.keys())
def test_what_failed_before(text: str) -> None:
    program = read(text)
    values = {"s": np.random.default_rng(4).standard_normal((4, 4)), "c": np.array([0, 1, 0, 1])}
    arrays = {item.tensor.name: values[item.tensor.name] for item in program.inputs}
    s = next(item.tensor for item in program.inputs if item.tensor.name == "s")
    derivation = derive(program, Element(s, (Index("k", "n"), Index("l", "n"))))
    exact = derivation.steps[0].evaluate(**arrays)
    assert np.abs(exact).max() > 0
    for step in derivation.steps:
        assert close(step.evaluate(**arrays), exact), step.rule
