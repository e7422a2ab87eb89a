"""td.equal: proofs, decisions and counterexamples, over all free indices and inside the domains."""

from __future__ import annotations

from fractions import Fraction
from time import monotonic

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import tensorderiv as td
from tensorderiv.algebra.build import add, mul, number
from tensorderiv.algebra.evaluate import evaluate
from tensorderiv.algebra.expression import Element, Expr
from tensorderiv.algebra.program import Input
from tensorderiv.canonical import canonical
from tensorderiv.equality import Claim, Side, decide, proof
from tensorderiv.errors import DomainProblem, ExtentMismatch, IndexProblem
from tensorderiv.language.bare import read_bare
from tests.support.expressions import FREE, TENSORS, U, X, expressions

LAX = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
SQUARE = "D_ij = sum_p (X_ip - X_jp)^2"
COSINE = "N_i = sqrt(sum_p X_ip^2)\nD_ij = 1 - sum_p X_ip X_jp / (N_i N_j)"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("sum_p (X_ip - X_jp)^2", "sum_p X_ip^2 + sum_p X_jp^2 - 2 sum_p X_ip X_jp"),
        ("mean_i x_i", "1/n sum_i x_i"),
        ("a_{c[i]}", "sum_j delta[j,c[i]] a_j"),
        ("x_i / (x_i + y_i) + y_i / (x_i + y_i)", "1 + 0 x_i"),
        ("sum_k delta_ik A_kj", "A_ij"),
        ("X_ij - X_ij", "0"),
        ("x_i / x_i", "1 + 0 x_i"),
        (SQUARE, "tensor X[m,k]\nE_ab = sum_q (X_aq - X_bq)^2"),
        (COSINE, "C_ij = 1 - <X_i, X_j> / (|X_i| |X_j|)"),
        (SQUARE, "D_ij"),
    ],
)
def test_proved(left: str, right: str) -> None:
    verdict = td.equal(left, right)
    assert verdict
    assert (verdict.how, str(verdict)) == ("proved", "equal: proved")


@pytest.mark.parametrize(
    ("left", "right", "domain"),
    [
        ("sin(x)^2 + cos(x)^2", "1", ""),
        ("(sin(x)^2 + cos(x)^2 - 1) 10^40", "0", ""),
        ("sqrt(x^2)", "x", "scalar x > 0"),
        ("sqrt(x^2)", "-x", "scalar x < 0"),
        ("log(x y)", "log(x) + log(y)", ""),
        ("sum_j P_ij", "1", "tensor P[n,m] in simplex"),
        ("sum_j P_ij^2", "1", "tensor P[n,m] in sphere"),
        ("A_ij", "A_ji", "tensor A[d,d] symmetric"),
        ("max(x, 1)", "x", "scalar x in [1,3]"),
        ("sum_{i<j} K_ij", "sum_{i,j} K_ij / 2 - sum_i K_ii / 2", "tensor K[n,n] symmetric"),
        ("floor(log2(8)) x", "3 x", ""),
        ("floor(sin(x)^2 + cos(x)^2)", "1", ""),
        ("sign(sin(x)^2 + cos(x)^2 - 1)", "0", ""),
        ("sin(10^80 x)", "3 sin(10^80 x / 3) - 4 sin(10^80 x / 3)^3", ""),
        ("diff(sqrt(sum_p (X_ip - X_jp)^2), X_kl)", "(X_il - X_jl)(delta_ik - delta_jk) / sqrt(sum_p (X_ip - X_jp)^2)", ""),
    ],
)
def test_decided(left: str, right: str, domain: str) -> None:
    verdict = td.equal(left, right, given=domain or None)
    assert verdict, verdict
    assert verdict.how == f"holds at {min(verdict.points, 24)} random points"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("sqrt(x^2)", "x"),
        ("A_ij", "A_ji"),
        ("(x_i + 1)^2", "x_i^2 + 1"),
        ("sum_{i != j} x_i x_j", "sum_{i,j} x_i x_j"),
        ("diff(sum_p (X_ip - X_jp)^2, X_kl)", "2 (X_il - X_jl)(delta_ik + delta_jk)"),
        ("max_j x_j", "x[0]"),
        ("exp(x_i)", "1 + x_i + x_i^2 / 2"),
        ("sum_{i<j} K_ij", "sum_{i,j} K_ij / 2"),
        ("[x_i > 0]", "[x_i >= 0]"),
        ("sum_j 1/(x_i - x_j)", "sum_{j: j != i} 1/(x_i - x_j)"),
        ("x_i", "y_i"),
        ("x_i delta_ij delta_jk", "x_i delta_ij delta_jl + x_k delta_kl"),
    ],
)
def test_a_counterexample_can_be_computed_again(left: str, right: str) -> None:
    verdict = td.equal(left, right)
    assert not verdict
    example = verdict.counterexample
    assert example is not None
    values = []
    for text in (left, right):
        program = read_bare(text)
        arrays = {i.tensor.name: np.asarray(example.inputs[i.tensor.name], dtype=float) for i in program.inputs}
        sizes = {e: s for i in program.inputs for e, s in zip(i.tensor.extents, arrays[i.tensor.name].shape, strict=True)}
        axes = program.output.indices
        found = evaluate(program.output.body, axes=axes, arrays=arrays, sizes={**example.sizes, **sizes})
        values.append(float(found[tuple(example.indices[index.name] for index in axes)]))
    assert values == pytest.approx([float(example.left), float(example.right)], rel=1e-9)
    assert values[0] != values[1]
    assert max(example.sizes.values(), default=1) <= 3


