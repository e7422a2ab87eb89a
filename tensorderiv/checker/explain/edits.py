r"""Small edits of trees: the places where terms, factors and letters stand, and trees with pieces exchanged.

>>> from tensorderiv.checker.tree import Component, Name
>>> k = Name("k")
>>> exchanged(Component(Name("x"), (k,)), {id(k): Name("j")})
Component(span=None, body=Name(span=None, name='x', args=()), subscripts=(Name(span=None, name='j', args=()),), upper=False)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from tensorderiv.checker.tree import (
    Big,
    Call,
    Component,
    Delta,
    Group,
    Joint,
    Name,
    Negative,
    Node,
    Number,
    Partial,
    Power,
    Product,
    Ratio,
    Span,
    Sum,
    Transpose,
    children,
    walk,
    with_children,
)

ONE = Number(Fraction(1))


def exchanged(node: Node, new: Mapping[int, Node]) -> Node:
    """The tree with the very nodes of these ids replaced; nodes above them lose their span."""
    if (found := new.get(id(node))) is not None:
        return found
    parts = list(children(node))
    changed = [exchanged(part, new) for part in parts]
    if all(a is b for a, b in zip(parts, changed, strict=True)):
        return node
    return replace(with_children(node, iter(changed)), span=None)


def exchange(node: Node, old: Node, new: Node) -> Node:
    return exchanged(node, {id(old): new})


def shifted(node: Node, offset: int) -> Node:
    """The tree with all spans moved: they then point into a text that something was put before."""
    span = None if node.span is None else Span(node.span.start + offset, node.span.end + offset)
    return replace(with_children(node, iter([shifted(child, offset) for child in children(node)])), span=span)


def stripped(node: Node) -> Node:
    """The tree without the brackets around it."""
    while isinstance(node, Group):
        node = node.body
    return node


def plain(node: Node) -> Node:
    """The tree without spans and without brackets that only group."""
    node = stripped(node)
    return replace(with_children(node, iter([plain(child) for child in children(node)])), span=None)


def unmarked(node: Node) -> Node:
    """The tree without spans: all of it is new."""
    return replace(with_children(node, iter([unmarked(child) for child in children(node)])), span=None)


def distinct(node: Node) -> Node:
    """A tree in which no node stands twice, so that one place can be edited alone."""
    return replace(with_children(node, iter([distinct(child) for child in children(node)])))


# products


def product(*factors: Node) -> Node:
    """The juxtaposed factors; products among them are opened, ones left out."""
    flat: list[tuple[Joint, Node]] = []
    for factor in factors:
        if isinstance(factor, Product):
            flat += factor.factors
        elif factor != ONE:
            flat.append(("juxtaposed", factor))
    if not flat:
        return ONE
    if len(flat) == 1 and flat[0][0] != "over":
        return flat[0][1]
    return Product(tuple(flat))


def power(node: Node, exponent: Fraction) -> Node:
    """The node to a number: x^1 is x, x^0 is 1."""
    if exponent in (0, 1):
        return node if exponent else ONE
    return Power(node, Number(exponent))


def times(node: Node, factor: Node, front: bool = False) -> Node:
    """The node with a factor put behind it (or in front), in the author's sum, fraction or sign where one stands there."""
    if isinstance(node, Negative):
        return Negative(times(node.body, factor, front))
    if isinstance(node, Ratio) and node.above != ONE and not isinstance(factor, Ratio):
        return Ratio(times(node.above, factor, front), node.below)
    if isinstance(node, Sum):
        node = Group(node)
    if isinstance(node, Big):
        front = True
    return product(factor, node) if front else product(node, factor)


def over(node: Node, divisor: Node) -> Node:
    """The node divided, as a fraction; the divisor joins a denominator that is there."""
    if isinstance(node, Negative):
        return Negative(over(node.body, divisor))
    if isinstance(node, Ratio):
        return Ratio(node.above, product(node.below, divisor))
    return Ratio(node, divisor)


def scaled(node: Node, by: Fraction) -> Node:
    """The node times a number, which joins a number that stands in front already."""
    if by == 1:
        return node
    if by < 0:
        return scaled(negated(node), -by)
    match node:
        case Number(value=value):
            return Number(value * by)
        case Negative(body=body):
            return Negative(scaled(body, by))
        case Group(body=body) if not isinstance(body, Sum):
            return scaled(body, by)
        case Ratio(above=above, below=below):
            if isinstance(below, Number) and below.value % by.numerator == 0 and by.denominator == 1:
                rest = Number(below.value / by)
                return above if rest == ONE else Ratio(above, rest)
            if by.numerator == 1 and not _divisible(above, by.denominator):
                return Ratio(above, scaled(below, Fraction(by.denominator)))
            return Ratio(scaled(above, by), below)
        case Product(factors=((_, first), *rest)):
            if isinstance(first, Number | Ratio) and (isinstance(first, Number) or _numeric(first)):
                number = scaled(first, by)
                return product_of(rest) if number == ONE else Product((("juxtaposed", number), *rest))
            return Product((("juxtaposed", _number(by)), *node.factors))
    return product(_number(by), Group(node) if isinstance(node, Sum) else node)


def _number(value: Fraction) -> Node:
    if value.denominator == 1:
        return Number(value)
    return Ratio(Number(Fraction(value.numerator)), Number(Fraction(value.denominator)))


def _divisible(node: Node, by: int) -> bool:
    first = node.factors[0][1] if isinstance(node, Product) else node
    return isinstance(first, Number) and first.value % by == 0


