"""What a derivative is a sum of, on trees: the terms of the product rule and of the sum rule, each left as a derivative."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

from tensorderiv.checker.explain.edits import (
    distinct,
    exchange,
    exchanged,
    negated,
    places,
    plain,
    power,
    product,
    product_of,
    renamed,
    scaled,
    stripped,
    sum_of,
    terms_of,
)
from tensorderiv.checker.explain.scene import Scene
from tensorderiv.checker.tree import (
    Big,
    Component,
    Delta,
    Differential,
    Group,
    Name,
    Negative,
    Node,
    Number,
    Partial,
    Power,
    Product,
    Ratio,
    Sum,
    walk,
)

MOST_DEFINITIONS = 3


def named(scene: Scene, node: Node) -> Iterator[Node]:
    """The line, and the line with the names that hide a product or a derivative replaced by their definitions."""
    yield node
    for _ in range(MOST_DEFINITIONS):
        new: dict[int, Node] = {}
        for place in places(node):
            inside = place.above[-1] if place.above else None
            if (inside is None or isinstance(inside, Partial | Differential)) and not isinstance(inside, Component):
                if isinstance(inside, Partial) and place.node is not inside.body:
                    continue
                if (body := _definition(scene, place.node)) is not None:
                    new[id(place.node)] = body
        if not new:
            return
        node = distinct(exchanged(node, new))
        yield node


def _definition(scene: Scene, node: Node) -> Node | None:
    """What the name stands for, at these indices."""
    head = node.body if isinstance(node, Component) else node
    subscripts = node.subscripts if isinstance(node, Component) else ()
    if not isinstance(head, Name) or (found := scene.body_of(head.name)) is None or len(found.indices) != len(subscripts):
        return None
    new = {
        old: letter.name
        for old, letter in zip(found.indices, subscripts, strict=True)
        if isinstance(letter, Name) and letter.name != old
    }
    bound = {name for part in walk(found.body) if isinstance(part, Big) for name in part.bound}
    if bound & {*new.values(), *scene.free}:
        return None
    return distinct(renamed(plain(found.body), new))


def split(scene: Scene, line: Node) -> Iterator[tuple[Node, list[Node], str]]:
    """For each derivative of a product or a sum: it, its terms, and the rule."""
    for place in places(line):
        node = place.node
        if isinstance(node, Partial | Differential):
            terms, rule = _terms(scene, node)
            if len(terms) > 1:
                yield node, [simple(scene, term) for term in terms], rule


def _terms(scene: Scene, node: Partial | Differential) -> tuple[list[Node], str]:
    """What the derivative is a sum of by one rule, and the rule."""
    body = stripped(node.body)
    if isinstance(body, Negative):
        terms, rule = _terms(scene, replace(node, body=body.body, span=None))
        return [negated(term) for term in terms], rule
    if isinstance(body, Big) and body.op == "sum":
        terms, rule = _terms(scene, replace(node, body=body.body, span=None))
        return [replace(body, body=term, span=None) for term in terms], rule
    if isinstance(body, Sum):
        return [_signed(term, lambda inner: replace(node, body=inner, span=None)) for term in body.terms], "sum rule"
    if isinstance(body, Power) and isinstance(body.exponent, Number) and isinstance(node, Partial):
        terms, rule = _terms(scene, replace(node, body=body.base, span=None))
        outer = scaled(power(body.base, body.exponent.value - 1), body.exponent.value)
        return [_signed(term, lambda inner: product(outer, inner)) for term in terms], rule
    if isinstance(body, Ratio):
        above, below = (replace(node, body=part, span=None) for part in (body.above, body.below))
        squared = power(Group(body.below), Fraction(2))
        return [Ratio(above, body.below), Negative(Ratio(product(body.above, below), squared))], "quotient rule"
    if isinstance(body, Product) and all(joint != "over" for joint, _ in body.factors):
        varying = _names(scene, node)
        found: list[Node] = []
        for at, (joint, factor) in enumerate(body.factors):
            if varying is None or scene_names(scene, factor) & varying:
                derivative = replace(node, body=factor, span=None)
                found.append(product_of([*body.factors[:at], (joint, derivative), *body.factors[at + 1 :]]))
        return found, "product rule"
    return [replace(node, body=body, span=None)], ""


def _signed(term: Node, change: Callable[[Node], Node]) -> Node:
    return Negative(change(term.body)) if isinstance(term, Negative) else change(term)


def _names(scene: Scene, node: Partial | Differential) -> set[str] | None:
    """The names that the derivative is taken by; None for a differential."""
    if isinstance(node, Differential):
        return {scene.step.case.wrt} if scene.step.case.wrt else None
    return {part.name for variable in node.variables for part in walk(variable) if isinstance(part, Name)} - scene.letters


def scene_names(scene: Scene, node: Node) -> set[str]:
    """All names in the tree and in the definitions behind it."""
    return {part.name for part in walk(scene.expanded(node)) if isinstance(part, Name)}


def simple(scene: Scene, node: Node) -> Node:
    """d X_kl / d X_mn -> delta_km delta_ln, wherever X is a free array."""
    new: dict[int, Node] = {}
    for part in walk(node):
        if isinstance(part, Partial) and len(part.variables) == 1:
            body, variable = stripped(part.body), part.variables[0]
            if (
                isinstance(body, Component)
                and isinstance(variable, Component)
                and body.body == variable.body
                and isinstance(body.body, Name)
                and len(body.subscripts) == len(variable.subscripts)
                and _is_free(scene, body.body.name)
            ):
                pairs = zip(body.subscripts, variable.subscripts, strict=True)
                new[id(part)] = product(*(Delta(left, right) for left, right in pairs if left != right))
    return exchanged(node, new)


def _is_free(scene: Scene, name: str) -> bool:
    symbol = scene.step.case.symbol(name)
    return symbol is not None and symbol.value is None and not symbol.assume and not symbol.indices


def summands(scene: Scene, line: Node) -> Iterator[tuple[Node, str]]:
    """What the line is a sum of once one derivative in it is carried out: each summand, and the rule that made it."""
    for whole in named(scene, line):
        for node, terms, rule in split(scene, whole):
            for term in terms:
                yield exchange(_term_with(whole, node), node, term), rule


def _term_with(line: Node, node: Node) -> Node:
    """The term of the line that the node stands in."""
    inside = (term for term in terms_of(line) if any(part is node for part in walk(term)))
    return next(inside, line)


def carried_out(scene: Scene, line: Node) -> Iterator[Node]:
    """The line with one of its derivatives carried out by one rule."""
    for whole in named(scene, line):
        for node, terms, _ in split(scene, whole):
            yield exchange(whole, node, Group(sum_of(terms)) if whole is not node else sum_of(terms))