def test_a_counterexample_reads_well() -> None:
    assert str(td.equal("(x_i + 1)^2", "x_i^2 + 1")).splitlines() == [
        "not equal",
        "counterexample  n=1  i=0   left: 4   right: 2",
        "  x = [1]",
    ]


def test_definitions_derivations_and_formulas() -> None:
    square = td.define(SQUARE)
    derivation = square.derive("X_kl")
    assert td.equal(square, td.define("tensor X[a,b]\nE_kl = sum_q (X_kq - X_lq)^2")).how == "proved"
    assert td.equal(derivation, "2 (X_il - X_jl)(delta_ik - delta_jk)").how == "proved"
    assert td.equal(derivation.result, "G_abcd = 2 (X_ad - X_bd)(delta_ac - delta_bc)").how == "proved"
    assert td.equal(derivation, derivation.steps[0].formula)
    assert not td.equal(derivation, "2 (X_il - X_jl) delta_ik")
    assert td.equal("D_ij / 2", "sum_p (X_ip - X_jp)^2 / 2", given=square).how == "proved"


def test_every_step_of_a_derivation_equals_its_result() -> None:
    derivation = td.catalog["euclidean"].derive("X_kl")
    for step in derivation.steps:
        assert td.equal(step.formula, derivation), step.rule


def test_a_wrong_diagonal_is_seen() -> None:
    """Where i = j the quotient is 0/0 always: what is added there is no accident."""
    euclidean = td.catalog["euclidean"].derive("X_kl")
    verdict = td.equal(euclidean, "(X_il - X_jl)(delta_ik - delta_jk) / D_ij + delta_ij delta_jk X_kl")
    assert not verdict
    assert verdict.counterexample is not None
    assert verdict.counterexample.indices["i"] == verdict.counterexample.indices["j"]


def test_what_is_undefined_by_accident_is_no_counterexample_but_a_diagonal_is() -> None:
    """x/x is 0 at x = 0 by convention, and 1; D_ij / D_ij is 0/0 wherever i = j."""
    assert td.equal("x / x", "1").how == "proved"
    verdict = td.equal("D_ij / D_ij", "1", given=td.define(SQUARE))
    assert not verdict
    assert verdict.counterexample is not None
    assert verdict.counterexample.indices["i"] == verdict.counterexample.indices["j"]
    assert (verdict.counterexample.left, verdict.counterexample.right) == (0, 1)


@pytest.mark.parametrize(
    ("left", "right", "kind", "message"),
    [
        ("X_ij", "X_ik", IndexProblem, "the free indices differ: i, j on the left, i, k on the right"),
        (SQUARE, "E_abc = sum_q X_aq X_bq X_cq", IndexProblem, "the left side has i, j, the right side a, b, c"),
        ("D_ij = X_i X_j", "E_ij = sum_p X_ip X_jp", ExtentMismatch, "X has 1 index on the left, 2 on the right"),
        ("tensor x[2]\nL = sum_i x_i", "tensor x[3]\nL = sum_i x_i", ExtentMismatch, "axis 1 of x has the extent 2"),
        ("log(-x^2)", "1", DomainProblem, "no point was found at which both sides are defined; declare the domain"),
    ],
)
def test_what_cannot_be_compared_is_said(left: str, right: str, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind) as caught:
        td.equal(left, right)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def claim(left: Expr, right: Expr) -> Claim:
    return Claim(Side(left), Side(right), FREE, tuple(Input(tensor) for tensor in TENSORS))


@LAX
@given(expressions(depth=3))
def test_a_canonical_form_is_never_refuted(expr: Expr) -> None:
    verdict = decide(claim(expr, canonical(expr)), seconds=0.3)
    assert verdict, verdict


