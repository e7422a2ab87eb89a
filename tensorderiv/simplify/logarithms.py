"""Logarithms of products that hold an exponential: log(exp(a) / b) -> a - log(b)."""

from __future__ import annotations

from tensorderiv.algebra.build import ONE, add, call, factors_of, mul, number
from tensorderiv.algebra.expression import Expr, Function
from tensorderiv.algebra.traverse import rewrite
from tensorderiv.simplify.tidy import split_power


def open_logarithms(expr: Expr) -> Expr:
    """log(exp(a) b / c) -> a + log(b) - log(c), wherever a factor is an exponential.

    exp(a) is positive, so both sides are defined for the same arguments; other logarithms are left as they are.
    """
    return rewrite(expr, _open)


def _open(node: Expr) -> Expr:
    if not (isinstance(node, Function) and node.name == "log"):
        return node
    exponents: list[Expr] = []
    others: list[Expr] = []
    for factor in factors_of(node.args[0]):
        base, power_ = split_power(factor)
        if isinstance(base, Function) and base.name == "exp":
            exponents.append(mul(number(power_), base.args[0]))
        else:
            others.append(factor)
    if not exponents:
        return node
    return add(*exponents, _log_of(others))


def _log_of(factors: list[Expr]) -> Expr:
    """log of the product of what is left; c log(b) for a single power."""
    if len(factors) == 1:
        base, exponent = split_power(factors[0])
        return mul(number(exponent), call("log", base))
    rest = mul(*factors)
    return number(0) if rest == ONE else call("log", rest)
