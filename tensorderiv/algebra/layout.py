"""The layout of an expression: how a person would write it, decided once for every alphabet.

The decisions, in the order in which a reader meets them:

* a sum that begins with a minus is turned round: X_il - X_jl, not -X_jl + X_il; otherwise the written order stays;
* a product is sign, coefficient, factors, denominators: `2 X_il / N_i`; a leading 1/n stays in front: `1/n sum_i x_i`, unless
  what follows is short: `x_k / n`, `(nu + 1) / 2`;
* negative powers go below: 1/x^2;
* below a fraction bar reductions come last: a / (t sum_j x_j);
* a reduction has everything to its right in its scope, so it is grouped unless it is the last factor;
* a bound index that stands in no tensor carries its extent: sum_{e=1}^{n} 1;
* a bound index whose name is already in scope is renamed, so that the written form has one reading.

Alphabets differ in what their notation encloses by itself (`Style`): a fraction bar needs no parentheses, a slash does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from tensorderiv.algebra.anchors import unanchored
from tensorderiv.algebra.expression import (
    Add,
    And,
    ArgReduction,
    Bracket,
    Compare,
    Condition,
    Constant,
    CopyTensor,
    Derivative,
    Element,
    Expr,
    Function,
    KroneckerDelta,
    MatrixFunction,
    Mul,
    Node,
    Number,
    Or,
    Position,
    Pow,
    Reduction,
    Select,
    Size,
    Subscript,
)
from tensorderiv.algebra.fences import Fences, Style
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.traverse import free_indices, index_names, rename_bound, tensors
from tensorderiv.algebra.written import (
    Big,
    Call,
    Cases,
    Differential,
    Group,
    Iverson,
    Junction,
    Power,
    Product,
    Ratio,
    Relation,
    Subscripted,
    Symbol,
    Terms,
    Whole,
    WholeMatrix,
    Written,
    WrittenSubscript,
)


@dataclass(frozen=True)
class Scope:
    """The indices a reader knows here, and the names that a bound index must not take."""

    known: frozenset[str]
    taken: frozenset[str]

    def inside(self, bound: Iterable[Index]) -> Scope:
        names = frozenset(index.name for index in bound)
        return Scope(self.known | names, self.taken | names)


def lay_out(node: Node, style: Style, scope: Iterable[Index] | None = None, taken: Iterable[str] = ()) -> Written:
    """The written form.

    `scope` are the free indices the reader is told of beforehand, such as those of a left-hand side; without it, no condition is
    shortened. `taken` are names that stand for something else where the form is read: no bound index is written by one.
    """
    known = frozenset(index.name for index in scope or ())
    names = known | frozenset(index.name for index in free_indices(node)) | tensors(node) | frozenset(taken)
    layout = _Layout(style, shorten=scope is not None)
    here = Scope(known, names)
    return layout.expr(node, here) if isinstance(node, Expr) else layout.condition(_as_condition(node), here)


def lay_out_subscript(subscript: Subscript, style: Style) -> WrittenSubscript:
    names = frozenset(index.name for index in free_indices(subscript)) if isinstance(subscript, Expr) else frozenset()
    return _Layout(style, shorten=False).subscript(subscript, Scope(frozenset(), names))


def unshadow(expr: Reduction | ArgReduction, taken: frozenset[str]) -> Reduction | ArgReduction:
    """The same reduction with bound indices whose names are not in `taken`."""
    clashes = [index for index in _bound(expr) if index.name in taken]
    if not clashes:
        return expr
    renamed = rename_bound(expr, clashes, taken | index_names(expr))
    assert isinstance(renamed, Reduction | ArgReduction)
    return renamed


def _as_condition(node: Node) -> Condition:
    if not isinstance(node, Condition):
        raise TypeError(f"layout: no rule for {type(node).__name__}")
    return node


@dataclass(frozen=True)
class _Layout(Fences):
    shorten: bool

    def expr(self, expr: Expr, scope: Scope) -> Written:
        match expr:
            case Number() | Mul():
                negative, written = self.signed(expr, scope)
                return Terms(((True, self.term(written)),)) if negative else written
            case Constant(name):
                return Symbol("constant", name)
            case Size(extent):
                return Symbol("size", extent)
            case Element(tensor, subscripts):
                return Subscripted("tensor", tensor.name, self.subscripts(subscripts, scope))
            case MatrixFunction(function, matrix, subscripts):
                return WholeMatrix(function, matrix.name, self.subscripts(subscripts, scope))
            case KroneckerDelta(left, right):
                return self.delta("delta", "delta", (left, right), scope)
            case CopyTensor(subscripts):
                return self.delta("copy", "H", subscripts, scope)
            case Position(subscript):
                return self.position(subscript, scope)
            case Add():
                return self.sum(expr, scope)
            case Pow(base, exponent):
                if _goes_below(expr):
                    return self.product(Fraction(1), [expr], scope)
                return Power(self.base(self.expr(base, scope)), self.exponent(self.expr(exponent, scope)))
            case Function(name, args):
                return Call(name, tuple(self.expr(arg, scope) for arg in args))
            case Reduction() | ArgReduction():
                return self.big(expr, scope)
            case Bracket(condition):
                return Iverson(self.condition(condition, scope))
            case Select(condition, then, otherwise):
                return Cases(self.condition(condition, scope), self.expr(then, scope), self.expr(otherwise, scope))
            case Derivative(body, variable):
                inner = self.expr(body, scope)
                return Differential(self.operand(inner), self.expr(variable, scope))
        raise TypeError(f"layout: no rule for {type(expr).__name__}")

    def sum(self, expr: Add, scope: Scope) -> Written:
        signed = [self.signed(term, scope) for term in _flat(expr, Add)]
        if signed and signed[0][0]:
            signed = [pair for pair in signed if not pair[0]] + [pair for pair in signed if pair[0]]
        return Terms(tuple((negative, self.term(written)) for negative, written in signed))

    def signed(self, expr: Expr, scope: Scope) -> tuple[bool, Written]:
        """The sign in front of a term, and the rest."""
        match expr:
            case Number(value):
                return value < 0, self.product(abs(value), [], scope)
            case Mul():
                coefficient = Fraction(1)
                factors: list[Expr] = []
                for factor in _flat(expr, Mul):
                    if isinstance(factor, Number):
                        coefficient *= factor.value
                    else:
                        factors.append(factor)
                return coefficient < 0, self.product(abs(coefficient), factors, scope)
        return False, self.expr(expr, scope)

    def product(self, coefficient: Fraction, factors: list[Expr], scope: Scope) -> Written:
        """coefficient, factors, denominators; a leading denominator stays in front of a sum: 1/n sum_i x_i."""
        above = [factor for factor in factors if not _goes_below(factor)]
        below = sorted((_inverse(factor) for factor in factors if _goes_below(factor)), key=_is_reduction)
        lead = _leading(factors, above, below)
        upper: list[Written] = [self.expr(factor, scope) for factor in above]
        lower: list[Written] = [self.expr(factor, scope) for factor in below]
        if coefficient.denominator != 1:
            lower.insert(0, Whole(coefficient.denominator))
        lead = (lead or (coefficient.denominator != 1 and not below)) and not _is_short(above)
        number = Whole(coefficient.numerator)
        if lead and upper:
            upper.insert(0, Ratio(number, self.below_all(lower, followed=True)))
            return self.side_by_side(upper, followed=False)
        if coefficient.numerator != 1 or not upper:
            upper.insert(0, number)
        if not lower:
            return self.side_by_side(upper, followed=False)
        return Ratio(self.above(self.side_by_side(upper, followed=not self.style.bars)), self.below_all(lower, followed=False))

    def side_by_side(self, factors: list[Written], followed: bool) -> Written:
        """The factors as a product; `followed` by a slash, even the last one must not be open to the right."""
        if len(factors) == 1:
            return factors[0]
        end = len(factors) - 1
        made: list[Written] = []
        for place, factor in enumerate(factors):
            leads = place == 0 and isinstance(factor, Ratio)
            made.append(factor if leads else self.factor(factor, place == 0, place == end and not followed))
        return Product(tuple(made))

    def below_all(self, factors: list[Written], followed: bool) -> Written:
        written = self.below(self.side_by_side(factors, followed=False))
        return Group(written) if followed and not self.style.bars and isinstance(written, Big) else written

    def delta(self, kind: Literal["delta", "copy"], name: str, subscripts: tuple[Subscript, ...], scope: Scope) -> Written:
        """delta_ij or H_ijk; where the name means something else (the delta of a Huber loss), the bracket [i = j]."""
        if name not in scope.taken:
            return Subscripted(kind, name, self.subscripts(subscripts, scope))
        first, *others = (self.position(subscript, scope) for subscript in subscripts)
        equal = tuple(Relation("=", first, other) for other in others)
        return Iverson(equal[0] if len(equal) == 1 else Junction("and", equal))

    def big(self, expr: Reduction | ArgReduction, scope: Scope) -> Written:
        """A reduction, its bound indices renamed where their names are taken.

        The body of an arg max always stands in a group: it is met inside subscripts, where the end of its scope is hard to see.
        """
        expr = unshadow(expr, scope.taken)
        bound = _bound(expr)
        bounded = next((index for index in unanchored(expr) if len(bound) > 1), None)
        if bounded and isinstance(expr, Reduction):
            rest = tuple(index for index in bound if index != bounded)
            inside = self.big(Reduction(expr.op, rest, expr.body, expr.condition), scope.inside([bounded]))
            return Big(expr.op, (bounded,), None, inside, upper=bounded.extent)
        inner = scope.inside(bound)
        condition = None if expr.condition is None else self.condition(expr.condition, inner)
        upper = bound[0].extent if unanchored(expr) else None
        implied = self.shorten and upper is None and expr.condition is not None and _implied(expr.condition, scope.known) == bound
        body = self.expr(expr.body, inner)
        group = isinstance(body, Terms) or isinstance(expr, ArgReduction)
        return Big(expr.op, bound, condition, Group(body) if group else body, implied, upper)

    def position(self, subscript: Subscript, scope: Scope) -> Written:
        match subscript:
            case Index(name):
                return Symbol("index", name)
            case int():
                return self.expr(Number(Fraction(subscript)), scope)
        return self.expr(subscript, scope)

    def subscripts(self, subscripts: tuple[Subscript, ...], scope: Scope) -> tuple[WrittenSubscript, ...]:
        return tuple(self.subscript(subscript, scope) for subscript in subscripts)

    def subscript(self, subscript: Subscript, scope: Scope) -> WrittenSubscript:
        return subscript if isinstance(subscript, Index | int) else self.expr(subscript, scope)

    def condition(self, condition: Condition, scope: Scope) -> Written:
        match condition:
            case Compare(op, left, right):
                return Relation(op, self.expr(left, scope), self.expr(right, scope))
            case And(parts):
                written = [self.condition(part, scope) for part in parts]
                return Junction("and", tuple(Group(part) if _is_or(part) else part for part in written))
            case Or(parts):
                return Junction("or", tuple(self.condition(part, scope) for part in parts))
        raise TypeError(f"layout: no rule for {type(condition).__name__}")


def _flat(expr: Expr, kind: type[Add] | type[Mul]) -> Iterator[Expr]:
    """The terms of nested sums, or the factors of nested products, in order."""
    match expr:
        case Add(items) | Mul(items) if isinstance(expr, kind):
            for item in items:
                yield from _flat(item, kind)
        case _:
            yield expr


def _goes_below(factor: Expr) -> bool:
    return isinstance(factor, Pow) and isinstance(factor.exponent, Number) and factor.exponent.value < 0


def _inverse(factor: Expr) -> Expr:
    """What stands in the denominator for a factor x^-a: x^a."""
    assert isinstance(factor, Pow)
    assert isinstance(factor.exponent, Number)
    exponent = -factor.exponent.value
    return factor.base if exponent == 1 else Pow(factor.base, Number(exponent))


def _is_reduction(factor: Expr) -> bool:
    return isinstance(factor, Reduction)


def _leading(factors: list[Expr], above: list[Expr], below: list[Expr]) -> bool:
    """Whether the denominators stay in front: all are written there, and they are sizes, or a reduction ends the product."""
    if not above or not below or not all(_goes_below(factor) for factor in factors[: len(below)]):
        return False
    sizes = all(isinstance(factor, Size) for factor in below)
    return sizes or (isinstance(above[-1], Reduction) and not any(isinstance(factor, Reduction) for factor in below))


def _is_short(factors: list[Expr]) -> bool:
    """Whether there is one factor, an entry or the like, or a sum of two such."""
    terms = [part for term in _flat(factors[0], Add) for part in _flat(term, Mul)] if len(factors) == 1 else []
    return 0 < len(terms) < 3 and all(isinstance(term, (Number, Constant, Size, Element)) for term in terms)


def _bound(expr: Reduction | ArgReduction) -> tuple[Index, ...]:
    return expr.indices if isinstance(expr, Reduction) else (expr.index,)


def _implied(condition: Condition, known: frozenset[str]) -> tuple[Index, ...]:
    """The indices a reader takes as bound by a bare condition: those of i < j that are not known already."""
    match condition:
        case Compare(_, Position(Index() as left), Position(Index() as right)):
            found = dict.fromkeys(index for index in (left, right) if index.name not in known)
            return tuple(found)
    return ()


def _is_or(written: Written) -> bool:
    return isinstance(written, Junction) and written.op == "or"