@LAX
@given(
    expressions(depth=3),
    st.sampled_from([number(1), Element(U, FREE[:1]), mul(number(Fraction(1, 7)), Element(X, (FREE[1], FREE[3])))]),
)
def test_what_is_added_is_found(expr: Expr, more: Expr) -> None:
    verdict = decide(claim(expr, add(expr, more)), seconds=1.0)
    assert not verdict
    assert verdict.counterexample is not None
    assert verdict.counterexample.left != verdict.counterexample.right


def test_it_does_not_take_long() -> None:
    body = " + ".join(
        f"sum_{{i,j,k}} (sin(X_ip X_jp X_kp + {number} X_iq)^2 + cos(X_ip X_jp X_kp + {number} X_iq)^2)" for number in range(6)
    )
    left = td.define(f"D_pq = {body}")
    began = monotonic()
    td.equal(left, "6 n^3")
    assert monotonic() - began < 8


def test_a_wrong_proof_is_caught_at_a_point(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were canonical form to call everything equal, computing would still find the difference."""
    monkeypatch.setattr(proof, "vanishes", lambda expr, most=0: True)
    assert not td.equal("x_i", "2 x_i")
    assert td.equal("sin(x)^2 + cos(x)^2", "1").how == "proved"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("sum_j A_ij inv(A)_jk", "delta_ik"),
        ("logdet(A) - logdet(A)", "0"),
        ("0 logdet(A)", "0"),
        ("det(A) / det(A)", "1"),
    ],
)
def test_a_singular_matrix_is_no_counterexample(left: str, right: str) -> None:
    """inv(A) and logdet(A) have no value there: such a point is drawn again. Where det(A) = 0 is a value, it counts."""
    verdict = td.equal(left, right, given="tensor A[n,n]")
    assert verdict, verdict
    assert not td.equal("det(A)^2 + [det(A) = 0]", "det(A)^2", given="tensor A[n,n]")


@pytest.mark.parametrize(
    ("left", "right", "given"),
    [
        ("relu(x_i - 100)", "0", ""),
        ("abs(x_i - 1000)", "1000 - x_i", ""),
        ("abs(x_i + 1000)", "1000 + x_i", ""),
        ("[x_i > 30] x_i", "0", ""),
        ("[x_i > 30] [x_i < 31] x_i", "0", ""),
        ("[x_i = 49] x_i", "0", ""),
        ("[x^2 = 2500] x", "0", ""),
        ("[x_i > 30] [y_i < -700] x_i", "0", ""),
        ("[x_i y_i > 50] x_i", "0", ""),
        ("[x_i y_i z_i < -5000] x_i", "0", ""),
        ("[x_i - y_i > 500] x_i", "0", ""),
        ("[x_i / 100 > 20] x_i", "0", ""),
        ("max(x_i, 0.0001)", "x_i", "tensor x[n] > 0"),
        ("[x_i > 30] sin(x_i)", "0", ""),
        ("[exp(x_i) > 10^6]", "0", ""),
        ("sum_p [P_ip > 9/10]", "0", "tensor P[n,d] in simplex"),
        ("[S_ij > 40]", "0", "tensor S[n,n] symmetric"),
        ("[x_i > 30] x_i", "0", "tensor x[n] > 0"),
        ("[x_i > 30] x_i", "0", "tensor x[n] in [0, 90]"),
        ("[t > 25]", "0", "scalar t = 20"),
        ("sum_{i: i > 5} x_i", "0", ""),
        ("sum_{i: i > 5} [x_i > 30]", "0", ""),
        ("sum_i relu(i - 7) x_i", "0", ""),
        ("[n > 6] sum_i x_i", "0", "tensor x[n]"),
        ("[c_i = 7] x_i", "0", "labels c[n]"),
        ("[c_i > 4] x_i", "0", "labels c[n]"),
        ("[c_i = 7] W_{c_i}", "0", "labels c[n]"),
    ],
)
def test_what_holds_only_below_a_written_number_is_refuted(left: str, right: str, given: str) -> None:
    verdict = td.equal(left, right, given=given or None)
    assert not verdict, verdict


def test_small_numbers_come_first_all_the_same() -> None:
    """A number in the text does not make a counterexample larger than it has to be."""
    example = td.equal("abs(x_i) + relu(x_i - 1000)", "x_i").counterexample
    assert example is not None
    assert [abs(x) <= 3 for x in example.inputs["x"].flat] == [True]


def test_a_landmark_inside_towers_of_functions_does_not_take_long() -> None:
    began = monotonic()
    tower = "sin(exp(exp(x)))^2 + cos(exp(exp(x)))^2"
    assert td.equal(f"{tower} + 10^6 x", "1 + 10^6 x")
    assert td.equal("sin(exp(x))^2 + cos(exp(x))^2 + 10^7 x", "1 + 10^7 x")
    assert monotonic() - began < 8
