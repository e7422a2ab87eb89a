"""Reductions over whole vectors: sum(x), norm(x), softmax(x); letters for nameless axes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tensorderiv.algebra import build
from tensorderiv.algebra.expression import (
    Expr,
    Reduction,
)
from tensorderiv.algebra.index import Index, fresh_names
from tensorderiv.algebra.traverse import index_names, substitute_expr
from tensorderiv.errors import IndexProblem, SyntaxProblem
from tensorderiv.language import surface as s
from tensorderiv.language.values import Array, Value

if TYPE_CHECKING:
    from tensorderiv.language.scope import Scope
from tensorderiv.language.reductions import reduction, subscript_names


def letters(scope: Scope, value: Array, like: str = "p") -> tuple[Expr, tuple[Index, ...]]:
    """The body with letters for its axes that nothing around it uses."""
    taken = {index.name for index in scope.scope.values()} | set(scope.scope) | set(index_names(value.body)) | scope.avoid
    taken |= set(scope.symbols) | set(scope.parameters) | scope.names
    chosen: list[Index] = []
    for axis in value.axes:
        name = next(fresh_names(like, taken))
        taken.add(name)
        chosen.append(Index(name, axis.extent))
    return substitute_expr(value.body, dict(zip(value.axes, chosen, strict=True))), tuple(chosen)


def whole(scope: Scope, node: s.Call) -> Value:
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
    refuse_unbound(scope, node)
    value = scope.value(node.args[0])
    refuse_power(scope, node)
    if not isinstance(value, Array):
        if isinstance(node.args[0], s.Norm):
            raise IndexProblem(
                "|..| of a vector is its norm, a number", place=place, hint=f"write {name}_j |x_j|, or {name}(abs(x)) elementwise"
            )
        raise IndexProblem(f"{name} needs an index or a vector", place=place, hint=f"write {name}_j (...)")
    if name == "norm":
        return norm_of(scope, value)
    if name == "softmax":
        return softmax(scope, value)
    if name == "logsumexp" and len(value.axes) > 1:
        raise IndexProblem(
            "logsumexp of a matrix can run over its rows, its columns or all of it",
            place=place,
            hint="say over which index: logsumexp_j(Z_ij)",
        )
    body, indices = letters(scope, value)
    return reduction(name, indices, body, None)


def softmax(scope: Scope, value: Array) -> Array:
    """exp(v_j) / sum_j' exp(v_j') over the last axis: of a matrix each row has sum 1."""
    if len(value.axes) > 1:
        scope.note("softmax of a matrix is taken over its last index, in each row; write softmax_i(Z_ij) for the columns")
    last = value.axes[-1]
    body, (index,) = letters(scope, Array((last,), value.body))
    bottom = Reduction("sum", (index,), build.call("exp", body), None)
    return Array(value.axes, build.div(build.call("exp", value.body), bottom), value.row)


def refuse_unbound(scope: Scope, node: s.Call) -> None:
    """sum (X_ip - X_jp)^2: the sign is written without its index.

    Raises: IndexProblem for an index in the argument that nothing binds.
    """
    inside = subscript_names(node.args)
    todo: list[s.Node] = list(node.args)
    while todo:
        part = todo.pop()
        if isinstance(part, s.Reduce):
            inside -= {item.name for item in part.bounds.items if isinstance(item, s.Ref)}
        todo.extend(s.children(part))
    known = scope.scope.keys() | scope.symbols.keys() | scope.rows.keys() | scope.parameters.keys() | scope.found.fixed.keys()
    free = sorted(name for name in inside - known if len(name) == 1 and not name.isupper())
    if free and not scope.free:
        raise IndexProblem(
            f"{node.name}(...) runs over whole vectors, and the index {free[0]} is bound nowhere",
            place=node.place,
            hint=f"write {node.name}_{free[0]} (...)",
        )


def refuse_power(scope: Scope, node: s.Call) -> None:
    """sum(S^2) of a square matrix is S S to some and elementwise to others.

    Raises: IndexProblem.
    """
    match node.args[0]:
        case s.Power(place, s.Ref(_, name, _) as base, s.Num()) if node.name != "norm":
            value = scope.value(base)
            if isinstance(value, Array) and len(value.axes) == 2 and scope.extents.same(*(axis.extent for axis in value.axes)):
                raise IndexProblem(
                    f"the power of {name} inside {node.name}(...) can be the matrix product or elementwise",
                    place=place,
                    hint=rf"write {name} {name} or {name} \odot {name}",
                )


def norm_of(scope: Scope, value: Array) -> Expr:
    body, indices = letters(scope, value)
    return build.call("sqrt", Reduction("sum", indices, build.power(body, 2), None))


def softmax_over(scope: Scope, node: s.Call) -> Value:
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
