"""A factor of two unit vectors as a function of the angle theta between them: <x, y> is cos(theta)."""

from __future__ import annotations

from fractions import Fraction
from math import isqrt

from tensorderiv.algebra.build import MINUS_ONE, call, factors_of, mul, power
from tensorderiv.algebra.expression import Add, Element, Expr, Function, Mul, Number, Pow, Reduction, Tensor
from tensorderiv.algebra.traverse import free_indices, rewrite, tensors
from tensorderiv.canonical import canonical
from tensorderiv.canonical.effort import effort
from tensorderiv.equality.proof import MOST_EFFORT, written_out
from tensorderiv.relations.factor import root
from tensorderiv.relations.gradients import Gradients
from tensorderiv.simplify.factor import factor
from tensorderiv.simplify.tidy import tidy

THETA = Element(Tensor("theta"))
COSINE = Function("cos", (THETA,))
SINE = Function("sin", (THETA,))
ROUNDS = 3
"""A square of a sum is multiplied out before the inner products in it are seen."""

ONE_LESS_SQUARE = canonical(Add((Number(Fraction(1)), Mul((MINUS_ONE, Pow(COSINE, Number(Fraction(2))))))))


def by_angle(expr: Expr, found: Gradients) -> Expr | None:
    """The expression in theta alone; None where it depends on more than the angle between two points."""
    points = set(found.together.points)
    if not found.sphere or len(points) != 2:
        return None
    plain = written_out(expr, found.unit.statements)
    for _ in range(ROUNDS):
        plain = rewrite(tidy(found.unit.put_in(tidy(plain))), lambda node: _inner(node, points))
        if tensors(plain) <= {THETA.tensor.name} or effort(plain) > MOST_EFFORT:
            break
        plain = canonical(plain)
    if tensors(plain) - {THETA.tensor.name}:
        return None
    return rewrite(rewrite(tidy(rewrite(factor(canonical(plain)), _settled)), _settled), root)


def length_by_angle(expr: Expr, found: Gradients) -> Expr | None:
    """The length of a gradient in theta alone."""
    square = by_angle(found.unit.settle(found.dot(expr, expr)), found)
    return None if square is None else rewrite(rewrite(tidy(call("sqrt", square)), _settled), root)


def _inner(node: Expr, points: set[str]) -> Expr:
    """sum_p x_p y_p c as cos(theta) c, where c does not depend on p."""
    match node:
        case Reduction("sum", (index,), body, None):
            varying = [part for part in factors_of(body) if index in free_indices(part)]
            match varying:
                case [Element(one, (first,)), Element(other, (second,))] if first == second and {one.name, other.name} == points:
                    return mul(COSINE, *(part for part in factors_of(body) if part not in varying))
    return node


def _settled(node: Expr) -> Expr:
    """1 - cos(theta)^2 is sin(theta)^2, and what undoes a cosine or a square gives theta or its sine: 0 <= theta <= pi."""
    match node:
        case Function("acos", (inner,)) if inner == COSINE:
            return THETA
        case Add() if canonical(node) == ONE_LESS_SQUARE:
            return power(SINE, 2)
        case Function("sqrt", (inner,)) | Pow(inner, Number(Fraction(numerator=1, denominator=2))):
            return _rooted(inner) or node
        case Pow(inner, Number(Fraction(numerator=-1, denominator=2))):
            root = _rooted(inner)
            return node if root is None else power(root, -1)
    return node


def _rooted(inner: Expr) -> Expr | None:
    """The root of a rational square times a power of sin(theta)."""
    value, sines = Fraction(1), Fraction(0)
    for part in inner.factors if isinstance(inner, Mul) else (inner,):
        match part:
            case Number(number) if number > 0:
                value *= number
            case Pow(base, Number(exponent)) if base == SINE:
                sines += exponent
            case _:
                return None
    root = Fraction(isqrt(value.numerator), isqrt(value.denominator))
    return tidy(Mul((Number(root), power(SINE, sines / 2)))) if root * root == value else None
