"""Transposes: a factor that lacks one or has one too many, factors in the wrong order, a number where a matrix belongs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import partial

from tensorderiv.checker.explain.edits import (
    Place,
    exchange,
    exchanged,
    places,
    scaled,
    stripped,
    sum_of,
    term_places,
    transposed,
)
from tensorderiv.checker.explain.repair import Repair
from tensorderiv.checker.explain.scene import Scene
from tensorderiv.checker.tree import (
    Component,
    Frobenius,
    Group,
    Hadamard,
    Name,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Ratio,
    Sum,
    Transpose,
)


def outer_products(scene: Scene) -> Iterator[Repair]:
    """x^T y -> x y^T: a number stands where a matrix belongs."""
    for place in _products(scene):
        product = place.node
        assert isinstance(product, Product)
        if not _is_number(scene, product):
            continue
        for first, (joint, row) in enumerate(product.factors):
            if not isinstance(row, Transpose):
                continue
            for last in range(first + 1, len(product.factors)):
                behind = product.factors[last]
                if isinstance(behind[1], Transpose):
                    continue
                factors = list(product.factors)
                factors[first] = (joint, row.body)
                factors[last] = (behind[0], Transpose(behind[1]))
                node = exchange(scene.line, product, Product(tuple(factors)))
                yield Repair(node, "shape", partial(_shape, scene, product, Product(tuple(factors))))
                moved = [factor for at, factor in enumerate(factors) if at not in (first, last)]
                for order in ([factors[first], factors[last]], [factors[last], factors[first]]):
                    joined = Product((*moved, *order)) if moved else Product(tuple(order))
                    again = exchange(scene.line, product, joined)
                    yield Repair(again, "shape", partial(_shape, scene, product, joined))


def one_transpose(scene: Scene) -> Iterator[Repair]:
    """A -> A^T, A^T -> A, at one place; the whole line, a term, a factor."""
    if not scene.matrices:
        return
    for place in term_places(scene.line):
        if not isinstance(place.node, Number | Name) or not place.above:
            yield _turned(scene, place, transposed(place.node))
    for place in places(scene.line):
        parent = place.above[-1] if place.above else None
        if isinstance(parent, Product | Hadamard | Frobenius) and not isinstance(place.node, Number | Ratio):
            yield _turned(scene, place, transposed(place.node))
        elif isinstance(place.node, Transpose):
            yield _turned(scene, place, place.node.body)
        elif isinstance(parent, Transpose | Power | Component) and isinstance(place.node, Group):
            yield _turned(scene, place, Group(transposed(place.node.body)))


def term_transposes(scene: Scene) -> Iterator[Repair]:
    """Every matrix between the ends of a product transposed: e^T A b -> e^T A^T b; in one term."""
    if not scene.matrices:
        return
    for place in term_places(scene.line):
        products = [inner for inner in places(place.node) if isinstance(inner.node, Product)]
        for least in (1, 0):
            new: dict[int, Node] = {}
            for inner in products:
                assert isinstance(inner.node, Product)
                for _, factor in inner.node.factors[least:]:
                    if not isinstance(factor, Number | Ratio | Group):
                        new[id(factor)] = transposed(factor)
            if len(new) > 1:
                yield _turned(scene, place, exchanged(place.node, new))


def swapped_factors(scene: Scene) -> Iterator[Repair]:
    """A B -> B A for two neighbours of a product of matrices."""
    if not scene.matrices:
        return
    for place in _products(scene):
        product = place.node
        assert isinstance(product, Product)
        for at in range(len(product.factors) - 1):
            factors = list(product.factors)
            factors[at], factors[at + 1] = factors[at + 1], factors[at]
            if any(isinstance(node, Number) for _, node in (factors[at], factors[at + 1])):
                continue
            yield _turned(scene, place, Product(tuple(factors)))


def copied_terms(scene: Scene) -> Iterator[Repair]:
    """2 A -> A + A^T: the second term of the product rule was taken for a copy of the first."""
    if not scene.matrices:
        return
    kind = "product rule" if scene.carried_out else "transposed index"
    for place in term_places(scene.line):
        if isinstance(place.node, Sum | Name | Number):
            continue
        sign = isinstance(place.node, Negative)
        body = place.node.body if isinstance(place.node, Negative) else place.node
        half = scaled(body, Fraction(1, 2))
        seconds = [(half, transposed(half)), (body, transposed(body)), *((half, second) for second in _one_turned(half))]
        for first, second in seconds:
            terms: list[Node] = [Negative(first), Negative(second)] if sign else [first, second]
            parent = place.above[-1] if place.above else None
            if isinstance(parent, Sum):
                spread = [part for term in parent.terms for part in (terms if term is place.node else [term])]
                node = exchange(scene.line, parent, Sum(tuple(spread)))
            else:
                node = exchange(scene.line, place.node, sum_of(terms))
            yield Repair(node, kind, partial(_copied, scene, place, second))


def _one_turned(node: Node) -> Iterator[Node]:
    """The product with one factor transposed: the A^T x that belongs to A x."""
    for _, factor in node.factors if isinstance(node, Product) else ():
        if not isinstance(factor, Number | Ratio):
            yield exchange(node, factor, transposed(factor))


def _is_number(scene: Scene, node: Node) -> bool:
    """Whether the node has no entries of its own."""
    return scene.trial is not None and any(not meaning.loose for meaning in scene.trial.meanings(node))


def _products(scene: Scene) -> list[Place]:
    return [place for place in places(scene.line) if isinstance(place.node, Product)]


def _turned(scene: Scene, place: Place, new: Node) -> Repair:
    node = exchange(scene.line, place.node, new)
    return Repair(node, "transposed index", lambda: f"{scene.write(place.node)} must be {scene.write(stripped(new))}")


def _shape(scene: Scene, old: Node, new: Node) -> str:
    return f"{scene.write(old)} is a number where a matrix belongs: it must be {scene.write(replace(new, span=None))}"


def _copied(scene: Scene, place: Place, second: Node) -> str:
    return f"{scene.write(place.node)} counts the first term of the product rule twice: the second one is {scene.write(second)}"
