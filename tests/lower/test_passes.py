"""What shares a pass: read off the plan. (That passes compute the same as plain nests: tests/emit/test_passes.py.)"""

from __future__ import annotations

import pytest

from tensorderiv.adjoint import reverse
from tensorderiv.language import read
from tensorderiv.lower.passes import Multiplied, Pass, TwoFold, Weighted
from tensorderiv.lower.passes.strips import Folded, Product, Turned
from tensorderiv.lower.plan import Plan, Stage, lower
from tensorderiv.lower.tile import Spread

NPAIRS = """
tensor X[n,d], Y[n,d]
N_i = sqrt(sum_p X_ip^2)
M_j = sqrt(sum_p Y_jp^2)
S_ij = sum_p X_ip Y_jp / (N_i M_j)
L = -1/n sum_i log(exp(S_ii) / sum_j exp(S_ij))
"""
TWO_SIDED = """
tensor X[n,d], Y[n,d]
S_ij = sum_p X_ip Y_jp
L = -sum_i log(exp(S_ii) / sum_j exp(S_ij)) - sum_j log(exp(S_jj) / sum_i exp(S_ij))
"""
EMBEDDING = """
tensor X[n,d], P[n,n]
K_ij = 1 / (1 + sum_p (X_ip - X_jp)^2)
Z = sum_{i != j} K_ij
L = sum_{i != j} P_ij log(P_ij Z / K_ij)
"""
TRIPLETS = """
tensor X[n,d]
labels c[n]
D_ij = sum_p (X_ip - X_jp)^2
L = sum_{a,p,n: c_a = c_p and c_a != c_n} max(0, D_ap - D_an + 1)
"""
INNER = """
tensor X[n,d], Y[m,d]
S_ij = sum_p X_ip Y_jp
"""
SAMPLES = """
tensor X[n,d], Y[m,d]
L = sum_{i,j} exp(-sum_p (X_ip - Y_jp)^2) - sum_{i,j} exp(-sum_p (X_ip - X_jp)^2)
"""


def plan(text: str, *wrt: str) -> Plan:
    program = read(text)
    adjoint = reverse(program, list(wrt))
    gradients = dict(adjoint.gradients)
    return lower(adjoint.program, [program.output.tensor.name, *(gradients[name] for name in wrt)], passes=True)


def passes(found: Plan) -> list[Pass]:
    return [stage for stage in found.stages if isinstance(stage, Pass)]


@pytest.mark.parametrize(
    ("text", "wrt", "count"),
    [(NPAIRS, "XY", 1), (TWO_SIDED, "XY", 2), (EMBEDDING, "X", 2), (TRIPLETS, "X", 1), (SAMPLES, "XY", 2)],
)
def test_how_many_passes(text: str, wrt: str, count: int) -> None:
    found = plan(text, *wrt)
    assert len(passes(found)) == count, str(found)


def test_a_normaliser_of_the_row_shares_the_pass_of_the_gradients() -> None:
    """Three products of matrices in all: one for the similarities, one for each gradient, from the same weights."""
    (only,) = passes(plan(NPAIRS, "X", "Y"))
    assert [type(strip.filling) for strip in only.strips] == [Product]
    assert [(type(s.how), s.how.onto_columns) for s in only.spreads] == [(Weighted, False), (Weighted, True)]
    assert len(only.weights) == 1 and not only.looks_around


def test_a_global_normaliser_comes_first() -> None:
    found = plan(EMBEDDING, "X")
    names = [name for stage in found.stages for name in stage.names]
    first, second = passes(found)
    assert names.index("Z") > names.index(first.names[0]) and names.index("Z") < names.index(second.names[0])
    assert any(isinstance(strip.filling, Turned) for strip in second.strips)  # P_ji stands in the gradient


def test_each_term_is_spread_from_the_row_it_hangs_on() -> None:
    """Weights of a triplet are sums over the third row, from the anchor: its partners are the columns."""
    (only,) = passes(plan(TRIPLETS, "X"))
    assert [isinstance(s.how, Spread) and s.how.onto_columns for s in only.spreads] == [False, True]
    assert len({s.weights for s in only.spreads}) == 1 and only.looks_around


def test_terms_over_other_tables_have_other_passes() -> None:
    first, second = passes(plan(SAMPLES, "X", "Y"))
    assert {first.column.extent, second.column.extent} == {"n", "m"}


def test_a_linear_map_of_a_difference_is_taken_of_the_points() -> None:
    found = lower(read("tensor X[n,d], Y[m,d], M[d,d]\nD_ij = sum_{p,q} (X_ip - Y_jp) M_pq (X_iq - Y_jq)"), passes=True)
    assert [type(stage) for stage in found.stages] == [TwoFold, TwoFold, Pass]
    (only,) = passes(found)
    assert isinstance(only.strips[0].filling, Folded)


