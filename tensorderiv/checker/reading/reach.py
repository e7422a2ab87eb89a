"""What the reach of signs and operators is decided by: the parts of a row, and what stands in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tensorderiv.checker.reading.items import Item, Joint, Prefix
from tensorderiv.checker.tree import (
    Big,
    Call,
    Comparison,
    Component,
    Delta,
    Evaluated,
    Name,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Span,
    Transpose,
    children,
    walk,
)


def at_point(operator: Prefix, condition: Comparison, span: Span) -> Prefix:
    r"""\frac{d}{dt}|_{t=0} before its operand: the derivative is taken, then its value there."""

    def make(body: tuple[Node, ...]) -> Node:
        return Evaluated(operator.make(body), condition.left, condition.right)

    return replace(operator, make=make, span=Span(operator.span.start, span.end))


def last_big(term: Node) -> Big | None:
    """The sum with which a term ends, the innermost."""
    found: Big | None = None
    while True:
        if isinstance(term, Negative | Big):
            found = term if isinstance(term, Big) and term.op == "sum" and term.bound else found
            term = term.body
        elif isinstance(term, Product):
            term = term.factors[-1][1]
        else:
            return found


def with_big(term: Node, wider: Big, last: Node) -> Node:
    """The term with its innermost last sum replaced."""
    span = over(term, last)
    if isinstance(term, Big) and last_big(term.body) is None:
        return wider
    if isinstance(term, Negative | Big):
        return replace(term, body=with_big(term.body, wider, last), span=span)
    if isinstance(term, Product):
        joint, factor = term.factors[-1]
        return replace(term, factors=(*term.factors[:-1], (joint, with_big(factor, wider, last))), span=span)
    return term


def holds(term: Node, letters: Sequence[str]) -> bool:
    """Does one of the letters stand in a subscript of the term, not bound in it?"""
    nodes = list(walk(term))
    if any(isinstance(node, Big) and set(node.bound) & set(letters) for node in nodes):
        return False
    held = (part for node in nodes if isinstance(node, Component | Delta) for part in children(node))
    return any(isinstance(part, Name) and part.name in letters for part in held)


def is_plain(item: Item) -> bool:
    r"""Letters and numbers with their scripts: what an argument without brackets goes on with, \sin 2 a_i x."""
    while isinstance(item, Component | Power | Transpose):
        item = item.base if isinstance(item, Power) else item.body
    return isinstance(item, Number) or (isinstance(item, Name) and not item.args)


def is_applied(item: Item) -> bool:
    r"""A function with its argument, before which another ends: \cos a \sin^2 b."""
    return isinstance(item.base if isinstance(item, Power) else item, Call)


def split_at(row: Sequence[Item], ops: tuple[str, ...]) -> list[tuple[list[Item], Joint | None]]:
    """The parts of a row between joints of these kinds, each with the joint before it."""
    parts: list[tuple[list[Item], Joint | None]] = [([], None)]
    for item in row:
        if isinstance(item, Joint) and item.op in ops:
            parts.append(([], item))
        else:
            parts[-1][0].append(item)
    return parts


def over(*items: Item) -> Span | None:
    spans = [item.span for item in items if item.span is not None]
    return Span(min(s.start for s in spans), max(s.end for s in spans)) if spans else None


def widened(node: Node, span: Span, *items: Item) -> Node:
    reach = [span.end, *(item.span.end for item in items if item.span)]
    return replace(node, span=Span(span.start, max(reach)))
