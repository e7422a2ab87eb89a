"""Lower and upper bounds of reductions: sum_{p=1}^{d}, sum_{j=i+1}^{n}, sum_{i=0}^{n-1}."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from tensorderiv.algebra import build
from tensorderiv.algebra.expression import (
    Compare,
    Condition,
    Expr,
    Position,
    Size,
)
from tensorderiv.algebra.index import Index
from tensorderiv.errors import SyntaxProblem
from tensorderiv.language import surface as s

if TYPE_CHECKING:
    from tensorderiv.language.reductions import Binding
    from tensorderiv.language.scope import Scope


def bounds(scope: Scope, node: s.Reduce, binding: Binding) -> list[Condition]:
    """Conditions and extents that lower and upper bounds say.

    sum_{p=1}^{d} fixes the extent; sum_{j=i+1}^{n} adds the condition j > i; sum_{i=0}^{n-1} counts from 0.
    """
    base = 0 if scope.zero_based else 1
    found: list[Condition] = []
    upper = node.bounds.upper
    ranged = [name for name in binding.names if upper is not None]
    for name in ranged or list(binding.lower):
        index = scope.scope[name]
        lower = binding.lower.get(name)
        if lower is not None:
            found += lower_bound(scope, index, lower, base)
        if upper is not None:
            found += upper_bound(scope, index, upper, base)
    return found


def lower_bound(scope: Scope, index: Index, lower: s.Node, base: int) -> list[Condition]:
    if isinstance(lower, s.Num):
        start = int(lower.value) - base
        if lower.value.denominator != 1 or start < 0:
            raise SyntaxProblem(
                f"the lower bound {lower.value} is not read",
                place=lower.place,
                hint="sums start at 1, or at 0 throughout the text",
            )
        return [Compare(">=", Position(index), build.number(start))] if start else []
    before = one_off(lower, 1)
    if before is not None:
        return [Compare(">", Position(index), position_of(scope, before))]
    return [Compare(">=", Position(index), position_of(scope, lower))]


def one_off(node: s.Node, sign: int) -> s.Node | None:
    """The i of i+1 (sign 1) or i-1 (sign -1)."""
    match node:
        case s.Sum(_, ((1, core), (found, s.Num(_, value)))) if value == 1 and found == sign:
            return core
    return None


def upper_bound(scope: Scope, index: Index, upper: s.Node, base: int) -> list[Condition]:
    variable = cast(str, index.extent)
    match upper:
        case s.Num(place, value):
            if value.denominator != 1 or value < 1:
                raise SyntaxProblem(f"the upper bound {value} is not read", place=place, hint="write a size, e.g. n")
            scope.extents.fix(variable, int(value) + 1 - base, f"the index {index.name}", place)
            return []
        case s.Ref(place, name, None) if name not in scope.scope and name not in ("infty", "inf"):
            if base == 0:
                raise SyntaxProblem(
                    f"a sum from 0 to {name} has one element more than {name}", place=place, hint=f"write {name}-1, or start at 1"
                )
            scope.extents.fix(variable, name, f"the index {index.name}", place)
            return []
        case s.Sum(place, ((1, s.Ref(_, name, None)), (-1, s.Num(_, value)))) if name not in scope.scope:
            scope.extents.fix(variable, name, f"the index {index.name}", place)
            left = value - (1 - base)
            return [Compare("<", Position(index), build.sub(Size(name), build.number(left)))] if left else []
        case s.Ref(place, "infty" | "inf", None):
            raise SyntaxProblem("an infinite sum is not read", place=place, hint="give an upper bound, e.g. n")
    after = one_off(upper, -1)
    if after is not None:
        return [Compare("<", Position(index), position_of(scope, after))]
    return [Compare("<=", Position(index), position_of(scope, upper))]


def position_of(scope: Scope, node: s.Node) -> Expr:
    """A bound that moves with another index: i, i+1, j-1."""
    core = node.terms[0][1] if isinstance(node, s.Sum) else node
    if not (isinstance(core, s.Ref) and core.subscripts is None and core.name in scope.scope):
        raise SyntaxProblem(
            "this bound is not read", place=node.place, hint="write a size (n), an index (i+1), or a condition: sum_{j: j > i}"
        )
    if isinstance(node, s.Sum):
        parts = []
        for number, (sign, term) in enumerate(node.terms):
            if number and not isinstance(term, s.Num):
                raise SyntaxProblem("this bound is not read", place=node.place, hint="write a condition: sum_{j: j > i}")
            part = scope.side(term)
            parts.append(part if sign > 0 else build.neg(part))
        return build.add(*parts)
    return scope.side(node)
