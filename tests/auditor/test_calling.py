"""What functions look like: their parameters, what they return, what they do besides."""

from __future__ import annotations

import numba
import numpy as np
import pytest

import tensorderiv as td
from tensorderiv.auditor import audit
from tensorderiv.errors import DomainProblem, ExtentMismatch, IndexProblem, NameProblem

SQUARES = "D(x, y) = sum_i (x_i - y_i)^2"
POWERS = "scalar p > 0\nD(x, y) = sum_i abs(x_i - y_i)^p"


def gradient(x, y):
    return 2 * (x - y)


@pytest.mark.parametrize(
    ("function", "returns"),
    [
        (gradient, "gradient"),
        (lambda x, y: ((x - y) @ (x - y), 2 * (x - y)), "(value, gradient)"),
        (lambda x, y: (2 * (x - y), 2 * (y - x)), "(gradient, gradient)"),
        (lambda x, y: ((x - y) @ (x - y), (2 * (x - y), 2 * (y - x))), "(value, gradient, gradient)"),
        (lambda x, y: (2 * (x - y), (x - y) @ (x - y)), "(gradient, value)"),
        (lambda x, y: (x - y) @ (x - y), "value"),
        (lambda x, y: list(2 * (x - y)), "gradient"),
        (lambda x, *, y: 2 * (x - y), "gradient"),
        (lambda a, b, *rest, **more: 2 * (a - b), "gradient"),
        (numba.njit(gradient), "gradient"),
    ],
)
def test_what_is_returned_is_told_by_its_shape(function, returns) -> None:
    verdict = audit(function, SQUARES)
    assert verdict, str(verdict)
    assert verdict.returns == returns


def test_the_second_of_two_gradients_is_by_the_second() -> None:
    findings = audit(lambda x, y: (2 * (x - y), 2 * (x - y)), SQUARES).findings
    assert [(finding.what, finding.verdict) for finding in findings] == [("gradient by x", "right"), ("gradient by y", "wrong")]


def test_rows_of_one_tensor() -> None:
    assert audit(gradient, "D_ij = sum_p (X_ip - X_jp)^2")
    assert audit(gradient, td.catalog["sqeuclidean"])
    named = "s_i = sum_p X_ip^2\nD_ij = s_i + s_j - 2 sum_p X_ip X_jp"
    assert audit(gradient, named)
    assert not audit(lambda x, y: 2 * x, named)


def test_whole_inputs() -> None:
    def stress(X, W):
        found = np.zeros_like(X)
        for i in range(len(X)):
            for j in range(len(X)):
                if i != j:
                    d = np.sqrt(((X[i] - X[j]) ** 2).sum())
                    found[i] += 2 * (d - W[min(i, j), max(i, j)]) * (X[i] - X[j]) / d
        return found

    verdict = audit(stress, td.catalog["mds_stress"])
    assert verdict, str(verdict)
    assert audit(lambda X, W: stress(X, W) / 2, td.catalog["mds_stress"]).findings[0].kind == "factor"


def test_a_definition_that_depends_on_all_rows_is_refused() -> None:
    with pytest.raises(IndexProblem, match="D_ij is no function of single rows: it goes over all rows"):
        audit(gradient, "D_ij = (sum_p X_ip X_jp) / (sum_k sum_p X_kp^2)")


def test_parameters_by_name_and_by_place() -> None:
    def powers(x, y, p):
        return p * np.abs(x - y) ** (p - 1) * np.sign(x - y)

    assert audit(powers, POWERS)
    assert audit(lambda x, y, exponent: powers(x, y, exponent), POWERS)
    remarks = audit(lambda x, y, width=3, p=2.0: powers(x, y, p), POWERS).remarks
    assert remarks[0] == "the parameter width stands for no input of the definition and keeps its default 3"
    assert audit(gradient, POWERS, params={"p": 2})
    assert audit(lambda x, y, p: 2 * (x - y), POWERS, params={"p": 2})
    assert not audit(lambda x, y, p: 2 * (x - y), POWERS)


def test_a_parameter_with_a_default_in_the_definition() -> None:
    assert audit(gradient, "scalar c = 2\nD(x, y) = c / 2 * sum_i (x_i - y_i)^2")


def test_arguments_are_copies_and_changes_are_told() -> None:
    def spoils(x, y):
        x -= y
        return 2 * x

    verdict = audit(spoils, SQUARES)
    assert verdict
    assert verdict.remarks[0] == "the function changes its argument x in place"


def test_conventions_are_told_apart_from_the_verdict() -> None:
    with_nan = audit(lambda x, y: (x - y) / np.sqrt((x - y) @ (x - y)), "D(x, y) = sqrt(sum_i (x_i - y_i)^2)")
    assert with_nan.verdict == "right"
    assert with_nan.remarks == ("at x = y: the gradient by x returned is [nan, nan]; by the definition's conventions [0, 0]",)


def test_the_definition_is_judged_in_a_domain_where_it_is_defined() -> None:
    verdict = audit(lambda x, y: np.log(x / y) + 1, "D(x, y) = sum_i x_i log(x_i / y_i)")
    assert verdict
    assert verdict.domain == "x, y: entries in (0.1, 1)"


@pytest.mark.parametrize(
    ("function", "problem", "words"),
    [
        (lambda x, y: {}, ExtentMismatch, "the function returns a dict, no real number or array"),
        (lambda x, y: None, ExtentMismatch, "the function returns a NoneType"),
        (lambda x, y: np.outer(x, y), ExtentMismatch, r"the gradient returned has the shape \(2, 2\), that of x is \(2,\)"),
        (lambda x, y: (1.0, 2.0), ExtentMismatch, r"what is returned \(shapes \(\), \(\)\) is no value with gradients"),
        (lambda x, y: 1 / 0, DomainProblem, "the function raised ZeroDivisionError: division by zero"),
        (lambda x: x, NameProblem, "the definition has the input Y_b, and the function no parameter for it"),
        (lambda x, y, z: x, NameProblem, "the parameter z stands for no input of the definition"),
        (lambda: 1, NameProblem, "the function takes nothing"),
        (1, NameProblem, "the function does not tell its parameters"),
    ],
)
def test_what_cannot_be_judged(function, problem, words) -> None:
    with pytest.raises(problem, match=words):
        audit(function, SQUARES)


def test_an_unknown_variable() -> None:
    with pytest.raises(NameProblem, match="there is no input z; the inputs are x, y"):
        audit(gradient, SQUARES, wrt="z")


def test_what_a_function_raises_at_some_sizes_is_told() -> None:
    def of_two(x, y):
        if len(x) != 2:
            raise ValueError("two, please")
        return 2 * (x - y)

    verdict = audit(of_two, SQUARES)
    assert verdict
    assert verdict.remarks == ("at d=3: the function raised ValueError: two, please",)
