"""How far a function or a derivative sign without parentheses reaches: over a reduction with its product, and no further."""

from __future__ import annotations

import pytest

from tensorderiv.language import read, read_expression

PAIRS = [
    (r"log sum_j x_j + 1", "log(sum_j x_j) + 1"),
    (r"\log \sum_j x_j^2 - y", "log(sum_j x_j^2) - y"),
    (r"\log \sum_j -x_j - y", "log(sum_j (-x_j)) - y"),
    (r"\log \sum_i |x_i| + 1", "log(sum_i abs(x_i)) + 1"),
    (r"\exp \sum_i \sum_{j=1}^n x_i x_j + 1", "exp(sum_i sum_j x_i x_j) + 1"),
]


@pytest.mark.parametrize(("text", "meant"), PAIRS, ids=[text for text, _ in PAIRS])
def test_a_function_takes_one_product(text: str, meant: str) -> None:
    assert str(read(f"tensor x[n]\nL = {text}").output.body) == meant


@pytest.mark.parametrize("operand", [r"\sin t", r"\log \sin t", r"\log \sum_i x_i", r"\log\det K"])
def test_a_derivative_sign_takes_a_function_with_its_argument(operand: str) -> None:
    program = read("tensor x[n], K[n,n]\nscalar t\nL = t sum_i x_i K_ii")
    _, alone = read_expression(operand, program)
    _, found = read_expression(rf"\frac{{\partial}}{{\partial t}} {operand} + t", program)
    assert str(found) == f"diff({alone}, t) + t"


@pytest.mark.parametrize("op", [r"\sum", r"\max", r"\prod"])
def test_a_derivative_sign_takes_one_product(op: str) -> None:
    program = read("tensor X[n,d]\nS_i = sum_p X_ip")
    _, found = read_expression(rf"\frac{{\partial}}{{\partial X_{{kl}}}} {op}_{{p}} X_{{ip}} - X_{{kl}}", program)
    assert str(found) == f"diff({op[1:]}_p X_ip, X_kl) - X_kl"
