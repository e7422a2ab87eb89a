"""Oracles against the reference meaning: autograd, JAX and brute force share nothing and agree, at singular points too."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tensorderiv.algebra.evaluate import evaluate_program
from tensorderiv.errors import RuleProblem
from tensorderiv.language import read
from tensorderiv.verify.brute import Reference
from tensorderiv.verify.oracles import Oracle
from tensorderiv.verify.samples import samples

TEXTS = {
    "norms": "D_ij = sqrt(sum_p (X_ip - X_jp)^2)",
    "powers": "D_ij = (sum_p abs(X_ip - X_jp)^3)^(1/3)",
    "quotients of norms": "D_ij = sum_p (X_ip - X_jp)^2 / (abs(X_ip) + abs(X_jp))",
    "logarithms": "tensor X[n,d] > 0\ntensor Y[m,d] > 0\nD_ij = sum_p X_ip log(X_ip / Y_jp)",
    "reductions": "D_i = max_j X_ij + min_j X_ij^2 + logsumexp_j X_ij + prod_j X_ij + mean_j sin(X_ij)",
    "conditions": "tensor X[n,d]\nlabels c[n]\n"
    "L = sum_{i,j: i != j and c[i] = c[j]} max(0, 1 - sum_p X_ip X_jp) + sum_{i<j} X[i,0] X[j,1]",
    "gathers": "tensor Z[n,k]\nlabels c[n]\nL = -sum_i (Z[i,c[i]] - log(sum_a exp(Z[i,a])))",
    "functions": "D_i = tanh(x_i) + atan2(x_i, 2) + erf(x_i) + softplus(x_i) sigmoid(x_i) + relu(x_i) + expm1(x_i)",
    "branches": "D_i = if(x_i > 0, x_i^2, exp(x_i)) + min(x_i, 1/2) + [x_i < 1] x_i^3 + x_i floor(x_i) + sign(x_i) x_i",
    "exponents": "scalar a > 0\nD_i = abs(x_i)^a + a^(x_i) + (1 + x_i^2)^(-a)",
    "inverse functions": "tensor x[n] in [0,1]\n"
    "D_i = asin(x_i) + acos(x_i) + atanh(x_i) + acosh(1 + x_i) + asinh(x_i) + lgamma(x_i) + log1p(x_i)",
}


@pytest.mark.parametrize("name", TEXTS)
def test_values_and_derivatives_agree_with_the_meaning(name: str) -> None:
    program = read(TEXTS[name], "case")
    real = [item.tensor.name for item in program.inputs if not item.tensor.integer]
    rng = np.random.default_rng(3)
    for sample in samples(program):
        reference = Reference(program, sample.arrays)
        oracle = Oracle(program)
        value = reference.value()
        assert_agree(oracle.value(sample.arrays), value, f"{sample.name}, value")
        weights = rng.normal(size=value.value.shape)
        for variable, found in zip(real, oracle.vjp(sample.arrays, real, weights), strict=True):
            assert_agree(found, reference.vjp(variable, weights), f"{sample.name}, vjp by {variable}")
        tangents = {variable: rng.normal(size=np.shape(sample.arrays[variable])) for variable in real}
        assert_agree(oracle.jvp(sample.arrays, tangents), reference.jvp(tangents), f"{sample.name}, jvp")


def assert_agree(found: Any, judged: Any, what: str) -> None:
    clear = judged.determined
    assert found.shape == clear.shape, what
    assert (np.abs(found - judged.value)[clear] <= 2 * judged.tolerance[clear]).all(), what


@pytest.mark.parametrize("name", ["conditions", "reductions", "exponents"])
def test_jax_agrees_with_autograd(name: str) -> None:
    program = read(TEXTS[name], "case")
    real = [item.tensor.name for item in program.inputs if not item.tensor.integer]
    sample = next(iter(samples(program)))
    one, other = Oracle(program), Oracle(program, "jax")
    value = one.value(sample.arrays)
    np.testing.assert_allclose(other.value(sample.arrays), value, rtol=1e-13, atol=1e-13)
    weights = np.cos(np.arange(value.size, dtype=float)).reshape(value.shape)
    for a, b in zip(one.vjp(sample.arrays, real, weights), other.vjp(sample.arrays, real, weights), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-12)


def test_second_derivatives_agree() -> None:
    program = read("L = sum_{i,j} sqrt(sum_p (X_ip - X_jp)^2) + sum_i log(1 + exp(sum_p X_ip^3))", "case")
    x = np.random.default_rng(0).normal(size=(4, 3))
    v = np.random.default_rng(1).normal(size=(4, 3))
    expected = Reference(program, {"X": x}).hvp("X", v)
    for library in ("autograd", "jax"):
        assert_agree(Oracle(program, library).hvp({"X": x}, "X", v), expected, library)


def test_coinciding_rows_have_the_subgradient_0() -> None:
    program = read(TEXTS["norms"], "case")
    found = Oracle(program).vjp({"X": np.ones((3, 2))}, ["X"], np.ones((3, 3)))[0]
    assert found.tolist() == np.zeros((3, 2)).tolist()


def test_the_oracle_refuses_what_it_does_not_know() -> None:
    derivative = read("L = diff(t^2, t)", "case")
    with pytest.raises(RuleProblem, match="the autodiff oracle has no rule for Derivative"):
        Oracle(derivative).value({"t": 1.0})
    assert evaluate_program(derivative, {"t": 3.0}) == 6
