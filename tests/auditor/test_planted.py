"""Planted faults in gradients of functions that nobody has seen: each is found and named; the unspoilt ones are right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tensorderiv.auditor import audit

MIX = "D(x, y) = (sum_i sin(x_i) y_i) * sqrt(1 + sum_i x_i^2)"
RATIO = "D(x, y) = (sum_i x_i^2 y_i) / (1 + sum_i x_i^4)"
BELL = "scalar g > 0\nK(x, y) = exp(-g sum_i (x_i - y_i)^2)"
BREGMAN = "tensor p[d] > 0\ntensor q[d] > 0\nD = sum_i (p_i log(p_i / q_i) - p_i + q_i)"
NORMALISED = "u_i = x_i / (sum_j x_j)\nL(x) = sum_i u_i^3"
FORM = "s = sum_{i,j} x_i A_ij x_j"
CROSS = "L = log(sum_i exp(z_i)) - sum_i y_i z_i"
MEAN = "m = (sum_i x_i) / n\nv = (sum_i (x_i - m)^2) / n"


def root(x):
    return np.sqrt(1 + x @ x)


def fourth(x):
    return 1 + (x**4).sum()


def bell(x, y, g):
    return np.exp(-g * ((x - y) ** 2).sum())


def cubes(x):
    """The gradient of the sum of the cubes of x / sum x."""
    u = x / x.sum()
    return (3 * u**2 - 3 * (u**3).sum()) / x.sum()


RIGHT: list[tuple[str, Callable[..., Any]]] = [
    (MIX, lambda x, y: (np.sin(x) @ y * root(x), np.cos(x) * y * root(x) + (np.sin(x) @ y) * x / root(x))),
    (RATIO, lambda x, y: 2 * x * y / fourth(x) - (x * x @ y) * 4 * x**3 / fourth(x) ** 2),
    (RATIO, lambda x, y: 2 * x * y / (fourth(x) + 1e-7) - (x * x @ y) * 4 * x**3 / (fourth(x) + 1e-7) ** 2),
    (BELL, lambda x, y, g: (bell(x, y, g), -2 * g * (x - y) * bell(x, y, g), 2 * g * (x - y) * bell(x, y, g))),
    (BELL, lambda x, y, width: -2 * width * (x - y) * bell(x, y, width)),
    (BREGMAN, lambda p, q: np.log(p / q)),
    (NORMALISED, cubes),
    (NORMALISED, lambda x: cubes(x).astype(np.float32)),
    (FORM, lambda x, A: (x @ A @ x, (A + A.T) @ x)),
    (CROSS, lambda z, y: np.exp(z) / np.exp(z).sum() - y),
    (MEAN, lambda x: 2 * (x - x.mean()) / len(x)),
    ("L = sum_i max(0, 1 - x_i y_i)", lambda x, y: -y * (x * y < 1)),
    ("f = tanh(t)", lambda t: (np.tanh(t), 1 - np.tanh(t) ** 2)),
]


@pytest.mark.parametrize(("definition", "function"), RIGHT)
def test_nothing_right_is_called_wrong(definition: str, function: Callable[..., Any]) -> None:
    verdict = audit(function, definition)
    assert verdict, str(verdict)


# definition, faulty function, kind of slip, what is said
WRONG: list[tuple[str, Callable[..., Any], str, str]] = [
    (MIX, lambda x, y: np.cos(x) * y * root(x), "part", "only the part of the derivative through sum_i sin(x_i) y_i is there"),
    (MIX, lambda x, y: np.cos(x) * y * root(x) - (np.sin(x) @ y) * x / root(x), "part", "has its sign flipped"),
    (MIX, lambda x, y: y * root(x) + (np.sin(x) @ y) * x / root(x), "slip", "the factor cos(x_k) is missing"),
    (MIX, lambda x, y: np.sin(x) * y * root(x) + (np.sin(x) @ y) * x / root(x), "slip", "sin(x_k) stands in place of cos(x_k)"),
    (MIX, lambda x, y: np.cos(y) * x * root(y) + (np.sin(y) @ x) * y / root(y), "argument", "x and y are exchanged in it"),
    (MIX, lambda x, y: np.sin(x) * root(x), "argument", "it is the gradient by y, not by x"),
    (RATIO, lambda x, y: 2 * x * y / fourth(x), "part", "only the part of the derivative through sum_i x_i^2 y_i is there"),
    (RATIO, lambda x, y: 2 * x * y / fourth(x) - (x * x @ y) * 4 * x**3 / fourth(x), "part",
     "through 1/(1 + sum_i x_i^4) lacks the factor 1/(1 + sum_i x_i^4)"),
    (RATIO, lambda x, y: 2 * x * y / (x**4).sum() - (x * x @ y) * 4 * x**3 / (x**4).sum() ** 2, "definition",
     "the term 1 is missing"),
    (BELL, lambda x, y, g: -g * (x - y) * bell(x, y, g), "factor", "the factor 2 is missing"),
    (BELL, lambda x, y, g: 2 * g * (x - y) * bell(x, y, g), "sign", "its sign is flipped"),
    (BELL, lambda x, y, g: -2 * (x - y) * bell(x, y, g), "slip", "the factor g is missing"),
    (BELL, lambda x, y, g: -2 * g * (x - y), "transform", "it is the gradient of log(K), not of K"),
    (BREGMAN, lambda p, q: np.log2(p / q), "factor", "the factor log(2) is missing"),
    (BREGMAN, lambda p, q: 1 - p / q, "argument", "it is the gradient by q, not by p"),
    (BREGMAN, lambda p, q: np.log(q / p), "sign", "its sign is flipped"),
    (NORMALISED, lambda x: 3 * (x / x.sum()) ** 2, "chain", "the chain factor of u_i = x_i / sum_j x_j is missing"),
    (NORMALISED, lambda x: 3 * x**2, "definition", "the factor 1/sum_j x_j is missing"),
    (NORMALISED, lambda x: 3 * (x / x.sum()) ** 2 / x.sum(), "part", "is there"),
    (FORM, lambda x, A: A @ x, "part", "only the part of the derivative through x_i is there"),
    (FORM, lambda x, A: 2 * A @ x, "terms", "A_kj has the factor 2, A_jk has the factor 0"),
    (CROSS, lambda z, y: np.exp(z) / np.exp(z).sum(), "part", "only the part of the derivative through log(sum_i exp(z_i))"),
    (CROSS, lambda z, y: np.exp(z) - y, "slip", "the factor 1/sum_i exp(z_i) is missing"),
    (MEAN, lambda x: 2 * (x - x.mean()) / (len(x) - 1), "factor", "it is n/(n - 1) times what is due"),
    (MEAN, lambda x: 0 * x, "zero", "it is 0 everywhere"),
    ("D(x, y) = sqrt(sum_i (x_i - y_i)^2)", lambda x, y: 2 * (x - y), "transform", "it is the gradient of D^2, not of D"),
    ("f(x) = sum_i log(1 + x_i^2)", lambda x: 1 / (1 + x**2), "factor", "the factor 2 x_k is missing"),
    ("f(x) = sum_i (x_i^2 + x_i / 10000)", lambda x: 2 * x, "part", "only the part"),
    ("f = tanh(t)", lambda t: 1 - np.tanh(t), "slip", "has the power 1 instead of 2"),
    (MIX, lambda x, y: np.cos(37 * x + y), "unexplained", "no slip that was tried explains it"),
    (MIX, lambda x, y: x * np.nan, "not finite", "not finite"),
]  # fmt: skip


@pytest.mark.parametrize(("definition", "function", "kind", "words"), WRONG)
def test_every_fault_is_found_and_named(definition: str, function: Callable[..., Any], kind: str, words: str) -> None:
    verdict = audit(function, definition)
    (finding,) = verdict.findings
    assert finding.verdict == "wrong", str(verdict)
    assert words in finding.words
    assert finding.kind == kind
    (example,) = verdict.examples
    assert not np.allclose(example.returned, example.due)


def test_the_example_is_small_and_true() -> None:
    verdict = audit(lambda x, y: 2 * x * y / fourth(x), RATIO)
    (example,) = verdict.examples
    assert example.sizes == {"d": 1}
    x, y = (float(example.inputs[name][0]) for name in ("x", "y"))
    assert {x, y} <= {-1.0, 0.0, 1.0, 2.0}
    assert example.returned == pytest.approx([2 * x * y / (1 + x**4)])
    assert example.due == pytest.approx([2 * x * y / (1 + x**4) - 4 * x**5 * y / (1 + x**4) ** 2])


def test_swapped_arguments_of_a_symmetric_function() -> None:
    def swapped(x, y):
        return y - x

    verdict = audit(swapped, "D(x, y) = (sum_i (x_i - y_i)^2) / 2")
    assert verdict.findings[0].words == "its sign is flipped: it is minus the gradient by x; that is the gradient by y"
    assert audit(swapped, "D(x, y) = (sum_i (x_i - y_i)^2) / 2", wrt="y")


def test_a_value_of_something_else_with_its_own_gradient() -> None:
    verdict = audit(lambda x, y: (((x - y) ** 2).sum(), 2 * (x - y)), "D(x, y) = sqrt(sum_i (x_i - y_i)^2)")
    value, gradient = verdict.findings
    assert value.words == "it is D^2, not D"
    assert gradient.words == "it is the gradient of D^2, not of D; it is the gradient of the value that is returned"
    assert len(verdict.examples) == 2


def test_a_right_gradient_beside_a_wrong_value() -> None:
    value, gradient = audit(lambda x, y: (((x - y) ** 2).sum() / 2, 2 * (x - y)), "D(x, y) = sum_i (x_i - y_i)^2").findings
    assert (value.verdict, value.words) == ("wrong", "it is 1/2 D, not D")
    assert gradient.verdict == "right"


def test_lost_digits_are_not_a_fault() -> None:
    def differences(x, y):
        steps = 1e-6 * np.eye(len(x))
        return np.array([(((x + h - y) ** 2).sum() - ((x - h - y) ** 2).sum()) / 2e-6 for h in steps])

    (finding,) = audit(differences, "D(x, y) = sum_i (x_i - y_i)^2").findings
    assert (finding.verdict, finding.kind) == ("right", "single precision")


def test_constants_in_two_places_are_no_fault() -> None:
    def cosine(x, y):
        norm, other = np.sqrt(x @ x) + 1e-5, np.sqrt(y @ y) + 1e-5
        return x * (x @ y) / (norm**3 * other) - y / (norm * other)

    definition = "D(x, y) = 1 - (sum_i x_i y_i) / (sqrt(sum_i x_i^2) * sqrt(sum_i y_i^2))"
    (finding,) = audit(cosine, definition).findings
    assert (finding.verdict, finding.kind) == ("right", "added constant")
    assert "2e-05" in finding.words  # two of 1e-05, each to first order
