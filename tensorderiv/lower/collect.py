"""Sums over rows that a nest can accumulate: a statement's body as  rest + sum_J g + sum_K h + ...

    sum_j a + sum_j b        ->  sum_j (a + b)
    c sum_j g                ->  sum_j (c g)      where c is finite (see below)
    sum_i sum_j g            ->  sum_{i, j} g     where the target has feature indices
    2 (sum_j a + sum_j b)    ->  sum_j 2 (a + b)

Needs c finite: with c infinite and a sum that is exactly zero, c sum_j g is 0 by the strong zero, sum_j (c g) is not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tensorderiv.algebra.build import ONE, add, both, mul, total
from tensorderiv.algebra.expression import Add, Bracket, Condition, Expr, Mul, Reduction
from tensorderiv.algebra.index import Extent, Index, fresh
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.traverse import free_indices, index_names, rebind, substitute, substitute_expr
from tensorderiv.lower.facts import Facts
from tensorderiv.lower.values import condition_parts, split_conditions


@dataclass(frozen=True)
class RowSum:
    """sum over `indices` (all of them rows), where the condition holds, of the body."""

    indices: tuple[Index, ...]
    condition: Condition | None
    body: Expr


@dataclass(frozen=True)
class Collected:
    """rest + the sums. `rest` may still contain reductions: they are computed where they stand."""

    rest: tuple[Expr, ...]
    sums: tuple[RowSum, ...]


def collect(statement: Statement, rows: frozenset[Extent], facts: Facts, *, every: bool = False) -> Collected:
    """Sort the terms of a statement into sums over rows and the rest.

    A target of rows alone keeps its sums as they are, one accumulator each, unless `every` sum is asked for.
    """
    return _Collector(statement, rows, facts, every).run()


class _Collector:
    def __init__(self, statement: Statement, rows: frozenset[Extent], facts: Facts, every: bool) -> None:
        self.statement = statement
        self.rows = rows
        self.facts = facts
        self.features = frozenset(i for i in statement.indices if i.extent not in rows)
        self.by_rows = any(i.extent in rows for i in statement.indices) and not every

    def run(self) -> Collected:
        rest: list[Expr] = []
        sums: list[RowSum] = []
        names = frozenset(index.name for index in self.statement.indices)
        for found in self.terms(self.statement.body, (), None, ONE, names):
            if isinstance(found, Expr):
                rest.append(found)
            else:
                self.put(found, sums)
        return Collected(tuple(rest), tuple(sums))

    def wanted(self, expr: Expr) -> bool:
        """Whether the expression is a sum over rows that the target's loops should accumulate."""
        if not isinstance(expr, Reduction) or expr.op != "sum":
            return False
        if not any(index.extent in self.rows for index in expr.indices):
            return self.wanted_inside(expr.body)
        return not self.by_rows if not self.features else bool(self.features & set(free_indices(expr)))

    def wanted_inside(self, expr: Expr) -> bool:
        if isinstance(expr, Add):
            return any(self.wanted_inside(term) for term in expr.terms)
        if isinstance(expr, Mul):
            return any(self.wanted_inside(factor) for factor in expr.factors)
        return self.wanted(expr)

    def terms(
        self, expr: Expr, bound: tuple[Index, ...], condition: Condition | None, factor: Expr, names: frozenset[str]
    ) -> Iterator[Expr | RowSum]:
        inner = bool(bound) and not self.features  # a scalar keeps its inner sums as they are
        if isinstance(expr, Add) and not inner and self.wanted_inside(expr):
            for term in expr.terms:
                yield from self.terms(term, bound, condition, factor, names)
            return
        if isinstance(expr, Mul) and not inner:
            wanted = [f for f in expr.factors if self.wanted_inside(f)]
            if len(wanted) == 1:
                rest = mul(*(f for f in expr.factors if f is not wanted[0]))
                if self.facts.finite(rest):
                    yield from self.terms(wanted[0], bound, condition, mul(factor, rest), names | index_names(rest))
                    return
        if isinstance(expr, Reduction) and not inner and self.wanted(expr):
            expr = self.apart(expr, names)
            here = names | {index.name for index in expr.indices}
            body_factors, brackets = split_conditions(expr.body.factors if isinstance(expr.body, Mul) else (expr.body,))
            where = both(condition, expr.condition, brackets)
            yield from self.terms(mul(*body_factors), bound + expr.indices, where, factor, here)
            return
        yield self.row_sum(bound, condition, mul(factor, expr)) if bound else mul(factor, expr)

    @staticmethod
    def apart(expr: Reduction, names: frozenset[str]) -> Reduction:
        clashes = [index for index in expr.indices if index.name in names]
        taken = set(names | index_names(expr))
        renaming = {}
        for index in clashes:
            renaming[index] = fresh(index, taken)
            taken.add(renaming[index].name)
        made = rebind(expr, renaming) if renaming else expr
        assert isinstance(made, Reduction)
        return made

    def row_sum(self, bound: tuple[Index, ...], condition: Condition | None, body: Expr) -> Expr | RowSum:
        """Rows are accumulated; sums over features stay inside, as part of the body."""
        outer = tuple(index for index in bound if index.extent in self.rows)
        inner = tuple(index for index in bound if index.extent not in self.rows)
        if not outer:
            return total(inner, body, condition)
        parts = condition_parts(condition)
        within = [part for part in parts if set(inner) & set(free_indices(part))]
        chosen = [part for part in parts if part not in within and self.features & set(free_indices(part))]
        outside = both(*(part for part in parts if part not in within and part not in chosen))
        body = total(inner, body, both(*within))
        return RowSum(outer, outside, mul(*(Bracket(part) for part in chosen), body))

    @staticmethod
    def put(found: RowSum, sums: list[RowSum]) -> None:
        """Merge with a sum over the same rows under the same condition, if there is one."""
        extents = [index.extent for index in found.indices]
        for place, known in enumerate(sums):
            if [index.extent for index in known.indices] != extents:
                continue
            renaming = dict(zip(found.indices, known.indices, strict=True))
            condition = None if found.condition is None else substitute(found.condition, renaming)
            if condition == known.condition:
                sums[place] = RowSum(known.indices, known.condition, add(known.body, substitute_expr(found.body, renaming)))
                return
        sums.append(found)
