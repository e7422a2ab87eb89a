"""Factors that are numbers: a 2 that was lost or is too many, and numbers that count something."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from typing import TypeGuard

from tensorderiv.checker.explain.edits import ONE, Place, exchange, over, places, plain, scaled, term_places, times
from tensorderiv.checker.explain.repair import Repair, said
from tensorderiv.checker.explain.scene import Scene
from tensorderiv.checker.reading.spelling import normal
from tensorderiv.checker.tree import Call, Component, Delta, Group, Matrix, Name, Negative, Node, Norm, Number, Product, Sum, walk

TWOS = (Fraction(2), Fraction(1, 2))
NUMBERS = (
    Fraction(4),
    Fraction(1, 4),
    Fraction(3),
    Fraction(1, 3),
    Fraction(3, 2),
    Fraction(2, 3),
    Fraction(-2),
    Fraction(-1, 2),
)


def twos(scene: Scene) -> Iterator[Repair]:
    """2 a -> a, a -> 2 a, of the line or one term."""
    kind = "symmetric double sum" if scene.merges_pairs else "lost factor 2"
    for place in term_places(scene.line):
        if isinstance(place.node, Sum):
            yield from (_scaled(scene, place, by, kind) for by in TWOS if place.above == ())
            continue
        for by in TWOS:
            yield _scaled(scene, place, by, kind)


def numbers(scene: Scene) -> Iterator[Repair]:
    """Numbers that count: 3 for an extent of 2, 4 for 1."""
    counted = [extent for extent in scene.extents if isinstance(extent, int)]
    for place in places(scene.line):
        if isinstance(place.node, Number) and not _is_exponent(place):
            for extent in counted:
                if place.node.value != extent:
                    yield _counted(scene, place, Number(Fraction(extent)))
    for place in term_places(scene.line)[:8]:
        for by in NUMBERS:
            yield _scaled(scene, place, by, "lost factor 2" if abs(by) in (4, Fraction(1, 4)) else "wrong normalisation")


def extents(scene: Scene) -> Iterator[Repair]:
    """N - 1 for N, a 1/N that is missing, tr I = n taken as 1."""
    names = [Name(extent) for extent in scene.extents if isinstance(extent, str)]
    for place in places(scene.line):
        node = place.node
        if isinstance(node, Sum) and any(term in names for term in node.terms) and plain(node) in _less_one(names):
            yield _counted(scene, place, next(term for term in node.terms if term in names))
        if isinstance(node, Name) and node in names:
            yield from (_counted(scene, place, Group(less)) for less in _less_one([node]))
            yield from (_counted(scene, place, other) for other in names if other != node)
    kind = "dropped delta" if traces(scene) else "wrong normalisation"
    for place in term_places(scene.line):
        for name in names:
            yield Repair(exchange(scene.line, place.node, with_count(place.node, name)), kind, partial(_lost, scene, place, name))
            divided = exchange(scene.line, place.node, over(place.node, name))
            yield Repair(divided, "wrong normalisation", partial(_undivided, scene, place, name))
            for less in _less_one([name]):
                share = over(product_with(place.node, Group(less)), name)
                yield Repair(
                    exchange(scene.line, place.node, share), "wrong normalisation", partial(_undivided, scene, place, name)
                )
                inverse = over(product_with(place.node, name), less)
                yield Repair(
                    exchange(scene.line, place.node, inverse), "wrong normalisation", partial(_undivided, scene, place, name)
                )


def traces_of_deltas(scene: Scene) -> Iterator[Repair]:
    r"""The number that \delta_{ss} is, where it was dropped."""
    counted = [scene.extent(node.left.name) for node in walk(scene.before) if _is_trace(node) and isinstance(node.left, Name)]
    for extent in counted:
        if isinstance(extent, int):
            node = scaled(scene.line, Fraction(extent))
            yield Repair(node, "dropped delta", said(f"the trace of the delta is {extent}, not 1"))


def determinants(scene: Scene) -> Iterator[Repair]:
    """The |X| of d|X|, the |x| of a normalisation."""
    seen: set[str] = set()
    for node in [*walk(scene.line), *walk(scene.before)]:
        if isinstance(node, Name) and node.name not in scene.letters and not node.args and node.name not in seen:
            seen.add(node.name)
    arrays = {normal(symbol.name) for symbol in scene.step.case.symbols if len(symbol.shape) == 2}
    defined = {definition.name for definition in scene.definitions if isinstance(definition.body, Matrix)}
    for name in sorted(seen & (arrays | defined)):
        size = Norm(Name(name), double=False)
        for node in (times(scene.line, size, front=True), over(scene.line, size)):
            yield Repair(node, "wrong normalisation", said(f"the factor {scene.write(size)} was lost"))


def traces(scene: Scene) -> bool:
    """Whether a delta or an identity is summed over its diagonal in the line before."""
    identities = {symbol.name for symbol in scene.step.case.symbols if symbol.value in ("identity", "copy")}
    return any(
        (isinstance(node, Call) and node.name == "tr")
        or _is_trace(node)
        or (isinstance(node, Name) and node.name in identities)
        or (isinstance(node, Component) and isinstance(node.body, Name) and node.body.name in identities)
        for node in walk(scene.before_expanded)
    )


def _is_trace(node: Node) -> TypeGuard[Delta]:
    return isinstance(node, Delta) and isinstance(node.left, Name) and node.left == node.right


def with_count(node: Node, name: Name) -> Node:
    """The node times a size, written behind a number that stands in front."""
    if isinstance(node, Negative):
        return Negative(with_count(node.body, name))
    if isinstance(node, Product) and isinstance(node.factors[0][1], Number):
        return Product((node.factors[0], ("juxtaposed", name), *node.factors[1:]))
    return times(node, name, front=True)


def product_with(node: Node, factor: Node) -> Node:
    return times(node, factor, front=True)


def _less_one(names: list[Name]) -> list[Node]:
    return [Sum((name, Negative(ONE))) for name in names]


def _is_exponent(place: Place) -> bool:
    return bool(place.above) and getattr(place.above[-1], "exponent", None) is place.node


def _scaled(scene: Scene, place: Place, by: Fraction, kind: str) -> Repair:
    node = exchange(scene.line, place.node, scaled(place.node, by))
    return Repair(node, kind, partial(_factor, scene, place, by, kind))


def _factor(scene: Scene, place: Place, by: Fraction, kind: str) -> str:
    what = "the line" if not place.above else f"the term {scene.write(place.node)}"
    if kind == "symmetric double sum":
        each = "twice, as (i, j) and as (j, i)" if by > 1 else "once only"
        return f"each pair occurs in the double sum {each}: {what} needs a factor {by}"
    return f"a factor {by} was lost: {what} must be multiplied by {by}" if by > 1 else f"{what} is {1 / by} times too large"


def _counted(scene: Scene, place: Place, by: Node) -> Repair:
    node = exchange(scene.line, place.node, by)
    return Repair(node, "wrong normalisation", lambda: f"{scene.write(place.node)} must be {scene.write(by)}")


def _lost(scene: Scene, place: Place, name: Name) -> str:
    what = "the line" if not place.above else scene.write(place.node)
    if traces(scene):
        return f"the trace of a delta is {name.name}, not 1: {what} lacks the factor {name.name}"
    return f"{what} lacks the factor {name.name}"


def _undivided(scene: Scene, place: Place, name: Name) -> str:
    what = "the line" if not place.above else scene.write(place.node)
    return f"{what} is normalised wrongly: the count {name.name} is at the wrong place"
