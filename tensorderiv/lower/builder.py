"""From an expression to operations: what is computed where, under which name, with which guard.

`Builder.value` returns an expression without reductions and virtual names; on the way it emits loops and locals. The rules:

* what does not depend on an inner loop is computed outside of it (`Scope.level`), once;
* a virtual name S_kj is a local of the body in which k and j are bound;
* a costly quantity of the indices (a, n) wanted inside loops a, p, n is filled into a row buffer over n at a, not recomputed
  for every p;
* a product with a factor that may be infinite or undefined is 0 where another factor is 0 (strong zero).
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from tensorderiv.algebra.build import MINUS_ONE, ONE, ZERO, add, both, mul, number
from tensorderiv.algebra.expression import (
    Add,
    And,
    ArgReduction,
    Bracket,
    Compare,
    Condition,
    CopyTensor,
    Element,
    Expr,
    Function,
    KroneckerDelta,
    Mul,
    Number,
    Or,
    Position,
    Pow,
    Reduction,
    Select,
    Subscript,
    Tensor,
)
from tensorderiv.algebra.index import Index
from tensorderiv.errors import RuleProblem
from tensorderiv.lower.nest import (
    If,
    Let,
)
from tensorderiv.lower.reducing import Reducer
from tensorderiv.lower.scope import Body
from tensorderiv.lower.values import (
    CHEAP,
    as_condition,
    body_of,
    condition_parts,
    is_costly,
    is_leaf,
    often_zero,
    split_conditions,
    under_one_condition,
)

LONGEST_PRODUCT = 16
"""x^k is written as a product up to this k."""


class Builder(Reducer):
    """Emits the operations that compute expressions of one program."""

    def value(self, expr: Expr) -> Expr:
        """The expression in terms of locals and stored elements, valid at this place."""
        if is_leaf(expr) and not (isinstance(expr, Element) and expr.tensor.name in self.virtual):
            return expr
        known = self.scope.known(expr)
        if known is not None:
            return known
        if isinstance(expr, Element | Reduction) and is_costly(expr, self.virtual):
            buffered = self.buffered(expr)
            if buffered is not None:
                return self.read_outside(expr, buffered)
        level = self.scope.level(expr)
        if level < self.scope.top:
            with self.scope.at(level):
                return self.local(expr)
        return self.here(expr)

    def read_outside(self, expr: Expr, buffered: Expr) -> Expr:
        """An entry of a row buffer, read in front of the loops it does not depend on: under a guard in them it could not be."""
        level = self.scope.level(expr)
        if level == self.scope.top:
            return buffered
        with self.scope.at(level):
            made = self.keep(buffered)
            self.scope.learn(expr, made)
        return made

    def here(self, expr: Expr) -> Expr:
        """The value at the place where it belongs; costly ones are kept in a local."""
        match expr:
            case Element(tensor):
                return self.local(expr) if tensor.name in self.virtual else self.computed(expr)
            case Reduction():
                return self.local(expr)
            case Function(name, _) if name not in CHEAP:
                return self.local(expr)
            case Pow(_, exponent) if not isinstance(exponent, Number):
                return self.local(expr)
        return self.computed(expr)

    def local(self, expr: Expr) -> Expr:
        """The value as a local of this body, computed at most once."""
        known = self.scope.known(expr)
        if known is not None:
            return known
        wish = "t"
        match expr:
            case Element(tensor, subscripts):
                if tensor.name in self.virtual:
                    flat = self.value(body_of(self.virtual[tensor.name], subscripts))
                else:
                    flat = self.computed(expr)
                wish = local_name(tensor.name, subscripts)
            case Reduction():
                flat = self.reduction(expr)
            case _:
                flat = self.computed(expr)
        made = flat if is_leaf(flat) else self.keep(flat, wish)
        self.scope.learn(expr, made)
        return made

    def keep(self, flat: Expr, wish: str = "t") -> Expr:
        """A value that is ready, as a local."""
        name = self.scope.name(wish)
        integer = isinstance(flat, Element) and flat.tensor.integer
        self.scope.emit(Let(name, flat))
        return Element(Tensor(name, (), integer))

    def atom(self, flat: Expr) -> Expr:
        """A value that may be written twice without being computed twice."""
        return flat if is_leaf(flat) or isinstance(flat, Element) else self.keep(flat)

    def computed(self, expr: Expr) -> Expr:
        """One node, its parts being values."""
        match expr:
            case Element(tensor, subscripts):
                return self.where_there_is_one(Element(tensor, tuple(self.subscript(s) for s in subscripts)), subscripts)
            case Position(index):
                made = self.subscript(index)
                return made if isinstance(made, Element) else Position(made)
            case Add(terms):
                return add(*(self.value(term) for term in under_one_condition(terms)))
            case Mul(factors):
                return self.product(factors)
            case Pow(base, exponent):
                return self.power(base, exponent)
            case Function(name, args):
                values = [self.value(arg) for arg in args]
                if len(values) > 2:  # max(a, b, c) two by two
                    first = self.keep(Function(name, (self.atom(values[0]), self.atom(values[1]))))
                    return self.computed(Function(name, (first, *values[2:])))
                if name in ("relu", "sign", "max", "min"):
                    values = [self.atom(value) for value in values]
                return Function(name, tuple(values))
            case KroneckerDelta() | CopyTensor() | Bracket():
                condition = as_condition(expr)
                assert condition is not None
                return Select(self.condition(condition), ONE, ZERO)
            case Select(condition, then, otherwise):
                return self.select(condition, then, otherwise)
        raise RuleProblem(f"no loop is known for {type(expr).__name__}: {expr}")

    def where_there_is_one(self, element: Element, written: tuple[Subscript, ...]) -> Expr:
        """X[argmax_j ..] is read where there is a place, else 0: the maximum over nothing moves with nothing."""
        places = [made for made, before in zip(element.subscripts, written, strict=True) if isinstance(before, ArgReduction)]
        found = both(*(Compare(">=", place, ZERO) for place in places if isinstance(place, Element)))
        return element if found is None else Select(found, element, ZERO)

    def subscript(self, subscript: Subscript) -> Subscript:
        """An index place: gathers and places of maxima become locals."""
        match subscript:
            case Element():
                value = self.value(subscript)
                assert isinstance(value, Element)
                return value
            case ArgReduction():
                return self.arg_reduction(subscript)
        return subscript

    def power(self, base: Expr, exponent: Expr) -> Expr:
        """Powers by multiplication and square roots where the exponent allows."""
        if not isinstance(exponent, Number):
            return Pow(self.value(base), self.value(exponent))
        value = exponent.value
        if value < 0:
            return Pow(self.atom(self.power(base, number(-value))), MINUS_ONE)
        if value == 1:
            return self.value(base)
        if value.denominator == 1 and value <= LONGEST_PRODUCT:
            return Pow(self.atom(self.value(base)), exponent)
        if value.denominator == 2 and value <= LONGEST_PRODUCT:
            root = self.value(Function("sqrt", (base,)))
            whole = value - Fraction(1, 2)
            return root if whole == 0 else mul(self.power(base, number(whole)), root)
        return Pow(self.value(base), exponent)

    def product(self, factors: tuple[Expr, ...]) -> Expr:
        """A product: brackets choose; what belongs further out is multiplied there; the rest here, with its strong zeros."""
        kept, brackets = split_conditions(factors)
        if brackets is not None:
            return self.select(brackets, mul(*kept), ZERO)
        top = self.scope.top
        deep = [f for f in factors if self.scope.level(f) == top and not isinstance(f, Number)]
        outer = [f for f in factors if f not in deep]
        solid = [f for f in outer if not isinstance(f, Number)]
        if deep and solid and top > 0 and (len(outer) > 1 or not is_leaf(solid[0])):
            outer = [mul(*outer)]
        ordered = sorted((*outer, *deep), key=lambda f: often_zero(f, self.virtual))  # what is needed anyway, before any branch
        values = {f: self.value(f) for f in ordered}
        return self.strong_product([(f, values[f]) for f in (*outer, *deep)])

    def strong_product(self, factors: list[tuple[Expr, Expr]]) -> Expr:
        """The product of (expression, value) pairs; zero where a factor is zero and another may not be finite."""
        above = [(e, v) for e, v in factors if not _is_inverse(v)]
        below = [v for _, v in factors if _is_inverse(v)]
        risky = [e for e, _ in factors if not self.facts.finite(e)]
        checked = [(e, v) for e, v in above if not self.never_zero(e) and (len(risky) > 1 or e is not risky[0])] if risky else []
        if not checked:
            return mul(*(v for _, v in above), *below)
        if all(self.facts.finite(e) for e, _ in above):
            numerator = self.atom(mul(*(v for _, v in above)))
            return Select(Compare("=", numerator, ZERO), ZERO, mul(numerator, *below))
        atoms = {e: self.atom(v) for e, v in checked}
        zeros: list[Condition] = [Compare("=", atom, ZERO) for atom in dict.fromkeys(atoms.values())]
        condition = zeros[0] if len(zeros) == 1 else Or(tuple(zeros))
        return Select(condition, ZERO, mul(*(atoms.get(e, v) for e, v in above), *below))

    def never_zero(self, expr: Expr) -> bool:
        """Known not to be zero; exp(-inf) is, so the value has to be finite as well."""
        return self.facts.sign(expr).strict and self.facts.finite(expr)

    def select(self, condition: Condition, then: Expr, otherwise: Expr) -> Expr:
        """A choice; branches that cost something are computed only where they are chosen."""
        parts = condition_parts(condition)
        cheap = [part for part in parts if not is_costly(part, self.virtual)]
        if cheap and len(cheap) < len(parts):  # what is dear is asked only where it matters
            dear = both(*(part for part in parts if part not in cheap))
            assert dear is not None
            return self.select(And(tuple(cheap)) if len(cheap) > 1 else cheap[0], Select(dear, then, otherwise), otherwise)
        where = self.condition(condition)
        if not (is_costly(then, self.virtual) or is_costly(otherwise, self.virtual)):
            return Select(where, self.value(then), self.value(otherwise))
        name = self.scope.name("t")
        branches: list[Body] = []
        for branch in (then, otherwise):
            body = Body([], set(self.scope.body.claims))
            with self.scope.within(body):
                self.scope.emit(Let(name, self.value(branch)))
            branches.append(body)
        self.scope.emit(If(where, branches[0].ops, branches[1].ops))
        return Element(Tensor(name))

    def condition(self, condition: Condition) -> Condition:
        """A condition whose sides are values."""
        match condition:
            case Compare(op, left, right):
                return Compare(op, self.side(left), self.side(right))
            case And(items):
                return And(tuple(self.condition(part) for part in items))
            case Or(items):
                return Or(tuple(self.condition(part) for part in items))
        raise RuleProblem(f"no loop is known for the condition {condition}")

    def side(self, expr: Expr) -> Expr:
        """A side of a comparison: indices and labels stay whole numbers."""
        return self.computed(expr) if isinstance(expr, Position) else self.value(expr)


def _is_inverse(value: Expr) -> bool:
    return isinstance(value, Pow) and value.exponent == MINUS_ONE


def local_name(name: str, subscripts: Iterable[Subscript]) -> str:
    """S_kj -> `S_kj`, a name for a local."""
    shown = "".join(s.name if isinstance(s, Index) else str(s) if isinstance(s, int) else "c" for s in subscripts)
    return f"{name}_{shown}" if shown else name
