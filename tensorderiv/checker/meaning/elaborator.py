"""Trees -> arrays: one method a node. References, sums, functions and derivatives stand in files of their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fractions import Fraction

from tensorderiv.algebra import build
from tensorderiv.algebra.deadline import in_time
from tensorderiv.algebra.expression import Element, Expr, KroneckerDelta, Number, Position, Select, Size, Tensor
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Statement
from tensorderiv.checker import tree as t
from tensorderiv.checker.case import Case
from tensorderiv.checker.meaning import derivatives, functions, primes, references, sums
from tensorderiv.checker.meaning.array import NO_SIZE, Array, Axes
from tensorderiv.checker.meaning.names import Declarations, Defined, identifier
from tensorderiv.checker.meaning.problems import Inexpressible
from tensorderiv.checker.meaning.scope import Scope

LAYOUTS = {
    "numerator": "gradients in numerator layout",
    "denominator": "gradients in denominator layout",
    "row": "the gradient by a vector is a row",
}
MOST_ORDER = 8
"""Of derivatives within one another: the work to compute them grows exponentially with it."""


@dataclass(frozen=True)
class Options:
    """What a text leaves open. The first value of each is the usual reading.

    `lenient`: a column times a column is their inner product, and rows add to columns. `rows`: the members X_i of a matrix are
    row vectors. `layout`: of a gradient without indices, where the case leaves it open. `summed`: indices that stand twice are
    summed. `pairs`: a sum over i != j is over both, also where j may be free. `products`: s(1 - s) of a defined s is a product.
    `squares`: x^2 of a vector is x^T x.
    """

    lenient: bool = False
    rows: bool = False
    layout: str | None = None
    summed: bool = False
    pairs: bool = False
    products: bool = False
    squares: bool = False

    def __str__(self) -> str:
        told = []
        if self.rows:
            told.append("X_i is a row")
        if self.lenient:
            told.append("x y of two columns is their inner product")
        if self.layout:
            told.append(LAYOUTS[self.layout])
        if self.summed:
            told.append("repeated indices are summed")
        if self.products:
            told.append("a defined name before brackets is a factor")
        if self.squares:
            told.append("the square of a vector is its inner product with itself")
        if self.pairs:
            told.append("sums over i != j are over both")
        return ", ".join(told)


@dataclass
class Elaborator:
    """The names of a case, and how its texts are read. `free`: the letters that name the place of a line; `closed`: and no
    other letter does. `defined`: by name and number of subscripts; `called`: by name and number of arguments.
    """

    case: Case
    declared: Declarations
    options: Options
    defined: dict[tuple[str, int], Defined] = field(default_factory=dict)
    called: dict[tuple[str, int], Defined] = field(default_factory=dict)
    free: frozenset[str] = frozenset()
    closed: bool = False
    statements: list[Statement] = field(default_factory=list)
    varying: tuple[Tensor, ...] = ()
    directions: dict[str, Tensor] = field(default_factory=dict)
    depth: int = 0
    order: int = 0
    axes: Axes = field(init=False)

    def __post_init__(self) -> None:
        self.axes = Axes(self.case.product == "scalar", self.options.lenient)

    def with_free(self, letters: frozenset[str], closed: bool) -> Elaborator:
        """The same names; statements made on the way are its own."""
        made = replace(self, free=letters, closed=closed, statements=list(self.statements), defined=dict(self.defined))
        made.axes = self.axes
        return made

    @property
    def every_statement(self) -> tuple[Statement, ...]:
        """What the names stand for, in order."""
        return (*self.declared.statements, *self.statements)

    def index(self, letter: str, scope: Scope) -> Index | None:
        """What the letter stands for as an index here, or None."""
        if letter in scope.letters:
            return scope.letters[letter]
        if letter in self.case.indices:
            return Index(identifier(letter), self.case.indices[letter])
        return None

    def scalar(self, node: t.Node, scope: Scope) -> Expr:
        """The expression of a number. Inexpressible for arrays: more often a misreading than a slip."""
        found = self.array(node, scope)
        if found.order:
            raise Inexpressible(f"a number is needed, and this is an array of {' x '.join(map(str, found.extents))}")
        return found.expr

    def named(self, array: Array, like: str = "M") -> Tensor:
        """A tensor that holds the array. Inexpressible where letters of the line are free in it."""
        if isinstance(array.expr, Element) and array.expr.subscripts == array.axes:
            return array.expr.tensor
        if sums.loose_letters(array):
            raise Inexpressible("a matrix that depends on an index, in a place where a whole matrix is needed")
        return self.quantity(array, like)

    def quantity(self, array: Array, like: str) -> Tensor:
        """A new named quantity with that value."""
        tensor = Tensor(self.declared.name(like), array.extents)
        self.statements.append(Statement(tensor, array.axes, array.expr))
        return tensor

    def array(self, node: t.Node, scope: Scope) -> Array:
        """What the node denotes. IllTyped where its pieces do not fit, Inexpressible where the algebra has no word for it."""
        found = self.open_array(node, scope)
        if found.unsized:
            raise Inexpressible(NO_SIZE, hint="write its size: I_n")
        return found

    def open_array(self, node: t.Node, scope: Scope) -> Array:
        """The same where what stands around the node may still tell the size of an identity."""
        in_time()
        match node:
            case t.Number(value=value):
                return Array(build.number(value))
            case t.Name():
                return references.name(self, node, scope)
            case t.Component():
                return references.component(self, node, scope)
            case t.Delta(left=left, right=right):
                return sums.repeated_delta(self, left, right, references.delta(self, left, right, scope), scope)
            case t.Group(body=body):
                return self.open_array(body, scope)
            case t.Negative(body=body):
                return self._negative(self.open_array(body, scope))
            case t.Sum(terms=terms):
                return self._sum(terms, scope)
            case t.Product(factors=factors):
                return sums.product(self, factors, scope)
            case t.Hadamard(left=left, right=right):
                pair = (self.open_array(left, scope), self.open_array(right, scope))
                return sums.contracted(self, pair, self.axes.entrywise(build.mul, *pair, what="the entrywise product"), scope)
            case t.Frobenius(left=left, right=right):
                pair = (self.open_array(left, scope), self.open_array(right, scope))
                return sums.contracted(self, pair, self.axes.frobenius(*pair), scope)
            case t.Outer(left=left, right=right):
                return self._outer(self.array(left, scope), self.array(right, scope))
            case t.Inner(left=left, right=right):
                return self.axes.frobenius(*(replace(self.array(side, scope), row=False) for side in (left, right)))
            case t.Ratio(above=above, below=below):
                return sums.ratio(self, above, below, scope)
            case t.Transpose(body=body):
                return self.axes.transpose(self.open_array(body, scope))
            case t.Power():
                return functions.power(self, node, scope)
            case t.Call(name=name) if name.startswith("prime"):
                with self.differentiating(int(name.removeprefix("prime") or 1)):
                    return primes.derivative_of(self, node, scope)
            case t.Call():
                return functions.call(self, node, scope)
            case t.Norm():
                return functions.norm(self, node, scope)
            case t.Iverson(conditions=conditions):
                return Array(sums.bracket(self, conditions, scope))
            case t.Cases(branches=branches):
                return self._cases(branches, scope)
            case t.Big():
                return sums.big(self, node, scope)
            case t.Partial(variables=variables):
                with self.differentiating(len(variables)):
                    return derivatives.partial(self, node, scope)
            case t.Differential():
                with self.differentiating(1):
                    return derivatives.differential(self, node, scope)
            case t.Evaluated():
                return derivatives.evaluated(self, node, scope)
            case t.Matrix(rows=rows):
                return self._matrix(rows, scope)
            case t.Comparison():
                raise Inexpressible("a comparison where a value is needed")
        raise Inexpressible(f"{type(node).__name__} has no meaning here")

    @contextmanager
    def differentiating(self, times: int) -> Iterator[None]:
        """Inside, derivatives of that order are taken. Inexpressible where the order of all around grows beyond all use."""
        self.order += times
        try:
            if self.order > MOST_ORDER:
                raise Inexpressible(f"a derivative of an order above {MOST_ORDER}")
            yield
        finally:
            self.order -= times

    def _sum(self, terms: tuple[t.Node, ...], scope: Scope) -> Array:
        arrays = [self.open_array(term, scope) for term in terms]
        self.axes.check_sum(arrays)
        if all(array.unsized for array in arrays):
            return Array(build.add(*(array.expr for array in arrays)), unsized=True)
        return self.axes.entrywise(build.add, *arrays)

    def _negative(self, array: Array) -> Array:
        if array.unsized:
            return Array(build.neg(array.expr), unsized=True)
        return self.axes.entrywise(build.neg, array)

    def _outer(self, left: Array, right: Array) -> Array:
        if left.order > 1 or right.order > 1:
            raise Inexpressible("the Kronecker product of matrices")
        return self.axes.outer(left, right)

    def _cases(self, branches: tuple[tuple[t.Node, tuple[t.Comparison, ...]], ...], scope: Scope) -> Array:
        values = [self.array(value, scope) for value, _ in branches]
        conditions = [sums.condition(self, given, scope) for _, given in branches]

        def chosen(*entries: Expr) -> Expr:
            result: Expr = build.ZERO
            for condition, entry in reversed(list(zip(conditions, entries, strict=True))):
                result = entry if condition is None else Select(condition, entry, result)
            return result

        return self.axes.entrywise(chosen, *values, what="cases")

    def _matrix(self, rows: tuple[tuple[t.Node, ...], ...], scope: Scope) -> Array:
        """The matrix, or the column, of its entries: the sum of entry times deltas at literal places."""
        width = len(rows[0])
        if any(len(row) != width for row in rows):
            raise Inexpressible("a matrix whose rows are not of one length")
        entries = {(r, c): self.scalar(entry, scope) for r, row in enumerate(rows) for c, entry in enumerate(row)}
        a, b = self.axes.fresh(len(rows)), self.axes.fresh(width)
        if width == 1:
            return Array(build.add(*(build.mul(KroneckerDelta(a, r), entry) for (r, _), entry in entries.items())), (a,))
        if len(rows) == 1:
            return Array(
                build.add(*(build.mul(KroneckerDelta(b, c), entry) for (_, c), entry in entries.items())), (b,), row=True
            )
        places = (build.mul(KroneckerDelta(a, r), KroneckerDelta(b, c), entry) for (r, c), entry in entries.items())
        return Array(build.add(*places), (a, b))

    def extent_as_number(self, letter: str) -> Expr | None:
        """The size of that name."""
        known = {extent for extent in self.case.extents if isinstance(extent, str)}
        known |= {extent for extent in self.case.indices.values() if isinstance(extent, str)}
        known |= {extent for symbol in self.case.symbols for extent in symbol.shape if isinstance(extent, str)}
        return Size(letter) if letter in known else None

    def written_value(self, node: t.Node, scope: Scope) -> Expr:
        """A number that speaks of places, counted from 1 as people write: an index, a size, 1, i + 1."""
        match node:
            case t.Name(name=letter) if letter in scope.letters or (
                letter in self.case.indices and self.extent_as_number(letter) is None
            ):
                index = self.index(letter, scope)
                assert index is not None
                return build.add(Position(index), Number(Fraction(1)))
            case t.Group(body=body):
                return self.written_value(body, scope)
            case t.Negative(body=body):
                return build.neg(self.written_value(body, scope))
            case t.Sum(terms=terms):
                return build.add(*(self.written_value(term, scope) for term in terms))
        found = self.scalar(node, scope)
        if isinstance(found, Element) and found.tensor.integer:
            return build.add(found, Number(Fraction(1)))
        return found
