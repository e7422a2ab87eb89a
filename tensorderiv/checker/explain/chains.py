"""Factors that were lost or are too many: the derivative of an inner function, a factor of the line before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import partial

from tensorderiv.checker.explain.edits import (
    ONE,
    Place,
    exchange,
    letters_in,
    negated,
    over,
    places,
    plain,
    product,
    product_of,
    stripped,
    term_places,
    times,
)
from tensorderiv.checker.explain.repair import Repair
from tensorderiv.checker.explain.rules import named
from tensorderiv.checker.explain.scene import Scene
from tensorderiv.checker.tree import (
    Big,
    Call,
    Component,
    Group,
    Name,
    Negative,
    Node,
    Norm,
    Number,
    Partial,
    Power,
    Product,
    Ratio,
    Sum,
    Transpose,
    children,
    walk,
)

MOST_QUANTITIES = 14
TWO = Number(Fraction(2))
LARGEST = 24
"""Nodes of a quantity that may be a factor."""

MOST_PLACES = 8


def extra_factors(scene: Scene) -> Iterator[Repair]:
    """A product without one of its factors, or without a number and a factor; a fraction without its denominator."""
    for place in places(scene.line):
        node = place.node
        if isinstance(node, Product):
            for at in range(len(node.factors)):
                for width in (1, 2):
                    dropped = [part for _, part in node.factors[at : at + width]]
                    rest = [*node.factors[:at], *node.factors[at + width :]]
                    if len(dropped) == width and (rest or place.above):
                        yield _without(scene, node, product_of(rest), product(*dropped))
        elif isinstance(node, Ratio):
            yield _without(scene, node, node.above, Ratio(ONE, node.below))
            for at, (_, part) in enumerate(node.below.factors if isinstance(node.below, Product) else ()):
                assert isinstance(node.below, Product)
                rest = [*node.below.factors[:at], *node.below.factors[at + 1 :]]
                yield _without(scene, node, Ratio(node.above, product_of(rest)), Ratio(ONE, part))


def lost_factors(scene: Scene) -> Iterator[Repair]:
    """A term times, or divided by, a quantity that the lines or the definitions speak of."""
    for quantity in quantities(scene):
        for place in term_places(scene.line)[:MOST_PLACES]:
            if isinstance(place.node, Sum) and place.above and not isinstance(place.above[-1], Group):
                continue
            if not _in_scope(scene, quantity, place) or any(part is place.node for part in walk(quantity)):
                continue
            inner = any(isinstance(part, Name) and scene.body_of(part.name) for part in walk(quantity))
            kind = "misplaced exponent" if _stands_there(quantity, place.node) and not inner else _kind(scene, quantity)
            double = times(quantity, TWO, front=True)
            for factor, divided in (
                (quantity, False),
                (quantity, True),
                (negated(quantity), False),
                (double, True),
                (double, False),
            ):
                new = over(place.node, factor) if divided else times(place.node, _bracketed(factor), front=_leads(place.node))
                lost = Ratio(ONE, factor) if divided else factor
                yield Repair(exchange(scene.line, place.node, new), kind, partial(_lost, scene, place, lost))


def replaced_parts(scene: Scene) -> Iterator[Repair]:
    """A number for a quantity of the line before: 1 for exp(-a)."""
    for place in places(scene.line):
        if isinstance(place.node, Number) and place.above and isinstance(place.above[-1], Sum | Ratio | Call):
            for quantity in quantities(scene):
                new = exchange(scene.line, place.node, quantity if place.node == ONE else product(place.node, quantity))
                yield Repair(new, "dropped factor", partial(_replaced, scene, place.node, quantity))


def quantities(scene: Scene) -> list[Node]:
    """What a factor may be: derivatives, functions, norms, denominators, names; of both lines and of the definitions."""
    found: list[Node] = []
    seen: list[Node] = [plain(scene.before), plain(scene.line)]
    for source in (scene.before, scene.line, scene.before_expanded):
        for quantity in _inside(source):
            if not _may_be_factor(scene, quantity):
                continue
            key = plain(quantity)
            if key not in seen:
                seen.append(key)
                found.append(quantity)
    return found[:MOST_QUANTITIES]


def _stands_there(quantity: Node, term: Node) -> bool:
    """Whether the quantity is a factor of the term already, so that only its exponent is wrong."""
    base = plain(quantity.base if isinstance(quantity, Power) else quantity)
    return any(plain(part.base if isinstance(part, Power) else part) == base for part in _factors(term))


def _factors(term: Node) -> Iterator[Node]:
    term = stripped(term)
    if isinstance(term, Product | Negative | Ratio):
        for part in children(term):
            yield from _factors(part)
    else:
        yield term


def inner_derivatives(scene: Scene) -> Iterator[Repair]:
    """d f(g) -> f'(g): the line times the derivative of what stands inside a function or a power."""
    if not scene.carried_out:
        return
    for line in named(scene, scene.before):
        for node in walk(line):
            if not isinstance(node, Partial):
                continue
            for part in walk(node.body):
                inside = part.args[0] if isinstance(part, Call) else part.base if isinstance(part, Power) else None
                if inside is None:
                    continue
                for inner in dict.fromkeys((stripped(inside), *_factors(inside))):  # a constant factor may stand in the line
                    if isinstance(inner, Component | Name | Number):
                        continue
                    derivative = replace(node, body=inner, span=None)
                    for place in term_places(scene.line):
                        if _in_scope(scene, derivative, place):
                            new = exchange(scene.line, place.node, times(place.node, derivative))
                            yield Repair(new, "lost chain factor", partial(_lost, scene, place, derivative))


