"""The one walk over expressions: parts, rebuilding, free indices, substitution without capture."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import cast

from tensorderiv.algebra import build
from tensorderiv.algebra.deadline import in_time
from tensorderiv.algebra.expression import (
    Add,
    And,
    ArgReduction,
    Bracket,
    Compare,
    Condition,
    Constant,
    CopyTensor,
    Derivative,
    Element,
    Expr,
    Function,
    KroneckerDelta,
    MatrixFunction,
    Mul,
    Node,
    Number,
    Or,
    Position,
    Pow,
    Reduction,
    Select,
    Size,
    Subscript,
)
from tensorderiv.algebra.index import Index, fresh

LEAVES = (Number, Constant, Size)


def subscripts_of(node: Node) -> tuple[Subscript, ...]:
    """The subscripts a node carries itself."""
    match node:
        case Element(_, subscripts) | CopyTensor(subscripts) | MatrixFunction(_, _, subscripts):
            return subscripts
        case KroneckerDelta(left, right):
            return (left, right)
        case Position(index):
            return (index,)
    return ()


def parts(node: Node) -> tuple[Node, ...]:
    """The direct sub-expressions and sub-conditions; subscripts that are expressions count."""
    match node:
        case Number() | Constant() | Size():
            return ()
        case Element() | MatrixFunction() | CopyTensor() | KroneckerDelta() | Position():
            return tuple(sub for sub in subscripts_of(node) if isinstance(sub, Expr))
        case Add(items) | Mul(items):
            return items
        case Pow(base, exponent):
            return (base, exponent)
        case Function(_, args):
            return args
        case Reduction(_, _, body, condition) | ArgReduction(_, _, body, condition):
            return (body,) if condition is None else (body, condition)
        case Bracket(condition):
            return (condition,)
        case Select(condition, then, otherwise):
            return (condition, then, otherwise)
        case Derivative(body, variable):
            return (body, variable)
        case Compare(_, left, right):
            return (left, right)
        case And(items) | Or(items):
            return items
    raise TypeError(f"parts: no rule for {type(node).__name__}")


def rebuild(node: Node, change: Callable[[Node], Node]) -> Node:
    """The node with `change` applied to each direct part; sums and products are re-flattened by `build`.

    A node none of whose parts changed is returned as it is.
    """
    in_time()
    before = parts(node)
    after = [change(part) for part in before]
    if all(new is old for new, old in zip(after, before, strict=True)):
        return node
    following = iter(after)
    return _rebuilt(node, lambda part: next(following))


def _rebuilt(node: Node, change: Callable[[Node], Node]) -> Node:
    """`change` is called for each part in the order of `parts`."""

    def expr(part: Expr) -> Expr:
        return cast(Expr, change(part))

    def cond(part: Condition | None) -> Condition | None:
        return None if part is None else cast(Condition, change(part))

    def subscript(part: Subscript) -> Subscript:
        return cast(Subscript, change(part)) if isinstance(part, Expr) else part

    match node:
        case Number() | Constant() | Size():
            return node
        case Element(tensor, subscripts):
            return Element(tensor, tuple(subscript(s) for s in subscripts))
        case MatrixFunction(matrix_function, matrix, subscripts):
            return MatrixFunction(matrix_function, matrix, tuple(subscript(s) for s in subscripts))
        case CopyTensor(subscripts):
            return CopyTensor(tuple(subscript(s) for s in subscripts))
        case KroneckerDelta(left, right):
            return KroneckerDelta(subscript(left), subscript(right))
        case Position(index):
            return Position(subscript(index))
        case Add(terms):
            return build.add(*(expr(t) for t in terms))
        case Mul(factors):
            return build.mul(*(expr(f) for f in factors))
        case Pow(base, exponent):
            return build.power(expr(base), expr(exponent))
        case Function(name, args):
            return Function(name, tuple(expr(a) for a in args))
        case Reduction(op, indices, body, condition):
            return Reduction(op, indices, expr(body), cond(condition))
        case ArgReduction(arg_op, index, body, condition):
            return ArgReduction(arg_op, index, expr(body), cond(condition))
        case Bracket(condition):
            return Bracket(cast(Condition, change(condition)))
        case Select(condition, then, otherwise):
            return Select(cast(Condition, change(condition)), expr(then), expr(otherwise))
        case Derivative(body, variable):
            return Derivative(expr(body), cast(Element, change(variable)))
        case Compare(compare, left_side, right_side):
            return Compare(compare, expr(left_side), expr(right_side))
        case And(items):
            return And(tuple(cast(Condition, change(c)) for c in items))
        case Or(items):
            return Or(tuple(cast(Condition, change(c)) for c in items))
    raise TypeError(f"rebuild: no rule for {type(node).__name__}")


def bound_indices(node: Node) -> tuple[Index, ...]:
    """The indices this node itself binds."""
    match node:
        case Reduction(_, indices):
            return indices
        case ArgReduction(_, index):
            return (index,)
    return ()


@lru_cache(maxsize=200_000)
def free_indices(node: Node) -> tuple[Index, ...]:
    """The indices that occur free, each once, in the order of first occurrence."""
    found: dict[Index, None] = {}
    for sub in subscripts_of(node):
        if isinstance(sub, Index):
            found[sub] = None
    bound = bound_indices(node)
    for part in parts(node):
        for index in free_indices(part):
            if index not in bound:
                found[index] = None
    return tuple(found)


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, outermost first, left to right."""
    yield node
    for part in parts(node):
        yield from walk(part)


