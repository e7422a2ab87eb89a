"""From an expression to operations: what is computed where, under which name, with which guard.

`Builder.value` returns an expression without reductions and virtual names; on the way it emits loops and locals. The rules:

* what does not depend on an inner loop is computed outside of it (`Scope.level`), once;
* a virtual name S_kj is a local of the body in which k and j are bound;
* a costly quantity of the indices (a, n) wanted inside loops a, p, n is filled into a row buffer over n at a, not recomputed
  for every p;
* a product with a factor that may be infinite or undefined is 0 where another factor is 0 (strong zero).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Literal

from tensorderiv.algebra.build import MINUS_ONE, ONE, ZERO, add, mul, number
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
from tensorderiv.algebra.index import Extent, Index, fresh
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.traverse import free_indices, substitute, substitute_expr
from tensorderiv.errors import RuleProblem
from tensorderiv.lower.facts import Facts
from tensorderiv.lower.nest import (
    Alloc,
    Bound,
    If,
    Init,
    Let,
    Loop,
    Store,
    Update,
    UpdateArg,
    UpdateLogSumExp,
)
from tensorderiv.lower.scope import Body, Scope
from tensorderiv.lower.values import (
    CHEAP,
    as_condition,
    body_of,
    condition_parts,
    is_costly,
    is_leaf,
    split_conditions,
)

LONGEST_PRODUCT = 16
"""x^k is written as a product up to this k."""


class Builder:
    """Emits the operations that compute expressions of one program."""

    def __init__(self, virtual: Mapping[str, Statement], facts: Facts, rows: frozenset[Extent], taken: Iterable[str]) -> None:
        self.virtual = virtual
        self.facts = facts
        self.rows = rows
        self.scope = Scope(taken)

    # ---- values -----------------------------------------------------------------------------------------------------------

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
                return buffered
        level = self.scope.level(expr)
        if level < self.scope.top:
            with self.scope.at(level):
                return self.local(expr)
        return self.here(expr)

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
                return Element(tensor, tuple(self.subscript(s) for s in subscripts))
            case Position(index):
                made = self.subscript(index)
                return made if isinstance(made, Element) else Position(made)
            case Add(terms):
                return add(*(self.value(term) for term in terms))
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
        return self.strong_product([(f, self.value(f)) for f in (*outer, *deep)])

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
        return self.facts.sign(expr).strict

    def select(self, condition: Condition, then: Expr, otherwise: Expr) -> Expr:
        """A choice; branches that cost something are computed only where they are chosen."""
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
        return self.computed(expr) if isinstance(expr, Position) else self.value(expr)

    # ---- loops ------------------------------------------------------------------------------------------------------------

    def loops(
        self,
        indices: tuple[Index, ...],
        condition: Condition | None,
        innermost: Callable[[Mapping[Index, Subscript]], None],
        *,
        first: Loop | None = None,
    ) -> None:
        """Loops over the indices, rows outside, guarded by the condition as early as possible, around `innermost`.

        `innermost` is told how the indices were renamed (an index whose name is already bound gets a fresh one). `first` is
        the loop to use for the first index (a parallel one).
        """
        ordered = [i for i in indices if i.extent in self.rows] + [i for i in indices if i.extent not in self.rows]
        renaming: dict[Index, Subscript] = {}
        live = self.scope.bound_names()
        for place, index in enumerate(ordered):
            if index.name in live:
                ordered[place] = fresh(index, live | {i.name for i in ordered})
                renaming[index] = ordered[place]
            live.add(ordered[place].name)
        pending = [substitute(part, renaming) for part in condition_parts(condition)]
        self.open_loops(ordered, [p for p in pending if isinstance(p, Condition)], lambda: innermost(renaming), first)

    def open_loops(
        self, indices: list[Index], pending: list[Condition], innermost: Callable[[], None], first: Loop | None
    ) -> None:
        later = {index.name for index in indices}
        ready = [part for part in pending if not later & {index.name for index in free_indices(part)}]
        if ready:
            rest = [part for part in pending if part not in ready]
            self.guarded(ready, lambda: self.open_loops(indices, rest, innermost, first))
            return
        if not indices:
            innermost()
            return
        index, *inner = indices
        loop = first or Loop(index, [])
        pending = self.tightened(loop, index, pending, {i.name for i in inner})
        body = Body(loop.body, {index.name}, index)
        with self.scope.within(body):
            self.open_loops(inner, pending, innermost, None)
        self.scope.emit(loop)

    def tightened(self, loop: Loop, index: Index, pending: list[Condition], inner: set[str]) -> list[Condition]:
        """Conditions such as j < i become loop bounds."""
        kept = []
        for part in pending:
            bound = None if loop.blocked or loop.parallel else _bound_of(part, index)
            if bound is None or bound[1].name in inner or bound[1].extent != index.extent:
                kept.append(part)
                continue
            op, other = bound
            if op in ("<", "<=") and loop.stop is None:
                loop.stop = Bound(other, int(op == "<="))
            elif op in (">", ">=") and loop.start is None:
                loop.start = Bound(other, int(op == ">"))
            else:
                kept.append(part)
        return kept

    def guarded(self, conditions: list[Condition], then: Callable[[], None]) -> None:
        """then(), where the conditions hold; cheap conditions are asked first."""
        cheap = [c for c in conditions if not is_costly(c, self.virtual)]
        dear = [c for c in conditions if c not in cheap]
        now, rest = (cheap, dear) if cheap else (dear, [])
        flat = [self.condition(c) for c in now]
        body = Body([], set(self.scope.body.claims))
        with self.scope.within(body):
            if rest:
                self.guarded(rest, then)
            else:
                then()
        self.scope.emit(If(flat[0] if len(flat) == 1 else And(tuple(flat)), body.ops))

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
        if not between:
            return None
        if not any(body.loop == index for body in scope.stack):
            return None
        if scope.shared is not None and outside < scope.stack.index(scope.shared):
            return None  # it would belong to all blocks: such quantities are stages of their own
        with scope.at(outside):
            name = scope.name("row" if not isinstance(expr, Element) else f"{expr.tensor.name}_row")
            tensor = Tensor(name, (index.extent,))
            scope.allocate(Alloc(name, (index.extent,)))

            def fill(renaming: Mapping[Index, Subscript]) -> None:
                target = renaming.get(index, index)
                scope.emit(Store(Element(tensor, (target,)), self.value(substitute_expr(expr, renaming))))

            self.loops((index,), None, fill)
            scope.learn(key, Element(tensor, (slot,)))
        return Element(tensor, (index,))

    # ---- reductions -------------------------------------------------------------------------------------------------------

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


def _is_inverse(value: Expr) -> bool:
    return isinstance(value, Pow) and value.exponent == MINUS_ONE


def _bound_of(condition: Condition, index: Index) -> tuple[str, Index] | None:
    """(op, other) where the condition is `index op other` for another index."""
    flip = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
    match condition:
        case Compare(op, Position(Index() as left), Position(Index() as right)) if op in flip:
            if left == index and right != index:
                return op, right
            if right == index and left != index:
                return flip[op], left
    return None


def local_name(name: str, subscripts: Iterable[Subscript]) -> str:
    """S_kj -> `S_kj`, a name for a local."""
    shown = "".join(s.name if isinstance(s, Index) else str(s) if isinstance(s, int) else "c" for s in subscripts)
    return f"{name}_{shown}" if shown else name
