"""Reductions: which indices a sign binds, its bounds and conditions; reductions over whole vectors."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from tensorderiv.algebra import build
from tensorderiv.algebra.expression import (
    ArgReduction,
    Compare,
    Condition,
    Expr,
    Position,
    Reduction,
    ReductionOp,
    Size,
)
from tensorderiv.algebra.index import Index, fresh_names
from tensorderiv.algebra.traverse import index_names, substitute_expr
from tensorderiv.errors import IndexProblem, Place, SyntaxProblem
from tensorderiv.language import surface as s
from tensorderiv.language.values import Array, Value

if TYPE_CHECKING:
    from tensorderiv.language.elaborate import Elaborator

CONVENTIONAL = ("n", "m", "d", "N", "M", "D", "B", "K", "C", "T")
LETTER = re.compile(r"[A-Za-z][0-9]*'*")


@dataclass
class Binding:
    """What stands under one reduction sign, taken apart."""

    names: dict[str, Place] = field(default_factory=dict)
    lower: dict[str, s.Node] = field(default_factory=dict)
    conditions: list[s.Node] = field(default_factory=list)


def reduce(scope: Elaborator, node: s.Reduce) -> Value | ArgReduction:
    """The reduction of the product that follows, over the indices that its subscript binds.

    Raises: IndexProblem for an index that is bound already, or when nothing is left to bind.
    """
    binding = take_apart(scope, node)
    indices: list[Index] = []
    for name, place in binding.names.items():
        refuse_taken(scope, name, place)
        indices.append(
            Index(unclashing(scope, name, {index.name for index in indices}), scope.extents.fresh(f"the index {name}"))
        )
    keys = list(binding.names)
    outer = {key: scope.scope[key] for key in keys if key in scope.scope}  # a free index of the same letter elsewhere
    for key, index in zip(keys, indices, strict=True):
        scope.scope[key] = index
    kept = {key for key in keys if key in scope.used}
    try:
        conditions = [*bounds(scope, node, binding), *(scope.condition(item) for item in binding.conditions)]
        condition = build.both(*conditions)
        body = scope.value(node.body)
    finally:
        for key in keys:
            del scope.scope[key]
            if key in outer:
                scope.scope[key] = outer[key]
            if key not in kept:
                scope.used.discard(key)
    if node.op in ("argmax", "argmin"):
        if isinstance(body, Array) or len(indices) != 1:
            raise IndexProblem(f"{node.op} takes one index and a number", place=node.place, hint=f"write {node.op}_j (S_ij)")
        return ArgReduction("argmax" if node.op == "argmax" else "argmin", indices[0], body, condition)
    if isinstance(body, Array):
        return Array(body.axes, reduction(node.op, tuple(indices), body.body, condition), body.row)
    return reduction(node.op, tuple(indices), body, condition)


def reduce_value(scope: Elaborator, node: s.Reduce) -> Value:
    """`reduce` for the signs that give a number."""
    found = reduce(scope, node)
    assert not isinstance(found, ArgReduction)
    return found


def reduction(op: str, indices: tuple[Index, ...], body: Expr, condition: Condition | None) -> Expr:
    """mean is a sum over a count; the others are nodes."""
    if op != "mean":
        return Reduction(cast(ReductionOp, op), indices, body, condition)
    whole = Reduction("sum", indices, body, condition)
    if condition is not None:
        return build.div(whole, Reduction("sum", indices, build.ONE, condition))
    sizes = [build.power(Size(cast(str, index.extent)), -1) for index in indices]
    return build.mul(*sizes, whole)


def refuse_taken(scope: Elaborator, name: str, place: Place) -> None:
    if name in scope.scope and not scope.free:
        raise IndexProblem(f"the index {name} is bound already", place=place, hint="take another letter for this reduction")
    if name in scope.symbols or name in scope.rows or name in scope.parameters:
        raise IndexProblem(
            f"{name} is a tensor and cannot be bound as an index", place=place, hint="take another letter for the index"
        )


def unclashing(scope: Elaborator, name: str, chosen: set[str]) -> str:
    """The name itself, or inside a call put in place a letter that neither the arguments nor its neighbours use."""
    taken = {index.name for index in scope.scope.values()} | scope.avoid | chosen
    return next(fresh_names(name, taken)) if name in taken else name


def take_apart(scope: Elaborator, node: s.Reduce) -> Binding:
    """Indices, lower bounds and conditions of what stands under the sign."""
    found = Binding()
    items = list(node.bounds.items)
    for item in items:
        match item:
            case s.Ref(place, name, None):
                if name in found.names:
                    raise IndexProblem(f"the index {name} is bound twice", place=place, hint="name each index once")
                found.names[name] = place
            case s.Comparison(_, s.Ref(place, name, None), (("=", start),)) if (
                name not in scope.scope and name not in scope.symbols and is_lower_bound(node, start)
            ):
                found.names[name] = place
                found.lower[name] = start
            case s.Comparison() | s.Logic():
                found.conditions.append(item)
            case s.Num(place) | s.Ref(place):
                raise IndexProblem("an index stands under a reduction sign", place=place, hint="write sum_i or sum_{i,j: i != j}")
            case _:
                raise IndexProblem(
                    "an index or a condition stands under a reduction sign", place=item.place, hint="write sum_{j: j != i}"
                )
    if not node.bounds.colon:
        inside = subscript_names([node.body, *found.conditions])
        for condition in found.conditions:
            for name, place in candidates(condition):
                if binds(scope, name, inside):
                    found.names.setdefault(name, place)
    found.conditions += node.bounds.condition
    if not found.names:
        raise IndexProblem(
            f"this {node.op} binds no index: all of them are in use already",
            place=node.place,
            hint="name it before a colon: sum_{j: j != i}",
        )
    return found


def is_lower_bound(node: s.Reduce, start: s.Node) -> bool:
    """i=1 and j=i+1 are bounds; without an upper bound only numbers are."""
    return node.bounds.upper is not None or isinstance(start, s.Num)


def candidates(node: s.Node) -> list[tuple[str, Place]]:
    """Names in a condition that may be indices: sides of comparisons and subscripts."""
    found: list[tuple[str, Place]] = []

    def visit(part: s.Node, place_of_index: bool) -> None:
        match part:
            case s.Ref(place, name, None):
                if place_of_index:
                    found.append((name, place))
            case s.Ref(_, _, subscripts):
                for sub in subscripts or ():
                    visit(sub, True)
            case s.Comparison(_, first, rest):
                for side in (first, *(side for _, side in rest)):
                    visit(side, True)
            case s.Reduce():
                return
            case _:
                for child in s.children(part):
                    visit(child, False)

    visit(node, False)
    return found


def subscript_names(nodes: Sequence[s.Node]) -> set[str]:
    """All bare names that stand as subscripts below the nodes."""
    found: set[str] = set()
    todo = list(nodes)
    while todo:
        node = todo.pop()
        if isinstance(node, s.Ref):
            found.update(sub.name for sub in node.subscripts or () if isinstance(sub, s.Ref) and sub.subscripts is None)
        todo.extend(s.children(node))
    return found


def binds(scope: Elaborator, name: str, inside: set[str]) -> bool:
    """Whether a name in a condition without a colon is an index to bind."""
    if (
        name in scope.scope
        or name in scope.symbols
        or name in scope.rows
        or name in scope.parameters
        or name in scope.extents.names()
    ):
        return False
    if name in inside:
        return True
    return LETTER.fullmatch(name) is not None and name not in CONVENTIONAL


# -- bounds -----------------------------------------------------------------------------------------------------------


def bounds(scope: Elaborator, node: s.Reduce, binding: Binding) -> list[Condition]:
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


def lower_bound(scope: Elaborator, index: Index, lower: s.Node, base: int) -> list[Condition]:
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


def upper_bound(scope: Elaborator, index: Index, upper: s.Node, base: int) -> list[Condition]:
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


def position_of(scope: Elaborator, node: s.Node) -> Expr:
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


# -- whole vectors ----------------------------------------------------------------------------------------------------


def letters(scope: Elaborator, value: Array) -> tuple[Expr, tuple[Index, ...]]:
    """The body with letters for its axes that nothing around it uses."""
    taken = {index.name for index in scope.scope.values()} | set(scope.scope) | set(index_names(value.body)) | scope.avoid
    taken |= set(scope.symbols) | set(scope.parameters) | scope.names
    chosen: list[Index] = []
    for axis in value.axes:
        name = next(fresh_names("p", taken))
        taken.add(name)
        chosen.append(Index(name, axis.extent))
    return substitute_expr(value.body, dict(zip(value.axes, chosen, strict=True))), tuple(chosen)


def whole(scope: Elaborator, node: s.Call) -> Value:
    """sum(x), max(x), norm(x), dot(x, y), softmax(x) over a vector; softmax_j(u) over an index in scope."""
    name, place = node.name, node.place
    if name == "dot":
        scope.arity(node, 2)
        from tensorderiv.language import norms

        return norms.dot(scope, scope.value(node.args[0]), scope.value(node.args[1]), place)
    scope.arity(node, 1)
    if name == "softmax" and node.subscripts:
        return softmax_over(scope, node)
    if node.subscripts:
        raise SyntaxProblem(f"{name} has its subscript in the wrong place", place=place, hint=f"write {name}_j (...)")
    value = scope.value(node.args[0])
    if not isinstance(value, Array):
        raise IndexProblem(f"{name} needs an index or a vector", place=place, hint=f"write {name}_j (...)")
    if name == "norm":
        return norm_of(scope, value)
    if name == "softmax":
        body, indices = letters(scope, value)
        bottom = Reduction("sum", indices, build.call("exp", body), None)
        return Array(value.axes, build.div(build.call("exp", value.body), bottom), value.row)
    body, indices = letters(scope, value)
    return reduction(name, indices, body, None)


def norm_of(scope: Elaborator, value: Array) -> Expr:
    body, indices = letters(scope, value)
    return build.call("sqrt", Reduction("sum", indices, build.power(body, 2), None))


def softmax_over(scope: Elaborator, node: s.Call) -> Value:
    """softmax_j(u) is exp(u) / sum_j' exp(u'); j stays free."""
    names = []
    for sub in node.subscripts:
        if not (isinstance(sub, s.Ref) and sub.subscripts is None):
            raise IndexProblem("softmax has indices as its subscript", place=sub.place, hint="write softmax_j(S_ij)")
        if sub.name not in scope.scope and scope.free:
            scope.scope[sub.name] = Index(sub.name, scope.extents.fresh(f"the index {sub.name}"))
        if sub.name not in scope.scope:
            raise IndexProblem(
                f"softmax_{sub.name} leaves {sub.name} free, and nothing binds it",
                place=sub.place,
                hint=f"put {sub.name} on the left-hand side or sum over it",
            )
        names.append(scope.scope[sub.name])
    body = scope.number(node.args[0])
    taken = {index.name for index in scope.scope.values()} | set(scope.scope) | set(index_names(body)) | scope.avoid | scope.names
    renamed: dict[Index, Index] = {}
    for index in names:
        letter = next(fresh_names(index.name, taken))
        taken.add(letter)
        renamed[index] = Index(letter, index.extent)
    other = substitute_expr(body, renamed)
    below = Reduction("sum", tuple(renamed.values()), build.call("exp", other), None)
    return build.div(build.call("exp", body), below)