def _numeric(node: Ratio) -> bool:
    return any(isinstance(part, Number) for part in (node.above, node.below))


def product_of(factors: list[tuple[Joint, Node]]) -> Node:
    """These factors of a product, in their order; none of them is 1."""
    if not factors:
        return ONE
    (joint, first), *rest = factors
    if joint == "over":
        return Ratio(ONE, first) if not rest else Product((("juxtaposed", ONE), *factors))
    return first if not rest else Product((("juxtaposed", first), *rest))


# signs and terms


def negated(node: Node) -> Node:
    """The node with the other sign."""
    match node:
        case Negative(body=body):
            return body
        case Number(value=value) if value < 0:
            return Number(-value)
        case Sum(terms=terms):
            return sum_of([negated(term) for term in terms])
    return Negative(node)


def sum_of(terms: list[Node]) -> Node:
    """The sum of the terms; the first of them that has no minus comes first if there are but two."""
    if len(terms) == 1:
        return terms[0]
    if len(terms) == 2 and isinstance(terms[0], Negative) and not isinstance(terms[1], Negative):
        terms = terms[::-1]
    return Sum(tuple(terms))


def plus(node: Node, term: Node) -> Node:
    """The node with one more term behind it."""
    if isinstance(node, Group) and isinstance(node.body, Sum):
        node = node.body
    return Sum((*(node.terms if isinstance(node, Sum) else (node,)), term))


def terms_of(node: Node) -> tuple[Node, ...]:
    node = stripped(node)
    return node.terms if isinstance(node, Sum) else (node,)


def unsigned(node: Node) -> tuple[Node, int]:
    """The term without its minus, and its sign."""
    return (node.body, -1) if isinstance(node, Negative) else (node, 1)


@dataclass(frozen=True)
class Place:
    """A node of the line, with the indices bound around it and the depth at which it stands."""

    node: Node
    bound: tuple[str, ...]
    above: tuple[Node, ...]


def places(node: Node, bound: tuple[str, ...] = (), above: tuple[Node, ...] = ()) -> Iterator[Place]:
    """All places of a tree, from the left, the outer ones first."""
    yield Place(node, bound, above)
    inside = bound + node.bound if isinstance(node, Big) else bound
    for child in children(node):
        yield from places(child, inside, (*above, node))


def term_places(node: Node) -> list[Place]:
    """Where a whole factor or sign can stand: the line, the terms of its sums, bodies, numerators and arguments; outer first."""
    found: list[Place] = []
    for place in places(node):
        parent = place.above[-1] if place.above else None
        if isinstance(place.node, Name | Number | Component) and not isinstance(parent, Sum | Call | Big | Ratio | Group | None):
            continue
        match parent:
            case None | Sum():
                found.append(place)
            case Big(body=body) if body is place.node:
                found.append(place)
            case Ratio(above=part) if part is place.node:
                found.append(place)
            case Power(exponent=part) if part is place.node:
                found.append(place)
            case Call(base=part) if part is place.node:
                continue  # the base of a logarithm is no number that a factor was lost from
            case Call() | Negative() | Group():
                found.append(place)
    return sorted(found, key=lambda place: len(place.above))


# letters


def letter_places(node: Node, letters: frozenset[str]) -> list[Place]:
    """The places of index letters in subscripts and deltas, variables of derivatives included."""
    return [
        place
        for place in places(node)
        if isinstance(place.node, Name)
        and place.node.name in letters
        and place.above
        and (
            isinstance(place.above[-1], Delta)
            or (isinstance(place.above[-1], Component) and any(part is place.node for part in place.above[-1].subscripts))
        )
    ]


def renamed(node: Node, new: Mapping[str, str]) -> Node:
    """The tree with index letters replaced wherever they occur, bound ones included."""
    if isinstance(node, Name) and node.name in new and not node.args:
        return Name(new[node.name])
    if isinstance(node, Big) and any(name in new for name in node.bound):
        node = replace(node, bound=tuple(new.get(name, name) for name in node.bound), span=None)
    parts = list(children(node))
    changed = [renamed(part, new) for part in parts]
    if all(a is b for a, b in zip(parts, changed, strict=True)):
        return node
    return replace(with_children(node, iter(changed)), span=None)


def letters_in(node: Node, letters: frozenset[str]) -> set[str]:
    """The index letters that occur anywhere in the tree."""
    found = {part.name for part in walk(node) if isinstance(part, Name) and part.name in letters}
    return found | {name for part in walk(node) if isinstance(part, Big) for name in part.bound}


def transposed(node: Node) -> Node:
    """The transpose of a matrix expression, written out: (A B)^T is B^T A^T, (A^T)^T is A."""
    match node:
        case Transpose(body=body):
            return body
        case Negative(body=body):
            return Negative(transposed(body))
        case Group(body=body):
            return Group(transposed(body))
        case Sum(terms=terms):
            return Sum(tuple(transposed(term) for term in terms))
        case Product(factors=factors) if all(joint != "over" for joint, _ in factors):
            numbers = [factor for factor in factors if isinstance(factor[1], Number | Ratio)]
            others = [(joint, transposed(part)) for joint, part in factors if not isinstance(part, Number | Ratio)]
            return Product((*numbers, *reversed(others)))
    return Transpose(node)


def derivatives(node: Node) -> list[Partial]:
    return [part for part in walk(node) if isinstance(part, Partial)]
