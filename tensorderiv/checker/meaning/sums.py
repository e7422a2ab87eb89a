r"""Sums: products with repeated indices, \sum with its limits and conditions, brackets.

Summation convention: an index that stands twice in a product is summed there, unless it names the place of the line. A bracket
counts with the letters that are open in it: (a_ik + a_ki) x_k is one sum over k.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from tensorderiv.algebra import build
from tensorderiv.algebra.expression import (
    Bracket,
    Compare,
    CompareOp,
    Condition,
    CopyTensor,
    Element,
    Expr,
    KroneckerDelta,
    Position,
    Reduction,
    ReductionOp,
    Size,
)
from tensorderiv.algebra.index import Extent, Index
from tensorderiv.algebra.traverse import free_indices
from tensorderiv.checker import tree as t
from tensorderiv.checker.meaning.array import Array
from tensorderiv.checker.meaning.names import Defined, Known, Rule, identifier
from tensorderiv.checker.meaning.problems import Inexpressible
from tensorderiv.checker.meaning.scope import Scope

if TYPE_CHECKING:
    from tensorderiv.checker.meaning.elaborator import Elaborator


def loose_letters(array: Array) -> tuple[Index, ...]:
    """The letters that are free in the entries."""
    return tuple(index for index in free_indices(array.expr) if index not in array.axes)


def _summing(e: Elaborator) -> bool:
    return e.case.sums == "einstein" or e.options.summed


def _open(e: Elaborator, array: Array, scope: Scope) -> set[Index]:
    """The letters that a sum may still bind: neither bound already nor names of the place."""
    fixed = set(scope.letters.values())
    names = {identifier(letter) for letter in e.free}
    return {index for index in loose_letters(array) if index not in fixed and index.name not in names}


def contracted(e: Elaborator, factors: Sequence[Array], product: Array, scope: Scope) -> Array:
    """The product summed over the letters that are open in two of the factors."""
    if not _summing(e):
        return product
    counts = Counter(index for factor in factors for index in _open(e, factor, scope))
    repeated = [index for index in loose_letters(product) if counts[index] > 1]
    return replace(product, expr=build.total(repeated, product.expr))


def repeated(e: Elaborator, array: Array, scope: Scope) -> Array:
    """The trace that a repeated letter of one component asks for: A_ii, delta_ss."""
    if not _summing(e):
        return array
    expr = array.expr
    match expr:
        case Element(_, subscripts) | CopyTensor(subscripts):
            counts = Counter(sub for sub in subscripts if isinstance(sub, Index))
        case KroneckerDelta(left, right):
            counts = Counter(sub for sub in (left, right) if isinstance(sub, Index))
        case _:
            return array
    twice = [index for index in _open(e, array, scope) if counts[index] > 1]
    return Array(build.total(sorted(twice), expr), array.axes, array.row)


def repeated_delta(e: Elaborator, left: t.Node, right: t.Node, found: Expr, scope: Scope) -> Array:
    """The delta, or its trace: delta_ss is the number of values of s."""
    if _summing(e) and found == build.ONE and isinstance(left, t.Name) and isinstance(right, t.Name) and left.name == right.name:
        index = e.index(left.name, scope)
        if index is not None and left.name not in scope.letters and left.name not in e.free:
            return Array(build.total([index], build.ONE))
    return Array(found)


def product(e: Elaborator, factors: tuple[tuple[t.Joint, t.Node], ...], scope: Scope) -> Array:
    """The factors from left to right."""
    arrays = [e.open_array(factor, scope) for _, factor in factors]
    result = arrays[0]
    for (joint, _), array in zip(factors[1:], arrays[1:], strict=True):
        match joint:
            case "over":
                result = _quotient(e, result, array)
            case "star" if e.options.lenient:
                result = e.axes.entrywise(build.mul, result, array, what="product")
            case "times" if result.order and array.order:
                result = e.axes.cross(result, array)
            case _:
                result = e.axes.product(result, array, dotted=joint == "cdot")
    return contracted(e, arrays, result, scope)


def ratio(e: Elaborator, above: t.Node, below: t.Node, scope: Scope) -> Array:
    pair = (e.open_array(above, scope), e.array(below, scope))
    return contracted(e, pair, _quotient(e, *pair), scope)


def _quotient(e: Elaborator, above: Array, below: Array) -> Array:
    if above.unsized and not below.order:
        return Array(build.div(above.expr, below.expr), unsized=True)
    return e.axes.entrywise(build.div, above, below, what="quotient")


def bind(e: Elaborator, letter: str, extent: Extent, scope: Scope) -> Index:
    """The index of a bound letter, under a name that nothing around it has."""
    taken = {index.name for index in scope.letters.values()} | {identifier(free) for free in e.free}
    taken |= {index.name for value in scope.values.values() for index in free_indices(value.expr)}
    return Index(identifier(letter, taken), extent)


def big(e: Elaborator, node: t.Big, scope: Scope) -> Array:
    r"""\sum, \prod, \max, \min of the body over the bound letters."""
    if not node.bound:
        body = e.array(node.body, scope)
        if not body.order:
            raise Inexpressible("a sum sign that names no index, over a number", hint="write the index under the sum")
        return Array(_reduced(node.op, body.axes, body.expr, None))
    letters = _bound(e, node, scope)
    bound: dict[str, Index] = {}
    for letter in letters:
        extent = _extent(e, letter, node)
        bound[letter] = bind(e, letter, extent, scope.bound(bound))
    inside = scope.bound(bound)
    given = build.both(condition(e, node.conditions, inside), *_limits(e, node, bound, scope))
    body = e.open_array(node.body, inside) if node.op == "sum" else e.array(node.body, inside)
    expr = _reduced(node.op, tuple(bound.values()), body.expr, given)
    return replace(body, expr=expr)


def _bound(e: Elaborator, node: t.Big, scope: Scope) -> tuple[str, ...]:
    r"""The letters that the sum binds: \sum_{i<j} and \sum_{i \neq j} both of them, unless one has a meaning outside."""
    letters = node.bound
    if not node.conditions:
        return letters
    if e.closed or e.options.pairs:
        compared = [part.name for item in node.conditions for part in t.walk(item) if isinstance(part, t.Name)]
        known = {letter for letter in compared if letter in e.case.indices and letter not in e.declared.entities}
        letters += tuple(dict.fromkeys(letter for letter in compared if letter in known and letter not in letters))
    inside = tuple(letter for letter in letters if letter not in scope.letters and letter not in e.free)
    return inside if inside and len(letters) > 1 else letters


def _reduced(op: str, indices: tuple[Index, ...], body: Expr, given: Condition | None) -> Expr:
    return build.total(indices, body, given) if op == "sum" else Reduction(cast(ReductionOp, op), indices, body, given)


def _extent(e: Elaborator, letter: str, node: t.Big) -> Extent:
    """What a bound letter ranges over: its declaration, else the upper limit, else the axis at which it stands."""
    declared = e.case.indices.get(letter)
    limited = isinstance(node.upper, t.Name) and letter == node.bound[-1] and not isinstance(declared, int)
    if limited and isinstance(node.upper, t.Name) and e.extent_as_number(node.upper.name) is not None:
        return node.upper.name
    if declared is not None:
        return declared
    for part in t.walk(node.body):
        if isinstance(part, t.Component) and isinstance(part.body, t.Name):
            for place, sub in enumerate(part.subscripts):
                if isinstance(sub, t.Name) and sub.name == letter:
                    found = _axis(e, part.body.name, len(part.subscripts), place)
                    if found is not None:
                        return found
    raise Inexpressible(f"the range of the summed letter {letter}", hint=f"declare the index {letter}")


def _axis(e: Elaborator, name: str, count: int, place: int) -> Extent | None:
    entity = e.defined.get((name, count)) or e.declared.entities.get(name)
    match entity:
        case Known(tensor) | Defined(tensor=tensor) if tensor is not None:
            extents: tuple[Extent, ...] = tensor.extents
        case Rule(extents=own, family=family):
            extents = family + own
        case _:
            return None
    return extents[place] if place < len(extents) else None


def _limits(e: Elaborator, node: t.Big, bound: dict[str, Index], scope: Scope) -> list[Condition]:
    """The conditions that the limits of the last letter are, where they are not its whole range."""
    if node.lower is None and node.upper is None:
        return []
    letter = node.bound[-1]
    if letter not in bound:
        raise Inexpressible(f"limits of {letter}, which has a meaning outside the sum")
    index = bound[letter]
    zero_based = isinstance(node.lower, t.Number) and node.lower.value == 0
    upper = None if node.upper is None else _limit(e, node.upper, scope)
    if zero_based:
        whole = build.sub(_size(index.extent), build.ONE)
        if upper is not None and upper != whole:
            raise Inexpressible(f"a sum over {letter} from 0 that does not end at {index.extent} - 1")
        return []
    place = build.add(Position(index), build.ONE)
    found: list[Condition] = []
    if node.lower is not None and not (isinstance(node.lower, t.Number) and node.lower.value == 1):
        found.append(Compare(">=", place, e.written_value(node.lower, scope)))
    if upper is not None and upper != _size(index.extent):
        found.append(Compare("<=", place, upper))
    return found


def _limit(e: Elaborator, node: t.Node, scope: Scope) -> Expr:
    return e.written_value(node, scope)


def _size(extent: Extent) -> Expr:
    return Size(extent) if isinstance(extent, str) else build.number(extent)


def condition(e: Elaborator, comparisons: Sequence[t.Comparison], scope: Scope) -> Condition | None:
    """All the comparisons; None where there is none."""
    return build.both(*(_compare(e, item, scope) for item in comparisons))


def _compare(e: Elaborator, item: t.Comparison, scope: Scope) -> Condition:
    """Places are compared as people count them, from 1; two letters, or two labels, as they are."""
    places = [_place(e, side, scope) for side in (item.left, item.right)]
    if places[0] is not None and places[1] is not None:
        return Compare(cast(CompareOp, item.op), places[0], places[1])
    return Compare(cast(CompareOp, item.op), e.written_value(item.left, scope), e.written_value(item.right, scope))


def _place(e: Elaborator, node: t.Node, scope: Scope) -> Expr | None:
    """The position of an index, or a label; None for anything else."""
    if isinstance(node, t.Name) and (node.name in scope.letters or node.name not in e.declared.entities):
        index = e.index(node.name, scope)
        if index is not None:
            return Position(index)
    if isinstance(node, t.Name | t.Component):
        found = e.array(node, scope)
        if isinstance(found.expr, Element) and found.expr.tensor.integer and not found.order:
            return found.expr
    return None


def bracket(e: Elaborator, comparisons: Sequence[t.Comparison], scope: Scope) -> Expr:
    """1 where all of them hold, else 0."""
    found = condition(e, comparisons, scope)
    if found is None:
        raise Inexpressible("a bracket without a condition")
    return Bracket(found)