@lru_cache(maxsize=200_000)
def index_names(node: Node) -> frozenset[str]:
    """The names of all indices that occur, free or bound."""
    names = {index.name for index in bound_indices(node)}
    names.update(sub.name for sub in subscripts_of(node) if isinstance(sub, Index))
    for part in parts(node):
        names |= index_names(part)
    return frozenset(names)


@lru_cache(maxsize=200_000)
def tensors(node: Node) -> frozenset[str]:
    """The names of all tensors that occur."""
    names = {node.tensor.name} if isinstance(node, Element) else {node.matrix.name} if isinstance(node, MatrixFunction) else set()
    for part in parts(node):
        names |= tensors(part)
    return frozenset(names)


@lru_cache(maxsize=200_000)
def kinds_in(node: Node) -> frozenset[type]:
    """The node types that occur."""
    return frozenset({type(node)}).union(*(kinds_in(part) for part in parts(node)))


def count_nodes(node: Node) -> int:
    """How many nodes an expression has: what it takes to write it."""
    return sum(1 for _ in walk(node))


def contains(node: Node, *kinds: type) -> bool:
    """Whether a node of one of the kinds occurs."""
    return not kinds_in(node).isdisjoint(kinds)


def is_bound(index: Index, node: Node) -> bool:
    """Whether some reduction inside the node binds an index of that name."""
    return any(index.name == bound.name for part in walk(node) for bound in bound_indices(part))


def substitute(node: Node, mapping: Mapping[Index, Subscript]) -> Node:
    """Replace free indices by subscripts, renaming bound indices where they would capture.

    sum_p X_ip with i -> p becomes sum_q X_pq, never sum_p X_pp.
    """
    live = {index: mapping[index] for index in free_indices(node) if index in mapping and mapping[index] != index}
    if not live:
        return node

    def subscript(sub: Subscript) -> Subscript:
        if isinstance(sub, Index):
            return live.get(sub, sub)
        return cast(Subscript, substitute(sub, live)) if isinstance(sub, Expr) else sub

    match node:
        case Element(tensor, subscripts):
            return Element(tensor, tuple(subscript(s) for s in subscripts))
        case MatrixFunction(matrix_function, matrix, subscripts):
            return MatrixFunction(matrix_function, matrix, tuple(subscript(s) for s in subscripts))
        case CopyTensor(subscripts):
            return CopyTensor(tuple(subscript(s) for s in subscripts))
        case KroneckerDelta(left, right):
            return KroneckerDelta(subscript(left), subscript(right))
        case Position(index):
            return Position(subscript(index))
        case Reduction() | ArgReduction():
            incoming = {name for target in live.values() for name in subscript_names(target)}
            clashes = [index for index in bound_indices(node) if index.name in incoming]
            if clashes:
                taken = incoming | index_names(node) | {index.name for index in live}
                node = rename_bound(node, clashes, taken)
            return rebuild(node, lambda part: substitute(part, live))
    return rebuild(node, lambda part: substitute(part, live))


def subscript_names(subscript: Subscript) -> frozenset[str]:
    """The names of the indices inside one subscript."""
    if isinstance(subscript, Index):
        return frozenset({subscript.name})
    return index_names(subscript) if isinstance(subscript, Expr) else frozenset()


def rename_bound(node: Node, which: list[Index], taken: set[str] | frozenset[str]) -> Node:
    """Give the named bound indices of a reduction fresh names that are not in `taken`."""
    used = set(taken)
    renaming: dict[Index, Index] = {}
    for index in which:
        renaming[index] = fresh(index, used)
        used.add(renaming[index].name)
    return rebind(node, renaming)


def rebind(node: Node, renaming: Mapping[Index, Index]) -> Node:
    """The same reduction with its bound indices renamed."""
    match node:
        case Reduction(op, indices, body, condition):
            new = tuple(renaming.get(index, index) for index in indices)
            where = None if condition is None else cast(Condition, substitute(condition, renaming))
            return Reduction(op, new, cast(Expr, substitute(body, renaming)), where)
        case ArgReduction(op, index, body, condition):
            where = None if condition is None else cast(Condition, substitute(condition, renaming))
            return ArgReduction(op, renaming.get(index, index), cast(Expr, substitute(body, renaming)), where)
    raise TypeError(f"rebind: {type(node).__name__} binds nothing")


def substitute_expr(expr: Expr, mapping: Mapping[Index, Subscript]) -> Expr:
    """`substitute` on an expression."""
    return cast(Expr, substitute(expr, mapping))


def bottom_up(node: Node, change: Callable[[Node], Node], leave: tuple[type, ...] = ()) -> Node:
    """Apply `change` to every node, innermost first; nodes of the kinds in `leave` are not entered."""
    if leave and isinstance(node, leave):
        return node
    return change(rebuild(node, lambda part: bottom_up(part, change, leave)))


def rewrite(expr: Expr, change: Callable[[Expr], Expr], leave: tuple[type, ...] = ()) -> Expr:
    """Apply `change` to every real-valued sub-expression, innermost first; conditions are walked through."""
    return cast(Expr, bottom_up(expr, lambda part: change(part) if isinstance(part, Expr) else part, leave))
