"""Reductions into accumulators, places of maxima, and row buffers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from tensorderiv.algebra.build import ONE, ZERO, add, mul
from tensorderiv.algebra.expression import (
    And,
    ArgReduction,
    Element,
    Expr,
    Function,
    Mul,
    Reduction,
    Subscript,
    Tensor,
)
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.traverse import free_indices, substitute_expr
from tensorderiv.lower.key import canonical_bound
from tensorderiv.lower.looping import Looper
from tensorderiv.lower.nest import Alloc, Init, Store, Update, UpdateArg, UpdateLogSumExp
from tensorderiv.lower.values import condition_parts, split_conditions


class Reducer(Looper):
    """Emits reductions; `Builder` completes this class."""

    def strong_product(self, factors: list[tuple[Expr, Expr]]) -> Expr:
        """The product of (expression, value) pairs; zero where a factor is zero and another may not be finite."""
        raise NotImplementedError

    def buffered(self, expr: Expr) -> Expr | None:
        """The value read from a row buffer, where it would be recomputed in a loop it does not depend on; else None.

        Wanted inside loops a, p, n, a quantity of (a, n) is filled into a buffer over n before the loop over p.
        """
        free = free_indices(expr)
        if not free:
            return None
        scope = self.scope
        depths = {index: scope.depth_of(index) for index in free}
        deepest = max(depths.values())
        last = [index for index, depth in depths.items() if depth == deepest]
        outside = max((depth for depth in depths.values() if depth != deepest), default=0)
        names = {index.name for index in free}
        between = [b for b in scope.stack[outside + 1 : deepest] if b.loop is not None and b.loop.name not in names]
        if len(last) != 1:
            return None
        (index,) = last
        slot = Index("<buffer>", index.extent)
        key = substitute_expr(expr, {index: slot})
        with scope.at(outside):
            ready = scope.known(key)
        if ready is not None:
            return substitute_expr(ready, {slot: index})
        quantity = canonical_bound(key)
        if quantity in self.filling or not (between or quantity in self.expected):
            return None
        if not any(body.loop == index for body in scope.stack):
            return None
        if scope.shared in scope.stack and outside < scope.stack.index(scope.shared):
            return None  # it would belong to all blocks: such quantities are stages of their own
        with scope.at(outside):
            tensor = Tensor(scope.name("row" if not isinstance(expr, Element) else f"{expr.tensor.name}_row"), (index.extent,))
            scope.allocate(Alloc(tensor.name, tensor.extents))

            def fill(renaming: Mapping[Index, Subscript]) -> None:
                target = renaming.get(index, index)
                scope.emit(Store(Element(tensor, (target,)), self.value(substitute_expr(expr, renaming))))

            self.filling.add(quantity)
            self.loops((index,), None, fill)
            self.filling.remove(quantity)
            scope.learn(key, Element(tensor, (slot,)))
            self.buffers.add(quantity)
        return Element(tensor, (index,))

    def reduction(self, expr: Reduction) -> Expr:
        """A reduction into scalar accumulators."""
        match expr.op:
            case "sum":
                return self.sum(expr)
            case "prod":
                return self.accumulated(expr, "*", ONE)
            case "max":
                return self.accumulated(expr, "max", "-inf")
            case "min":
                return self.accumulated(expr, "min", "inf")
        top, rest = self.scope.name("top"), self.scope.name("rest")
        self.scope.emit(Init(top, "-inf"))
        self.scope.emit(Init(rest, ZERO))

        def step(renaming: Mapping[Index, Subscript]) -> None:
            value = self.atom(self.value(substitute_expr(expr.body, renaming)))
            self.scope.emit(UpdateLogSumExp(top, rest, value))

        self.loops(expr.indices, expr.condition, step)
        return add(Element(Tensor(top)), Function("log", (Element(Tensor(rest)),)))

    def sum(self, expr: Reduction) -> Expr:
        """sum_J c f -> c sum_J f for what does not depend on J and is finite; brackets become guards."""
        factors = expr.body.factors if isinstance(expr.body, Mul) else (expr.body,)
        kept, brackets = split_conditions(factors)
        conditions = condition_parts(expr.condition) + condition_parts(brackets)
        bound = set(expr.indices)
        out = [f for f in kept if f != ONE and not bound & set(free_indices(f)) and self.facts.finite(f)]
        inside = [f for f in kept if f not in out]
        where = None if not conditions else conditions[0] if len(conditions) == 1 else And(tuple(conditions))
        core = Reduction("sum", expr.indices, mul(*inside), where)
        if out:
            return self.strong_product([*((f, self.value(f)) for f in out), (core, self.value(core))])
        return self.accumulated(core, "+", ZERO)

    def accumulated(self, expr: Reduction, op: Literal["+", "*", "max", "min"], start: Expr | Literal["inf", "-inf"]) -> Expr:
        """The reduction in one accumulator."""
        name = self.scope.name("s")
        self.scope.emit(Init(name, start))

        def step(renaming: Mapping[Index, Subscript]) -> None:
            value = self.value(substitute_expr(expr.body, renaming))
            self.scope.emit(Update(name, op, self.atom(value) if op in ("max", "min") else value))

        self.loops(expr.indices, expr.condition, step)
        return Element(Tensor(name))

    def arg_reduction(self, expr: ArgReduction) -> Subscript:
        """The first place of the largest or smallest value, as an integer local; -1 where there is none."""
        with self.scope.at(self.scope.level(expr)):
            known = self.scope.known(expr)
            if known is None:
                known = self.new_place(expr)
                self.scope.learn(expr, known)
        assert isinstance(known, Element)
        return known

    def new_place(self, expr: ArgReduction) -> Element:
        place, best = self.scope.name("place"), self.scope.name("best")
        self.scope.emit(Init(place, "none"))
        self.scope.emit(Init(best, "-inf" if expr.op == "argmax" else "inf"))

        def step(renaming: Mapping[Index, Subscript]) -> None:
            value = self.atom(self.value(substitute_expr(expr.body, renaming)))
            at = renaming.get(expr.index, expr.index)
            assert isinstance(at, Index)
            self.scope.emit(UpdateArg(place, best, expr.op, value, at))

        self.loops((expr.index,), expr.condition, step)
        return Element(Tensor(place, (), integer=True))
