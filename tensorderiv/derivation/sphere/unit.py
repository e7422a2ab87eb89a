"""The one fact of the sphere, and sums brought to where it can be used.

sum_m X_km^2  ->  1        where the rows of X have length 1
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from tensorderiv.algebra.build import ONE, TWO, ZERO, add, factors_of, mul, power, terms_of, total
from tensorderiv.algebra.expression import Add, Element, Expr, KroneckerDelta, Pow, Reduction
from tensorderiv.algebra.index import Extent, Index
from tensorderiv.algebra.program import Program, Statement
from tensorderiv.algebra.traverse import contains, free_indices, index_names, rewrite, substitute_expr, walk
from tensorderiv.canonical import canonical
from tensorderiv.canonical.effort import effort
from tensorderiv.contract.driver import contract
from tensorderiv.derivation.sphere.alike import gather_sums
from tensorderiv.equality.proof import MOST_EFFORT, vanishes, written_out
from tensorderiv.simplify import finish
from tensorderiv.simplify.known_sums import Known
from tensorderiv.simplify.nest import rename_apart
from tensorderiv.simplify.tidy import split_power, tidy


@dataclass(frozen=True)
class UnitRows:
    """The inputs of a program whose rows (along the last axis) have length 1."""

    program: Program

    @cached_property
    def known(self) -> Known:
        """Further sums whose value follows from the domain or the definitions."""
        return Known(self.program)

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(item.tensor.name for item in self.program.inputs if item.domain.kind == "sphere" and item.tensor.order)

    def put_in(self, expr: Expr) -> Expr:
        """Every sum of squares of such a row replaced by 1; what stands beside it under the sum stays."""
        return rewrite(expr, self._settle)

    def _settle(self, node: Expr) -> Expr:
        if not (isinstance(node, Reduction) and node.op == "sum"):
            return node
        for index in node.indices:
            for place, factor in enumerate(factors_of(node.body)):
                if self._is_square(factor, index) and not self._elsewhere(node, index, place):
                    rest = mul(*(f for p, f in enumerate(factors_of(node.body)) if p != place))
                    left = tuple(other for other in node.indices if other != index)
                    if left or node.condition is None:
                        return self._settle(total(left, rest, node.condition))
        return node

    def _is_square(self, factor: Expr, index: Index) -> bool:
        """Whether it is X_..m^2 with m as the last subscript and nowhere before."""
        if not (isinstance(factor, Pow) and factor.exponent == TWO and isinstance(factor.base, Element)):
            return False
        element = factor.base
        if element.tensor.name not in self.names or element.subscripts[-1] != index:
            return False
        return all(sub != index and not (isinstance(sub, Expr) and index in free_indices(sub)) for sub in element.subscripts[:-1])

    @staticmethod
    def _elsewhere(node: Reduction, index: Index, place: int) -> bool:
        """Whether the index stands in another factor or in the condition."""
        others = [f for p, f in enumerate(factors_of(node.body)) if p != place]
        return any(index in free_indices(part) for part in (*others, *([node.condition] if node.condition else [])))

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """The definitions as they read on the sphere: C_ij = sum_p X_ip X_jp / (N_i N_j) without its lengths."""
        return tuple(replace(statement, body=self.known.put_in(statement.body)) for statement in self.program.statements)

    def settle(self, expr: Expr) -> Expr:
        """The expression as a person would write it, with unit rows, known sums, and what a delta makes the same."""
        plain = self.known.put_in(self.put_in(tidy(expr)))
        named = finish(self.put_in(tidy(by_deltas(plain))), self.statements)
        settled = rewrite(rewrite(self.known.put_in(named), shorter), gather_sums)
        return named if settled == named else finish(settled, self.statements)

    def is_zero(self, expr: Expr, names: Sequence[Statement] = ()) -> bool:
        """Whether canonical form shows that the expression is 0 on the sphere; names as they stand, then written out."""
        statements = (*self.program.statements, *names)
        for reading in self._readings(expr, statements):
            if effort(reading) > MOST_EFFORT:
                return False
            if vanishes(self.put_in(tidy(canonical(self.put_in(tidy(contract(reading))))))):
                return True
        return False

    def _readings(self, expr: Expr, statements: Sequence[Statement]) -> Iterator[Expr]:
        """As it stands, with known sums, and without names."""
        yield expr
        settled = self.known.put_in(expr)
        if settled != expr:
            yield settled
        yield written_out(settled, statements)


def inner_product(index: Index, weight: Expr, expr: Expr) -> Expr:
    """sum_m weight_m expr_m with the sum over m next to what depends on it.

    sum_m w_m sum_j f_j (X_km - X_jm)  ->  sum_j f_j (sum_m w_m X_km - sum_m w_m X_jm)
    """
    if isinstance(expr, Add):
        return add(*(inner_product(index, weight, term) for term in terms_of(expr)))
    outside = [f for f in factors_of(expr) if index not in free_indices(f)]
    inside = [f for f in factors_of(expr) if index in free_indices(f)]
    opened = next((f for f in inside if isinstance(f, Add) or (isinstance(f, Reduction) and f.op == "sum")), None)
    if opened is None or any(isinstance(f, Pow) and split_power(f)[0] == opened for f in inside):
        return mul(*outside, _square(total((index,), tidy(mul(weight, *inside)))))
    others = mul(*(f for f in inside if f is not opened))
    if isinstance(opened, Reduction):
        apart = rename_apart(opened, index_names(mul(weight, others)) | {index.name})
        body = inner_product(index, weight, mul(others, apart.body))
        return mul(*outside, ZERO if body == ZERO else Reduction("sum", apart.indices, body, apart.condition))
    return mul(*outside, add(*(inner_product(index, weight, mul(others, term)) for term in opened.terms)))


def by_deltas(expr: Expr) -> Expr:
    """Terms apart by their deltas, and in each the indices that its deltas make agree written alike.

    X_kl (delta_ik + delta_jk)  ->  X_il delta_ik + X_jl delta_jk
    """
    return add(*(_agreeing(term) for term in _apart(expr, KroneckerDelta)))


def shorter(node: Expr) -> Expr:
    """x - y - x (1 - s)  ->  -y + x s: a sum multiplied out, where terms cancel by it."""
    if not isinstance(node, Add):
        return node
    opened = tidy(add(*_apart(node, Add)))
    return opened if _length(opened) < _length(node) else node


def _length(expr: Expr) -> int:
    return sum(1 for _ in walk(expr))


def _apart(expr: Expr, kind: type) -> list[Expr]:
    """The terms, with those sums multiplied out that hold a node of the kind."""
    if isinstance(expr, Add):
        return [piece for term in expr.terms for piece in _apart(term, kind)]
    factors = factors_of(expr)
    for place, factor in enumerate(factors):
        if isinstance(factor, Add) and contains(factor, kind):
            return [p for term in factor.terms for p in _apart(mul(*factors[:place], term, *factors[place + 1 :]), kind)]
    return [expr]


def _agreeing(term: Expr) -> Expr:
    deltas: list[Expr] = []
    rest = [f for f in factors_of(term) if not isinstance(f, KroneckerDelta)]
    for factor in factors_of(term):
        match factor:
            case KroneckerDelta(Index() as left, Index() as right):
                rest = [substitute_expr(f, {right: left}) for f in rest]
                deltas.append(factor)
            case KroneckerDelta():
                deltas.append(factor)
    return mul(*rest, *deltas)


def open_sums(expr: Expr, extent: Extent) -> Expr:
    """Every sum along a row next to what depends on its index."""

    def change(node: Expr) -> Expr:
        match node:
            case Reduction("sum", (Index(_, here) as index,), body, None) if here == extent:
                return inner_product(index, ONE, body)
        return node

    return tidy(rewrite(expr, change))


def _square(node: Expr) -> Expr:
    """sum_m X_km X_km is written with a square."""
    if isinstance(node, Reduction) and len(factors_of(node.body)) == 2 and len(set(factors_of(node.body))) == 1:
        return Reduction(node.op, node.indices, power(factors_of(node.body)[0], TWO), node.condition)
    return node
