"""Samples keep to domains, say what they assumed, and are the same each time; two-tensor forms mean what they say."""

from __future__ import annotations

import numpy as np
import pytest

from tensorderiv.algebra.evaluate import evaluate_program
from tensorderiv.errors import DomainProblem, IndexProblem
from tensorderiv.language import read
from tensorderiv.verify import shapes
from tensorderiv.verify.samples import assumption_for, samples
from tensorderiv.verify.twoform import inlined, two_tensor


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("D_ij = sum_p (X_ip - X_jp)^2", "X: any real numbers"),
        ("D_ij = sum_p log(X_ip Y_jp)", "X, Y: entries in (0.1, 1)"),
        ("D_i = acosh(2 - sum_p X_ip^2)", "X: rows in the ball of radius 0.3"),
        ("D_i = acosh(x_i)", "x: entries in (1.1, 3)"),
        ("L = sum_i (acosh(x_i) + acos(y_i))", "x: entries in (1.1, 3); y: entries in (0.1, 1)"),
        ("N_i = sqrt(sum_{p,q} X_ip M_pq X_iq)", "X, M: any real numbers, square matrices positive definite"),
        ("tensor X[n,d] in simplex\nD_ij = sum_p X_ip log(X_ip / X_jp)", "as declared"),
    ],
)
def test_assumptions(text: str, words: str) -> None:
    assert assumption_for(read(text, "case")).words == words


def test_an_impossible_definition_is_said_to_be_so() -> None:
    with pytest.raises(DomainProblem, match="case has no finite value and derivative on any input tried; declare the domain"):
        assumption_for(read("L = sum_i log(-x_i^2)", "case"))


def test_domains() -> None:
    program = read(
        "tensor P[n,d] in simplex\ntensor U[n,d] in sphere\ntensor z[n] > 0\ntensor r[n] in [2,3]\nlabels c[n]\n"
        "L = sum_{i,p} P_ip U_ip z_i r_i [c_i = 1]",
        "case",
    )
    for sample in samples(program):
        arrays = sample.arrays
        np.testing.assert_allclose(arrays["P"].sum(-1), 1)
        assert (arrays["P"] > 0).all()
        np.testing.assert_allclose((arrays["U"] ** 2).sum(-1), 1)
        assert (arrays["z"] > 0).all()
        assert ((arrays["r"] > 2) & (arrays["r"] < 3)).all()
        assert arrays["c"].dtype.kind == "i"


def test_the_kinds_of_samples_and_that_they_repeat() -> None:
    program = read("tensor X[n,d], Y[m,d]\nD_ij = sum_p (X_ip - Y_jp)^2", "case")
    first, second = list(samples(program)), list(samples(program))
    names = ["general", "one point", "one coordinate", "all sizes 1", "repeated rows", "repeated columns", "zero entries"]
    assert [sample.name for sample in first] == [*names, "large numbers", "small numbers"]
    for one, other in zip(first, second, strict=True):
        assert all((one.arrays[name] == other.arrays[name]).all() for name in one.arrays)
    repeated = next(sample for sample in first if sample.name == "repeated rows").arrays
    assert (repeated["X"][0] == repeated["X"][1]).all()
    assert (repeated["X"][0] == repeated["Y"][1]).all()


def test_literal_subscripts_bound_the_sizes_from_below() -> None:
    program = read("L = x_0 x_6 + sum_i x_i", "case")
    assert shapes.least(program) == {"n": 7} or set(shapes.least(program).values()) == {7}
    assert {len(sample.arrays["x"]) for sample in samples(program)} == {7}


def test_long_nests_get_small_sizes() -> None:
    program = read("L = sum_{i,j,k,l,a,b} X_ij X_jk X_kl X_la X_ab", "case")
    assert shapes.tuples(program, shapes.small(program)) <= shapes.MOST_TUPLES


class TestTwoTensorForm:
    def test_named_quantities_are_inlined_and_rows_renamed(self) -> None:
        program = read("N_i = sum_p X_ip^2\nD_ij = N_i + N_j - 2 sum_p X_ip X_jp", "case")
        two, name = two_tensor(program)
        x, y = np.random.default_rng(0).normal(size=(3, 2)), np.random.default_rng(1).normal(size=(4, 2))
        assert name == "Y"
        expected = ((x[:, None] - y[None]) ** 2).sum(-1)
        np.testing.assert_allclose(evaluate_program(two, {"X": x, "Y": y}), expected, rtol=1e-12)
        np.testing.assert_allclose(evaluate_program(two, {"X": x, "Y": x}), evaluate_program(program, {"X": x}), atol=1e-13)

    def test_columns(self) -> None:
        two, _ = two_tensor(read("D_ij = sum_p (X_pi - X_pj)^2", "case"))
        x, y = np.random.default_rng(0).normal(size=(2, 3)), np.random.default_rng(1).normal(size=(2, 4))
        expected = ((x[:, :, None] - y[:, None]) ** 2).sum(0)
        np.testing.assert_allclose(evaluate_program(two, {"X": x, "Y": y}), expected, rtol=1e-12)

    def test_inlining_does_not_capture(self) -> None:
        program = read("N_p = sum_i X_ip\nL = sum_{i,p} N_p X_ip", "case")
        x = np.random.default_rng(0).normal(size=(3, 2))
        inline = program.with_statements(program.output.__class__(program.output.tensor, (), inlined(program)))
        np.testing.assert_allclose(evaluate_program(inline, {"X": x}), evaluate_program(program, {"X": x}))

    def test_errors(self) -> None:
        with pytest.raises(IndexProblem, match="has 1 indices; a two-tensor form needs two"):
            two_tensor(read("v_i = x_i", "case"))