def _may_be_factor(scene: Scene, node: Node) -> bool:
    if isinstance(node, Name):
        constant = node.name in scene.letters or node.name in {str(extent) for extent in scene.extents}
        symbol = scene.step.case.symbol(node.name)
        return not constant and (symbol is None or not symbol.shape) and not node.args
    if isinstance(node, Power):
        return not isinstance(node.base, Transpose)
    return isinstance(node, Partial | Call | Norm | Component | Power | Sum | Big) and sum(1 for _ in walk(node)) <= LARGEST


def _inside(line: Node) -> Iterator[Node]:
    """The pieces of a line that a derivative may leave as factors: the arguments of functions and the bases of powers first."""
    for node in walk(line):
        if isinstance(node, Call | Norm | Power):
            yield stripped(node)
            yield from (stripped(part) for part in children(node))
    yield from (stripped(node) for node in walk(line))


def _in_scope(scene: Scene, quantity: Node, place: Place) -> bool:
    """Whether the letters of the quantity are known where it would be put."""
    own = {name for node in walk(quantity) if isinstance(node, Big) for name in node.bound}
    return letters_in(quantity, scene.letters) - own <= scene.letters_within(scene.line, place.bound)


def _kind(scene: Scene, quantity: Node) -> str:
    if any(isinstance(node, Ratio) and plain(node.below) == plain(quantity) for node in walk(scene.before)):
        return "wrong normalisation" if not scene.carried_out else "lost chain factor"
    return "lost chain factor" if scene.carried_out else "dropped factor"


def _without(scene: Scene, old: Node, new: Node, dropped: Node) -> Repair:
    node = exchange(scene.line, old, new)
    return Repair(node, _kind(scene, dropped), partial(_too_many, scene, old, new, dropped))


def _bracketed(node: Node) -> Node:
    return Group(node) if isinstance(node, Sum) else node


def _leads(node: Node) -> bool:
    """Whether a factor is better written in front: behind a sum or a function it would be read as its argument."""
    return any(isinstance(part, Big | Call) for part in walk(node))


def _lost(scene: Scene, place: Place, lost: Node) -> str:
    what = "the line" if not place.above else scene.write(place.node)
    return f"the factor {scene.write(lost)} was lost in {what}"


def _too_many(scene: Scene, old: Node, new: Node, dropped: Node) -> str:
    if isinstance(dropped, Ratio) and dropped.above == ONE:
        return f"{scene.write(old)} must not be divided by {scene.write(dropped.below)}: it must be {scene.write(new)}"
    text = scene.write(dropped)
    return f"the factor {text} does not cancel in {scene.write(old)}: a factor 1/({text}) was lost; it must be {scene.write(new)}"


def _replaced(scene: Scene, number: Node, quantity: Node) -> str:
    return f"{scene.write(number)} must be {scene.write(quantity)}: a factor was dropped"
