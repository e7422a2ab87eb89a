"""Reductions: which indices a sign binds, its bounds and conditions; reductions over whole vectors."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from tensorderiv.algebra import build
from tensorderiv.algebra.expression import (
    ArgReduction,
    Condition,
    Expr,
    Reduction,
    ReductionOp,
    Size,
)
from tensorderiv.algebra.index import Index, fresh_names
from tensorderiv.algebra.traverse import free_indices
from tensorderiv.errors import IndexProblem, Place
from tensorderiv.language import surface as s
from tensorderiv.language.bounds import bounds
from tensorderiv.language.values import Array, Value

if TYPE_CHECKING:
    from tensorderiv.language.scope import Scope

CONVENTIONAL = ("n", "m", "d", "N", "M", "D", "B", "K", "C", "T")
LETTER = re.compile(r"[A-Za-z][0-9]*'*")


@dataclass
class Binding:
    """What stands under one reduction sign, taken apart."""

    names: dict[str, Place] = field(default_factory=dict)
    lower: dict[str, s.Node] = field(default_factory=dict)
    conditions: list[s.Node] = field(default_factory=list)


def reduce(scope: Scope, node: s.Reduce) -> Value | ArgReduction:
    """The reduction of the product that follows, over the indices that its subscript binds.

    A letter may be bound again inside, sum_p X_ip / sqrt(sum_p X_ip^2): the inner sum has an index of its own.

    Raises: IndexProblem for an index that is bound already, or when nothing is left to bind.
    """
    binding = take_apart(scope, node)
    indices: list[Index] = []
    for name, place in binding.names.items():
        if name in scope.summed:
            scope.shadowed[scope.scope[name]] = place
        else:
            refuse_taken(scope, name, place)
        indices.append(
            Index(unclashing(scope, name, {index.name for index in indices}), scope.extents.fresh(f"the index {name}"))
        )
    keys = list(binding.names)
    outer = {key: scope.scope[key] for key in keys if key in scope.scope}  # an index of the same letter further out, or elsewhere
    around = scope.summed
    scope.summed = around | set(keys)
    for key, index in zip(keys, indices, strict=True):
        scope.scope[key] = index
    kept = {key for key in keys if key in scope.used}
    try:
        conditions = [*bounds(scope, node, binding), *(scope.condition(item) for item in binding.conditions)]
        condition = build.both(*conditions)
        body = scope.value(node.body)
    finally:
        scope.summed = around
        for key in keys:
            del scope.scope[key]
            if key in outer:
                scope.scope[key] = outer[key]
            if key not in kept:
                scope.used.discard(key)
    refuse_unused(scope, indices, body, condition)
    if node.op in ("argmax", "argmin"):
        if isinstance(body, Array) or len(indices) != 1:
            raise IndexProblem(f"{node.op} takes one index and a number", place=node.place, hint=f"write {node.op}_j (S_ij)")
        return ArgReduction("argmax" if node.op == "argmax" else "argmin", indices[0], body, condition)
    if isinstance(body, Array):
        return Array(body.axes, reduction(node.op, tuple(indices), body.body, condition), body.row)
    return reduction(node.op, tuple(indices), body, condition)


def reduce_value(scope: Scope, node: s.Reduce) -> Value:
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


def refuse_taken(scope: Scope, name: str, place: Place) -> None:
    if name in scope.scope and not scope.free:
        hint = "take another letter for this reduction, or close the outer one in parentheses"
        if name in scope.left:
            hint = f"{name} stands on the left-hand side: leave it out there, or take another letter for this reduction"
        raise IndexProblem(f"the index {name} is bound already", place=place, hint=hint)
    if name in scope.symbols or name in scope.rows or name in scope.parameters:
        raise IndexProblem(
            f"{name} is a tensor and cannot be bound as an index", place=place, hint="take another letter for the index"
        )


def refuse_unused(scope: Scope, indices: list[Index], body: Value, condition: Condition | None) -> None:
    """sum_p sum_p f: the inner sum takes the letter, and nothing is left for the outer one."""
    parts = (body.body if isinstance(body, Array) else body, *(() if condition is None else (condition,)))
    used = {index for part in parts for index in free_indices(part)}
    for index in indices:
        if index in scope.shadowed and index not in used:
            hint = "take another letter for this reduction, or close the outer one in parentheses"
            raise IndexProblem(f"the index {index.name} is bound already", place=scope.shadowed[index], hint=hint)


def unclashing(scope: Scope, name: str, chosen: set[str]) -> str:
    """The name itself, or inside a call put in place a letter that neither the arguments nor its neighbours use."""
    taken = {index.name for index in scope.scope.values()} | scope.avoid | chosen
    return next(fresh_names(name, taken)) if name in taken else name


def take_apart(scope: Scope, node: s.Reduce) -> Binding:
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


def binds(scope: Scope, name: str, inside: set[str]) -> bool:
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
