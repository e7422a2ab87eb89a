"""Wrong signs: of the line, of one term, of two terms."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import combinations

from tensorderiv.checker.explain.edits import Place, exchange, exchanged, negated, places, term_places
from tensorderiv.checker.explain.repair import Repair
from tensorderiv.checker.explain.scene import Scene
from tensorderiv.checker.tree import Negative, Node, Number, Power, Product, Ratio, Sum

MOST_TERMS = 6


def one_sign(scene: Scene) -> Iterator[Repair]:
    """a - b -> a + b, -a -> a, in sums anywhere in the line."""
    for place in term_places(scene.line):
        yield _flipped(scene, place)
    for place in places(scene.line):
        if isinstance(place.node, Negative) and isinstance(place.above[-1] if place.above else None, Product | Power):
            yield _flipped(scene, place)


def two_signs(scene: Scene) -> Iterator[Repair]:
    """Two terms of one sum."""
    for place in places(scene.line):
        if isinstance(place.node, Sum) and 2 < len(place.node.terms) <= MOST_TERMS:
            for pair in combinations(place.node.terms, 2):
                node = exchanged(scene.line, {id(term): negated(term) for term in pair})
                yield Repair(node, "wrong sign", partial(_two, scene, *pair))


def _flipped(scene: Scene, place: Place) -> Repair:
    node = exchange(scene.line, place.node, negated(place.node))
    kind = "quotient rule" if in_quotient(scene, place) else "wrong sign"
    return Repair(node, kind, partial(_one, scene, place, kind))


def in_quotient(scene: Scene, place: Place) -> bool:
    """Whether the place is a term of the numerator that the quotient rule made."""
    if not scene.of_fraction or not scene.carried_out:
        return False
    for ratio in place.above:
        if isinstance(ratio, Ratio) and isinstance(ratio.below, Power) and isinstance(place.above[-1], Sum):
            return True
    return False


def _one(scene: Scene, place: Place, kind: str) -> str:
    if not place.above:
        return "the sign of the whole line is wrong"
    if kind == "quotient rule":
        return (
            f"the second term of the numerator has the wrong sign: {scene.write(place.node)} must be {_turned(scene, place.node)}"
        )
    return f"{scene.write(place.node)} has the wrong sign: it must be {_turned(scene, place.node)}"


def _two(scene: Scene, first: Node, second: Node) -> str:
    return f"{scene.write(first)} and {scene.write(second)} have the wrong signs"


def _turned(scene: Scene, node: Node) -> str:
    turned = negated(node)
    text = scene.write(turned)
    return text if isinstance(turned, Negative | Number) else f"+{text}"
