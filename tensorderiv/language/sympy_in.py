"""SymPy in: Eq(D[i, j], Sum((X[i, p] - X[j, p])**2, (p, 0, d - 1))) -> Program.

Nothing is evaluated: the tree is walked and written as a surface tree, which is elaborated like text. Indices are the symbols
inside `Indexed`; a `Sum` from 0 to d - 1 or from 1 to d gives the extent d; a plain `Symbol` is a scalar.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import sympy

from tensorderiv.algebra.program import Program
from tensorderiv.errors import Place, RuleProblem, SyntaxProblem
from tensorderiv.language import surface as s
from tensorderiv.language.reader import Reading, build_program
from tensorderiv.language.source import make_source
from tensorderiv.language.statements import Definition

NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*'*")
COMPARISONS = {
    sympy.Eq: "=",
    sympy.Ne: "!=",
    sympy.Lt: "<",
    sympy.Le: "<=",
    sympy.Gt: ">",
    sympy.Ge: ">=",
}
FUNCTIONS: dict[Any, str] = {
    sympy.exp: "exp",
    sympy.log: "log",
    sympy.Abs: "abs",
    sympy.sign: "sign",
    sympy.floor: "floor",
    sympy.sin: "sin",
    sympy.cos: "cos",
    sympy.tan: "tan",
    sympy.asin: "asin",
    sympy.acos: "acos",
    sympy.atan: "atan",
    sympy.atan2: "atan2",
    sympy.sinh: "sinh",
    sympy.cosh: "cosh",
    sympy.tanh: "tanh",
    sympy.asinh: "asinh",
    sympy.acosh: "acosh",
    sympy.atanh: "atanh",
    sympy.erf: "erf",
    sympy.loggamma: "lgamma",
    sympy.digamma: "digamma",
    sympy.Max: "max",
    sympy.Min: "min",
}


def from_sympy(equation: Any, name: str | None = None) -> Program:
    """The program of a SymPy equation, or of several: the last one is the output.

    Raises: SyntaxProblem when it is no equation with a name on its left; RuleProblem for SymPy nodes that have no meaning here.

    >>> from sympy import Eq, IndexedBase, Sum, symbols
    >>> i, j, p, d = symbols("i j p d", integer=True)
    >>> D, X = IndexedBase("D"), IndexedBase("X")
    >>> print(from_sympy(Eq(D[i, j], Sum((X[i, p] - X[j, p]) ** 2, (p, 0, d - 1)))).output.body)
    sum_p (X_ip - X_jp)^2
    """
    equations: Sequence[Any] = list(equation) if isinstance(equation, list | tuple) else [equation]
    text = "\n".join(str(item) for item in equations)
    try:
        source = make_source(text)
    except SyntaxProblem:
        source = make_source("")
    walker = Walker(Place(source.original, 1, 1))
    reading = Reading(source)
    reading.definitions = [walker.definition(item) for item in equations]
    if not reading.definitions:
        raise SyntaxProblem("no equation is given", hint="write Eq(D[i, j], ...)")
    for item in reading.definitions:
        item.words = frozenset(walker.names)
    found = build_program(reading, name)
    return found.program


class Walker:
    """SymPy nodes -> surface nodes."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.names: set[str] = set()

    def definition(self, item: Any) -> Definition:
        if not isinstance(item, sympy.Eq):
            raise SyntaxProblem(f"{type(item).__name__} is not an equation", hint="write Eq(D[i, j], expression)")
        left = item.lhs
        if isinstance(left, sympy.Indexed):
            subscripts = tuple(self.node(index) for index in left.indices)
            return Definition(self.name(left.base.label), subscripts, None, (self.node(item.rhs),), self.place)
        if isinstance(left, sympy.Symbol):
            return Definition(self.name(left), (), None, (self.node(item.rhs),), self.place)
        raise SyntaxProblem(f"the left-hand side {left} is not a name with indices", hint="write Eq(D[i, j], expression)")

    def name(self, symbol: Any) -> str:
        name = str(symbol).replace("_", "")
        if NAME.fullmatch(name) is None:
            raise SyntaxProblem(f"{str(symbol)!r} is not a name", hint="use letters and digits")
        self.names.add(name)
        return name

    def node(self, expr: Any) -> s.Node:
        """The surface node of a SymPy expression."""
        place = self.place
        if isinstance(expr, sympy.Rational):
            return s.Num(place, Fraction(int(expr.p), int(expr.q)))
        if isinstance(expr, sympy.Float):
            return s.Num(place, Fraction(str(expr)))
        if expr is sympy.pi:
            return s.Ref(place, "pi")
        if expr is sympy.E:
            return s.Call(place, "exp", (s.Num(place, Fraction(1)),))
        if isinstance(expr, sympy.Indexed):
            return s.Ref(place, self.name(expr.base.label), tuple(self.node(index) for index in expr.indices))
        if isinstance(expr, sympy.Idx):
            return s.Ref(place, self.name(expr.label))
        if isinstance(expr, sympy.Symbol):
            return s.Ref(place, self.name(expr))
        if isinstance(expr, sympy.Add):
            return s.Sum(place, tuple(self.signed(term) for term in expr.as_ordered_terms()))
        if isinstance(expr, sympy.Mul):
            return self.product(expr)
        if isinstance(expr, sympy.Pow):
            return self.power(expr)
        if isinstance(expr, sympy.Sum | sympy.Product):
            return self.reduction(expr)
        if isinstance(expr, sympy.KroneckerDelta):
            return s.Ref(place, "delta", tuple(self.node(index) for index in expr.args[:2]))
        if isinstance(expr, sympy.Piecewise):
            return s.Cases(place, tuple((self.node(value), self.truth(when)) for value, when in expr.args))
        for kind, name in FUNCTIONS.items():
            if isinstance(expr, kind):
                return s.Call(place, name, tuple(self.node(arg) for arg in expr.args))
        raise RuleProblem(
            f"the SymPy node {type(expr).__name__} in {expr} has no meaning here",
            hint="use Indexed, Sum and elementary functions",
        )

    def signed(self, term: Any) -> tuple[int, s.Node]:
        if term.could_extract_minus_sign():
            return -1, self.node(-term)
        return 1, self.node(term)

    def product(self, expr: Any) -> s.Node:
        if expr.could_extract_minus_sign() and not isinstance(-expr, sympy.Add):
            return s.Sum(self.place, ((-1, self.node(-expr)),))
        factors: list[tuple[str, s.Node]] = []
        for factor in expr.as_ordered_factors():
            if isinstance(factor, sympy.Pow) and factor.exp == -1:
                if not factors:
                    factors.append(("*", s.Num(self.place, Fraction(1))))
                factors.append(("/", self.node(factor.base)))
            else:
                factors.append(("*", self.node(factor)))
        return s.Product(self.place, tuple(factors))

    def power(self, expr: Any) -> s.Node:
        base = self.node(expr.base)
        if expr.exp == sympy.Rational(1, 2):
            return s.Call(self.place, "sqrt", (base,))
        if expr.exp == sympy.Rational(-1, 2):
            one = s.Num(self.place, Fraction(1))
            return s.Product(self.place, (("*", one), ("/", s.Call(self.place, "sqrt", (base,)))))
        if expr.base is sympy.E:
            return s.Call(self.place, "exp", (self.node(expr.exp),))
        return s.Power(self.place, base, self.node(expr.exp))

    def reduction(self, expr: Any) -> s.Node:
        """Sum(f, (p, 0, d-1), (i, 1, n)): the last limit is the outermost."""
        op = "sum" if isinstance(expr, sympy.Sum) else "prod"
        body = self.node(expr.function)
        for limit in expr.limits:
            index = self.node(limit[0])
            if len(limit) == 1:
                body = s.Reduce(self.place, op, s.Bounds(self.place, (index,)), body)
                continue
            lower, upper = limit[1], limit[2]
            zero = s.Comparison(self.place, index, (("=", s.Num(self.place, Fraction(1))),))
            shift: Callable[[Any], Any] = lambda value: sympy.expand(value)  # noqa: E731
            if lower == 0:
                body = s.Reduce(self.place, op, s.Bounds(self.place, (zero,), (), False, self.node(shift(upper + 1))), body)
            elif lower == 1 and upper.is_Symbol:
                body = s.Reduce(self.place, op, s.Bounds(self.place, (zero,), (), False, self.node(upper)), body)
            else:
                raise RuleProblem(
                    f"the limits {lower} to {upper} of {expr} are not read",
                    hint="sum over all values: from 0 to d - 1, or from 1 to d",
                )
        return body

    def truth(self, condition: Any) -> s.Node | None:
        """A SymPy truth value; True is `otherwise`."""
        if condition is sympy.true or condition is True:
            return None
        for kind, op in COMPARISONS.items():
            if isinstance(condition, kind):
                return s.Comparison(self.place, self.node(condition.args[0]), ((op, self.node(condition.args[1])),))
        if isinstance(condition, sympy.And | sympy.Or | sympy.Not):
            word = {"And": "and", "Or": "or", "Not": "not"}[type(condition).__name__]
            parts = tuple(part for part in (self.truth(arg) for arg in condition.args) if part is not None)
            return s.Logic(self.place, word, parts)
        raise RuleProblem(f"the condition {condition} is not read", hint="use Eq, Ne, Lt, Le, Gt, Ge, And, Or, Not")
