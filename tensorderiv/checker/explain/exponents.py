"""Exponents at the wrong place: (1 - |y|)^2 for 1 - |y|^2, a denominator that was not squared."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

from tensorderiv.checker.explain.edits import Place, exchange, places, stripped
from tensorderiv.checker.explain.repair import Repair
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
    Power,
    Product,
    Ratio,
    Sum,
)

TWO = Number(Fraction(2))


def denominators(scene: Scene) -> Iterator[Repair]:
    """u / v -> u / v^2."""
    kind = "quotient rule" if scene.of_fraction else "misplaced exponent"
    for place in places(scene.line):
        if isinstance(place.node, Ratio):
            below = place.node.below
            squared: Node = Power(below, TWO)
            if isinstance(stripped(below), Power):
                inner = stripped(below)
                assert isinstance(inner, Power)
                squared = inner.base if inner.exponent == TWO else Power(Group(inner), TWO)
            new = Ratio(place.node.above, squared)
            yield Repair(exchange(scene.line, place.node, new), kind, partial(_squared, scene, below, squared))


def moved_exponents(scene: Scene) -> Iterator[Repair]:
    """(a - b)^2 -> a - b^2 and a^2 - b^2 -> (a - b)^2; (a b)^2 and a b^2; f(x)^2 and f(x^2)."""
    for place in places(scene.line):
        node = place.node
        if isinstance(node, Power):
            inside = stripped(node.base)
            if isinstance(inside, Sum):
                for at in reversed(range(len(inside.terms))):
                    terms = list(inside.terms)
                    terms[at] = _raised(terms[at], node.exponent)
                    yield _repair(scene, node, Group(Sum(tuple(terms))))
                yield _repair(scene, node, Group(Sum(tuple(_raised(term, node.exponent) for term in inside.terms))))
            elif isinstance(inside, Call) and len(inside.args) == 1:
                yield _repair(scene, node, Call(inside.name, (_raised(inside.args[0], node.exponent),), inside.base))
            elif isinstance(inside, Big):
                yield _repair(scene, node, Group(_with_body(inside, _raised(inside.body, node.exponent))))
        if isinstance(node, Group | Ratio) and isinstance(inner := stripped(node), Sum):
            for at, term in enumerate(inner.terms):
                body = stripped(term.body if isinstance(term, Negative) else term)
                if isinstance(body, Power):
                    terms = list(inner.terms)
                    terms[at] = Negative(body.base) if isinstance(term, Negative) else body.base
                    yield _repair(scene, node, Power(Group(Sum(tuple(terms))), body.exponent))
        if isinstance(node, Big) and isinstance(body := stripped(node.body), Power):
            yield _repair(scene, node, Power(Group(_with_body(node, body.base)), body.exponent))
        if isinstance(node, Call) and len(node.args) == 1 and isinstance(inner := stripped(node.args[0]), Power):
            yield _repair(scene, node, Power(Group(Call(node.name, (inner.base,), node.base)), inner.exponent))


def wrong_exponents(scene: Scene) -> Iterator[Repair]:
    """x^n -> x^(n-1), x^2 -> x, x -> x^2, x^-1 -> x."""
    for place in places(scene.line):
        node = place.node
        if isinstance(node, Power) and isinstance(node.exponent, Number):
            for by in (-1, 1):
                exponent = node.exponent.value + by
                new = node.base if exponent == 1 else Power(node.base, Number(exponent))
                if exponent:
                    yield _repair(scene, node, new)
            yield _repair(scene, node, node.base)
            yield _repair(scene, node, Power(node.base, Number(-node.exponent.value)))
        elif isinstance(node, Call | Component | Group | Norm | Name) and _is_factor(place):
            if isinstance(node, Name) and node.name in scene.letters:
                continue
            yield _repair(scene, node, Power(node, TWO))


def _is_factor(place: Place) -> bool:
    return bool(place.above) and isinstance(place.above[-1], Product | Sum | Negative | Ratio | Big)


def _raised(node: Node, exponent: Node) -> Node:
    """The term to the exponent, its sign left outside."""
    if isinstance(node, Negative):
        return Negative(_raised(node.body, exponent))
    if isinstance(node, Sum | Product | Ratio | Big):
        node = Group(node)
    return Power(node, exponent)


def _with_body(big: Big, body: Node) -> Big:
    return Big(big.op, big.bound, body, big.conditions, big.lower, big.upper)


def _repair(scene: Scene, old: Node, new: Node) -> Repair:
    return Repair(exchange(scene.line, old, new), "misplaced exponent", partial(_moved, scene, old, new))


def _moved(scene: Scene, old: Node, new: Node) -> str:
    return f"an exponent stands at the wrong place: {scene.write(old)} must be {scene.write(stripped(new))}"


def _squared(scene: Scene, below: Node, squared: Node) -> str:
    return f"the denominator {scene.write(below)} must be {scene.write(squared)}"
