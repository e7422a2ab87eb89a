"""The builder of a pass: loops over features of a pair are read from strips, and choices are made without branches."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tensorderiv.algebra.build import ONE, ZERO, factors_of, mul
from tensorderiv.algebra.expression import Compare, Element, Expr, Reduction, Select
from tensorderiv.algebra.index import Extent, Index
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.traverse import free_indices
from tensorderiv.lower.facts import Facts
from tensorderiv.lower.passes.branchless import BranchlessBuilder
from tensorderiv.lower.passes.passing import PLACE
from tensorderiv.lower.passes.strips import Strip, Strips, terms_apart

LOCAL_ROW = Element(PLACE)
"""The place of the row at hand in its block."""


class PassBuilder(BranchlessBuilder):
    """Emits the operations of one row of a pass."""

    def __init__(
        self,
        virtual: Mapping[str, Statement],
        facts: Facts,
        rows: frozenset[Extent],
        taken: frozenset[str],
        strips: Callable[[PassBuilder], Strips],
    ) -> None:
        super().__init__(virtual, facts, rows, taken)
        self.strips = strips(self)

    def value(self, expr: Expr) -> Expr:
        found = self.from_strip(expr)
        return super().value(expr) if found is None else found

    def from_strip(self, expr: Expr) -> Expr | None:
        """The entry of a strip that holds the expression; None where there is none."""
        if isinstance(expr, Reduction):
            if self.pulled(expr):
                return None
            apart = terms_apart(expr, self.strips.row)
            if apart is not None:
                return self.value(apart)
            by_product = self.strips.by_product(expr)
            return self.entry(self.strips.of(expr)) if by_product is None else self.at_least_zero(expr, by_product)
        if isinstance(expr, Element) and expr.tensor.name not in self.virtual:
            return self.entry(self.strips.turned(expr))
        return None

    def at_least_zero(self, expr: Reduction, instead: Expr) -> Expr:
        """What stands for an expression that is never negative, as a local; nan stays nan."""
        known = self.scope.known(expr)
        if known is None:
            with self.scope.at(self.scope.level(expr)):
                made = self.atom(self.value(instead))
                known = self.keep(Select(Compare("<", made, ZERO), ZERO, made))
                self.scope.learn(expr, known)
        return known

    def entry(self, found: tuple[Strip, Index] | None) -> Expr | None:
        if found is None:
            return None
        strip, other = found
        return Element(strip.tensor, (LOCAL_ROW, other))

    def pulled(self, expr: Reduction) -> bool:
        """Whether `sum` takes finite factors out first."""
        return expr.op == "sum" and self.core(expr) != expr

    def core(self, expr: Reduction) -> Reduction:
        """What is left of a sum when the finite factors that do not depend on its indices are taken out."""
        bound = set(expr.indices)
        kept = [f for f in factors_of(expr.body) if f == ONE or bound & set(free_indices(f)) or not self.facts.finite(f)]
        return Reduction(expr.op, expr.indices, mul(*kept), expr.condition)
