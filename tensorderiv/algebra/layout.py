"""The layout of an expression: how a person would write it, decided once for every alphabet.

The decisions, in the order in which a reader meets them:

* a sum that begins with a minus is turned round: X_il - X_jl, not -X_jl + X_il; otherwise the written order stays;
* a product is sign, coefficient, factors, denominators: `2 X_il / N_i`; a leading 1/n stays in front: `1/n sum_i x_i`;
* negative powers go below: 1/x^2;
* below a fraction bar reductions come last: a / (t sum_j x_j);
* a reduction has everything to its right in its scope, so it is grouped unless it is the last factor;
* a bound index whose name is already in scope is renamed, so that the written form has one reading.

Alphabets differ in what their notation encloses by itself (`Style`): a fraction bar needs no parentheses, a slash does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

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
    Written,
    WrittenSubscript,
)


@dataclass(frozen=True)
class Style:
    """What the notation of an alphabet encloses by itself."""

    bars: bool
    """Fractions have a bar, exponents are raised, and cases are a table: what is inside needs no parentheses."""
    open_calls: frozenset[str] | None
    """Functions that need parentheses as the base of a power; None: no function does."""
    open_derivatives: bool
    """The derivative is an operator in front of its body, not a call around it."""

    def opens(self, function: str) -> bool:
        return self.open_calls is not None and function in self.open_calls


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
class _Layout:
    style: Style
    shorten: bool

    def is_open(self, written: Written) -> bool:
        """Whether factors that follow would fall into its scope."""
        match written:
            case Big():
                return True
            case Differential(body):
                return self.style.open_derivatives and not isinstance(body, Subscripted)
            case Cases():
                return self.style.bars
        return False

    # What stands where: one rule for parentheses a place -----------------------------------------------------------------

    def term(self, written: Written) -> Written:
        return Group(written) if isinstance(written, Terms) else written

    def factor(self, written: Written, first: bool, last: bool) -> Written:
        """A factor among others. Two numbers side by side would read as one; a slash would swallow what follows it."""
        slashed = isinstance(written, Ratio | Product) and not self.style.bars
        swallows = not last and self.is_open(written)
        digits = not first and _begins_with_digit(written)
        return Group(written) if isinstance(written, Terms) or slashed or swallows or digits else written

    def below(self, written: Written) -> Written:
        enclosed = self.style.bars or not isinstance(written, Terms | Product | Ratio)
        return written if enclosed else Group(written)

    def above(self, written: Written) -> Written:
        enclosed = self.style.bars or not isinstance(written, Terms | Big | Ratio)
        return written if enclosed else Group(written)

    def base(self, written: Written) -> Written:
        match written:
            case Terms() | Product() | Ratio() | Power():
                return Group(written)
            case Cases() | Differential() if self.style.bars:
                return Group(written)
            case Call(name) if self.style.opens(name):
                return Group(written)
        return Group(written) if self.is_open(written) else written

    def exponent(self, written: Written) -> Written:
        match written:
            case Whole() | Symbol() | Subscripted(_, _, ()):
                return written
        return written if self.style.bars else Group(written)

    # Expressions ---------------------------------------------------------------------------------------------------------

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
            case KroneckerDelta(left, right):
                return Subscripted("delta", "delta", self.subscripts((left, right), scope))
            case CopyTensor(subscripts):
                return Subscripted("copy", "H", self.subscripts(subscripts, scope))
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
                return Differential(self.term(inner) if self.style.open_derivatives else inner, self.expr(variable, scope))
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
        lead = lead or (coefficient.denominator != 1 and not below)
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

    def big(self, expr: Reduction | ArgReduction, scope: Scope) -> Written:
        """A reduction, its bound indices renamed where their names are taken.

        The body of an arg max always stands in a group: it is met inside subscripts, where the end of its scope is hard to see.
        """
        expr = unshadow(expr, scope.taken)
        bound = _bound(expr)
        inner = scope.inside(bound)
        condition = None if expr.condition is None else self.condition(expr.condition, inner)
        implied = self.shorten and expr.condition is not None and _implied(expr.condition, scope.known) == bound
        body = self.expr(expr.body, inner)
        group = isinstance(body, Terms) or isinstance(expr, ArgReduction)
        return Big(expr.op, bound, condition, Group(body) if group else body, implied)

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


def _begins_with_digit(written: Written) -> bool:
    match written:
        case Whole():
            return True
        case Power(base):
            return _begins_with_digit(base)
        case Ratio(above):
            return _begins_with_digit(above)
        case Product(factors):
            return _begins_with_digit(factors[0])
    return False
