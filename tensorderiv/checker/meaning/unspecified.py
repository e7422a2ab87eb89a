"""Functions that nothing is said about but that they are smooth: judged as polynomials with free coefficients."""

from __future__ import annotations

import itertools
from functools import partial
from typing import TYPE_CHECKING

from tensorderiv.algebra import build
from tensorderiv.algebra.expression import Element, Expr
from tensorderiv.checker import tree as t
from tensorderiv.checker.meaning.array import Array
from tensorderiv.checker.meaning.names import DEGREE, Unspecified
from tensorderiv.checker.meaning.problems import Inexpressible
from tensorderiv.checker.meaning.scope import Scope

if TYPE_CHECKING:
    from tensorderiv.checker.meaning.elaborator import Elaborator


def value(e: Elaborator, function: Unspecified, node: t.Name, scope: Scope) -> Array:
    """f(u) as a polynomial with free coefficients, entry by entry."""
    if len(node.args) != function.arity:
        raise Inexpressible(f"{node.name} takes {function.arity} arguments, and {len(node.args)} are given")
    return e.axes.entrywise(partial(polynomial, function), *(e.array(arg, scope) for arg in node.args))


def polynomial(function: Unspecified, *arguments: Expr) -> Expr:
    terms = []
    for degrees in itertools.product(range(DEGREE + 1), repeat=function.arity):
        factors = (build.power(x, degree) for x, degree in zip(arguments, degrees, strict=True))
        terms.append(build.mul(Element(function.coefficients, degrees), *factors))
    return build.add(*terms)
