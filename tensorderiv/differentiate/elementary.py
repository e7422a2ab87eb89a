"""The table of elementary functions: f(u) -> f'(u), one line an entry.

Each entry takes the function node itself (so that a derivative can reuse the value: exp' = exp) and returns one partial
derivative per argument. A function without an entry has no derivative rule, which is an error and never a zero; functions that
are piecewise constant say so in `PIECEWISE_CONSTANT`.

Conventions at the kinks (DESIGN 3.5): abs' = sign with sign(0) = 0; relu' = [u > 0]; max(a, b) takes the constant argument at a
tie, else the first.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from tensorderiv.algebra.build import MINUS_ONE, ONE, TWO, ZERO, add, call, mul, number, power, sub
from tensorderiv.algebra.expression import Bracket, Compare, CompareOp, Constant, Expr, Function, Number

Partials = Callable[[Function], tuple[Expr, ...]]

PIECEWISE_CONSTANT = frozenset({"sign", "floor"})
"""Derivative 0 wherever it exists; at the jumps 0 is the stated choice."""


def _inv(expr: Expr) -> Expr:
    return power(expr, -1)


def _square(expr: Expr) -> Expr:
    return power(expr, 2)


def _one(rule: Callable[[Expr, Expr], Expr]) -> Partials:
    """A rule for one argument: (u, f(u)) -> f'(u)."""
    return lambda f: (rule(f.args[0], f),)


DERIVATIVES: dict[str, Partials] = {
    "exp": _one(lambda u, f: f),
    "expm1": _one(lambda u, f: call("exp", u)),
    "log": _one(lambda u, f: _inv(u)),
    "log2": _one(lambda u, f: mul(_inv(u), _inv(call("log", TWO)))),
    "log1p": _one(lambda u, f: _inv(add(ONE, u))),
    "sqrt": _one(lambda u, f: mul(number(Fraction(1, 2)), _inv(f))),
    "abs": _one(lambda u, f: call("sign", u)),
    "sin": _one(lambda u, f: call("cos", u)),
    "cos": _one(lambda u, f: mul(MINUS_ONE, call("sin", u))),
    "tan": _one(lambda u, f: add(ONE, _square(f))),
    "asin": _one(lambda u, f: _inv(call("sqrt", sub(ONE, _square(u))))),
    "acos": _one(lambda u, f: mul(MINUS_ONE, _inv(call("sqrt", sub(ONE, _square(u)))))),
    "atan": _one(lambda u, f: _inv(add(ONE, _square(u)))),
    "sinh": _one(lambda u, f: call("cosh", u)),
    "cosh": _one(lambda u, f: call("sinh", u)),
    "tanh": _one(lambda u, f: sub(ONE, _square(f))),
    "asinh": _one(lambda u, f: _inv(call("sqrt", add(ONE, _square(u))))),
    "acosh": _one(lambda u, f: mul(_inv(call("sqrt", sub(u, ONE))), _inv(call("sqrt", add(u, ONE))))),
    "atanh": _one(lambda u, f: _inv(sub(ONE, _square(u)))),
    "erf": _one(lambda u, f: mul(TWO, _inv(call("sqrt", Constant("pi"))), call("exp", mul(MINUS_ONE, _square(u))))),
    "lgamma": _one(lambda u, f: call("digamma", u)),
    "sigmoid": _one(lambda u, f: mul(f, call("sigmoid", mul(MINUS_ONE, u)))),  # not f (1 - f), which cancels for large u
    "softplus": _one(lambda u, f: call("sigmoid", u)),
    "relu": _one(lambda u, f: Bracket(Compare(">", u, ZERO))),
}


def atan2_partials(f: Function) -> tuple[Expr, ...]:
    """atan2(y, x): x / (x^2 + y^2) by y, -y / (x^2 + y^2) by x."""
    y, x = f.args
    radius = _inv(add(_square(x), _square(y)))
    return (mul(x, radius), mul(MINUS_ONE, y, radius))


def extremum_partials(f: Function) -> tuple[Expr, ...]:
    """max(a, b, ...): argument a counts where it beats every other; at a tie a constant wins, else the first.

    max(a, b) by a is [a >= b] if a is constant or b is not, else [a > b].
    """
    strict: CompareOp = ">" if f.name == "max" else "<"
    weak: CompareOp = ">=" if f.name == "max" else "<="
    ranked = sorted(range(len(f.args)), key=lambda position: (not isinstance(f.args[position], Number), position))
    partials: list[Expr] = []
    for position, mine in enumerate(f.args):
        rank = ranked.index(position)
        wins = [
            Bracket(Compare(weak if rank < ranked.index(other) else strict, mine, theirs))
            for other, theirs in enumerate(f.args)
            if other != position
        ]
        partials.append(mul(*wins))
    return tuple(partials)


DERIVATIVES["atan2"] = atan2_partials
DERIVATIVES["max"] = DERIVATIVES["min"] = extremum_partials
