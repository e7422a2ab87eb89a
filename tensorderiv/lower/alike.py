"""Under the condition c_p = c_a the label c_a may be written c_p:

    sum_{p: c_p = c_a} log(sum_{n: c_n != c_a} g_pn)   ->   sum_{p: c_p = c_a} log(sum_{n: c_n != c_p} g_pn)

The inner sum is then a quantity of the row p alone, computed n times instead of n^2 times. Only labels inside reductions are
written anew: the condition itself stays. The other way round, the label of a bound row is written as that of a free one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeAlias, cast

from tensorderiv.algebra.build import both, factors_of
from tensorderiv.algebra.expression import (
    And,
    ArgReduction,
    Bracket,
    Compare,
    Condition,
    Element,
    Expr,
    Mul,
    Node,
    Reduction,
    Select,
)
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.traverse import bottom_up, bound_indices, free_indices, rebuild, walk
from tensorderiv.lower.values import condition_parts

Pair: TypeAlias = tuple[Element, Element]


def one_label(expr: Expr) -> Expr:
    """The expression with the labels in its reductions written by as few rows as the conditions around them allow.

    >>> from tensorderiv.algebra.build import call, total
    >>> from tensorderiv.algebra.expression import Tensor
    >>> c, g = Tensor("c", ("n",), integer=True), Tensor("g", ("n", "n"))
    >>> a, p, n = Index("a", "n"), Index("p", "n"), Index("n", "n")
    >>> inner = total([n], Element(g, (p, n)), Compare("!=", Element(c, (n,)), Element(c, (a,))))
    >>> print(one_label(total([p], call("log", inner), Compare("=", Element(c, (p,)), Element(c, (a,))))))
    sum_{p: c_p = c_a} log(sum_{n: c_n != c_p} g_pn)
    """
    return cast(Expr, _written(expr, ()))


def equal_labels(conditions: Iterable[Condition]) -> tuple[Pair, ...]:
    """The pairs of labels that are equal where the conditions hold, in both orders."""
    found: list[Pair] = []
    for condition in conditions:
        if not isinstance(condition, Compare) or condition.op != "=":
            continue
        left, right = condition.left, condition.right
        if isinstance(left, Element) and isinstance(right, Element) and left.tensor.integer and right.tensor.integer:
            found += [(left, right), (right, left)]
    return tuple(found)


def _written(node: Node, known: tuple[Pair, ...]) -> Node:
    inside = known
    if isinstance(node, Reduction | ArgReduction):
        node = _by_free_rows(node)
        names = {index.name for index in bound_indices(node)}
        inside = tuple(pair for pair in known if not names & {i.name for side in pair for i in free_indices(side)})
        inside += equal_labels(condition_parts(node.condition))
        return _with_fewer_rows(rebuild(node, lambda part: _written(part, inside)), known)
    if isinstance(node, Mul):
        inside += equal_labels(c for f in factors_of(node) if isinstance(f, Bracket) for c in condition_parts(f.condition))
    if isinstance(node, And):
        inside += equal_labels(node.parts)
    if isinstance(node, Select):
        condition = cast(Condition, _written(node.condition, known))
        then = cast(Expr, _written(node.then, known + equal_labels(condition_parts(node.condition))))
        return Select(condition, then, cast(Expr, _written(node.otherwise, known)))
    return rebuild(node, lambda part: _written(part, inside))


def _by_free_rows(node: Reduction | ArgReduction) -> Reduction | ArgReduction:
    """sum_{a: c_a = c_j and c_i != c_a}  ->  sum_{a: c_a = c_j and c_i != c_j}: the test is then one of the rows outside.

    A label is written anew once: the condition that says why has to stay as it is.
    """
    bound = set(bound_indices(node))
    written: set[Element] = set()
    for old, new in equal_labels(condition_parts(node.condition)):
        if old in written or not _rows(old) <= bound or bound & _rows(new):
            continue
        written.add(old)
        conditions = [
            part if (old, new) in equal_labels([part]) else cast(Condition, replaced(part, old, new))
            for part in condition_parts(node.condition)
        ]
        node = replace(node, body=cast(Expr, replaced(node.body, old, new)), condition=both(*conditions))
    return node


def replaced(node: Node, old: Element, new: Element) -> Node:
    """The node with one label for another; as it is where the rows of either are bound inside."""
    names = {index.name for part in walk(node) for index in bound_indices(part)}
    if names & {i.name for i in _rows(old) | _rows(new)}:
        return node
    return bottom_up(node, lambda part: new if part == old else part)


def _with_fewer_rows(node: Node, known: tuple[Pair, ...]) -> Node:
    for old, new in known:
        free = set(free_indices(node))
        gone = _rows(old) & free
        if not gone or not _rows(new) <= free:
            continue
        made = replaced(node, old, new)
        if not gone & set(free_indices(made)):
            node = made
    return node


def _rows(label: Element) -> set[Index]:
    return set(free_indices(label))