FEATURES_MEET = {
    "metric": "tensor X[n,d], Y[m,d], M[d,d]\nD_ij = sqrt(sum_{p,q} (X_ip - Y_jp) M_pq (X_iq - Y_jq))",
    "map": "tensor X[n,d], Y[m,d], M[e,d]\nD_ij = sqrt(sum_r (sum_q M_rq (X_iq - Y_jq))^2)",
    "bilinear": "tensor X[n,d], Y[m,d], M[d,e], Z[m,e]\nD_ij = exp(sum_{p,q} X_ip M_pq Z_jq) + sum_p X_ip Y_jp",
    "weights": "tensor X[n,d], Y[m,d], M[d]\nD_ij = exp(-sum_p M_p (X_ip - Y_jp)^2)",
}


def vjp_plan(text: str, *wrt: str) -> Plan:
    program = read(text)
    adjoint = reverse(program, list(wrt) or ["X", "Y", "M"])
    return lower(adjoint.program, [name for _, name in adjoint.gradients], frozenset({"n", "m"}), passes=True)


def pairs_met(found: Plan) -> list[str]:
    """The statements whose own nests run over pairs of rows."""
    stages = [stage for stage in found.stages if isinstance(stage, Stage)]
    return [s.name for s in stages if any({"n", "m"} <= set(extents) for extents in s.cost.operations.terms)]


@pytest.mark.parametrize("text", FEATURES_MEET.values(), ids=FEATURES_MEET)
def test_no_pair_of_rows_meets_a_pair_of_features(text: str) -> None:
    found = vjp_plan(text)
    assert pairs_met(found) == [] and any(one.spreads for one in passes(found))


def test_without_that_law_they_would() -> None:
    """The plain nests of the same: the test above can fail."""
    program = read(FEATURES_MEET["metric"])
    adjoint = reverse(program, ["X", "Y", "M"])
    found = lower(adjoint.program, [name for _, name in adjoint.gradients], frozenset({"n", "m"}))
    assert pairs_met(found)


def test_three_gradients_come_from_two_sums() -> None:
    """Differences are spread onto the rows and onto the columns once; all else is a matter of (n + m) d d operations."""
    found = vjp_plan(FEATURES_MEET["metric"])
    (only,) = passes(found)
    assert [type(s.how) for s in only.spreads] == [Spread, Spread] and len(only.weights) == 1
    products = [stage for stage in found.stages if isinstance(stage, Multiplied)]
    assert sorted(len(stage.products) for stage in products) == [1, 1, 2]  # by X, by Y, by M
    assert all(stage.otherwise is not None for stage in products)  # the distance may be 0, and weights infinite


def test_a_finite_weight_needs_nothing_instead() -> None:
    found = vjp_plan("tensor X[n,d], Y[m,d], M[d,d]\nD_ij = sum_{p,q} (X_ip - Y_jp) M_pq (X_iq - Y_jq)")
    products = [stage for stage in found.stages if isinstance(stage, Multiplied)]
    assert len(products) == 3 and all(stage.otherwise is None for stage in products)


def test_an_entry_of_its_own_column_is_read_from_the_strip() -> None:
    """S_ii is S_ij at j = i to the last bit, and its features are not run over once more."""
    (only,) = passes(plan(NPAIRS, "X", "Y"))
    (strip,) = only.strips
    assert f"= {strip.tensor.name}[i,i]" in str(only) and "for p" not in str(only)


def test_weights_that_are_a_stored_table_stay_where_they_are() -> None:
    """The cotangent of an inner product is its weight: no strip is made of it."""
    (only,) = [stage for stage in vjp_plan(INNER, "X", "Y").stages if isinstance(stage, Pass)]
    assert [spread.weights.name for spread in only.spreads] == ["W", "W"]
    assert not only.weights and not only.strips


def spreads_of(found: Plan) -> list[Spread]:
    return [s.how for stage in passes(found) for s in stage.spreads if isinstance(s.how, Spread)]


def test_a_weight_that_is_nearly_always_there_is_no_sparse_one() -> None:
    """i != j holds nearly everywhere, a choice of triplets does not; both are masks."""
    guarded, chosen = spreads_of(plan(EMBEDDING, "X")), spreads_of(plan(TRIPLETS, "X"))
    assert guarded and all(s.masked and not s.sparse for s in guarded)
    assert chosen and all(s.masked and s.sparse for s in chosen)


def test_a_product_of_matrices_is_one() -> None:
    found = vjp_plan("tensor X[n,d], Y[m,d], M[e,d]\nZ_ir = sum_q M_rq X_iq\nD_ij = sum_r exp(Z_ir) sum_q M_rq Y_jq")
    shown = [str(stage) for stage in found.stages if isinstance(stage, Multiplied)]
    assert "Z = X M^T" in shown and "Xbar = Zbar M" in shown, shown


def test_plans_print_themselves() -> None:
    assert str(plan(NPAIRS, "X", "Y")) == str(plan(NPAIRS, "X", "Y"))
    assert "for a block of rows i of n:  # parallel" in str(plan(NPAIRS, "X", "Y"))
