"""Summation indices that are used twice: for the sum and for what stands outside it, or for two sums."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from itertools import combinations
from typing import cast

from tensorderiv.checker.explain.edits import Place, exchange, exchanged, places, product, renamed, stripped
from tensorderiv.checker.explain.repair import Repair
from tensorderiv.checker.explain.rules import named
from tensorderiv.checker.explain.scene import Scene
from tensorderiv.checker.tree import (
    Big,
    Comparison,
    Differential,
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
    walk,
)

KIND = "summation index reused"
MOST_SPOTS = 6


def renamed_sums(scene: Scene) -> Iterator[Repair]:
    """sum_k f_k d g_k / d x_k -> sum_i f_i d g_i / d x_k: some of the letters that the sum binds are those outside."""
    for place in places(scene.line):
        node = place.node
        if not isinstance(node, Big):
            continue
        for letter in node.bound:
            fresh = scene.unused(letter, scene.line)
            if fresh is None or letter not in scene.free:
                continue
            spots = [
                inner for inner in places(node.body) if isinstance(inner.node, Name) and inner.node.name == letter and inner.above
            ]
            variables = [spot for spot in spots if _in_variable(spot)]
            chosen = [tuple(variables)] if variables else []
            few = spots[:MOST_SPOTS]
            chosen += [kept for size in range(1, len(few)) for kept in combinations(few, size) if list(kept) != variables]
            for kept in chosen:
                yield _kept(scene, node, letter, fresh, kept)


def merged_sums(scene: Scene) -> Iterator[Repair]:
    """(sum_j a_j) (sum_j b_j) -> sum_j a_j b_j: two sums were merged."""
    for line in named(scene, scene.before):
        for place in places(line):
            yield from _merged_product(scene, line, place.node)
            if isinstance(place.node, Big):
                yield from _merged_double(scene, line, place.node)


def derivatives_inside(scene: Scene) -> Iterator[Repair]:
    """d/dx_i sum_i f_i -> sum_i d f_i / d x_i: the sum took the index of the derivative."""
    for place in places(scene.before):
        node = place.node
        if not isinstance(node, Partial):
            continue
        free = {part.name for variable in node.variables for part in walk(variable) if isinstance(part, Name)}
        for inner in places(node.body):
            big = inner.node
            if not isinstance(big, Big) or big.op != "sum" or not set(big.bound) & free & set(scene.free):
                continue
            letter = next(name for name in big.bound if name in free)
            fresh = scene.unused(letter, scene.before)
            if fresh is None:
                continue
            moved = exchange(node.body, big, replace(big, body=replace(node, body=big.body, span=None), span=None))
            slip = exchange(scene.before, node, moved)
            right = exchange(scene.before, big, renamed(big, {letter: fresh}))
            yield Repair(right, KIND, partial(_collides, scene, letter), slip)


def _merged_double(scene: Scene, line: Node, node: Big) -> Iterator[Repair]:
    """sum_i sum_j f_ij -> sum_i f_ii, sum_i a_i sum_j b_j -> sum_i a_i b_i."""
    if node.conditions:
        return
    if len(node.bound) == 2:
        yield from _one_sum(scene, line, node, node.bound, node.body)
    for place in places(node.body) if len(node.bound) == 1 else ():
        inner = place.node
        if isinstance(inner, Big) and inner.op == "sum" and len(inner.bound) == 1 and not inner.conditions:
            body = exchange(node.body, inner, stripped(inner.body))
            yield from _one_sum(scene, line, node, (node.bound[0], inner.bound[0]), body)


def _one_sum(scene: Scene, line: Node, node: Big, letters: tuple[str, ...], body: Node) -> Iterator[Repair]:
    """Both letters made one, the one or the other."""
    first, second = letters
    if scene.extent(first) == scene.extent(second):
        for kept, lost in ((first, second), (second, first)):
            slip = exchange(line, node, Big("sum", (kept,), renamed(body, {lost: kept})))
            yield Repair(line, KIND, partial(_two_sums, kept), slip)


def _merged_product(scene: Scene, line: Node, node: Node) -> Iterator[Repair]:
    inside = stripped(node)
    if isinstance(inside, Power) and inside.exponent == Number(Fraction(2)) and isinstance(big := stripped(inside.base), Big):
        yield from _merged(scene, line, node, big, big, product)
    elif (
        isinstance(inside, Power)
        and isinstance(norm := stripped(inside.base), Norm)
        and isinstance(big := stripped(norm.body), Big)
    ):
        yield from _merged(scene, line, node, big, big, partial(_filled, (_Slot(turned=True), _Slot(turned=False))))
    elif isinstance(inside, Product):
        factors = [factor for _, factor in inside.factors]
        for a, b in combinations(range(len(factors)), 2):
            first, second = stripped(factors[a]), stripped(factors[b])
            turned = isinstance(first, Transpose)
            if isinstance(first, Transpose):
                first = stripped(first.body)
            if isinstance(first, Big) and isinstance(second, Big):
                frame = (*factors[:a], _Slot(turned=turned), *factors[a + 1 : b], _Slot(turned=False), *factors[b + 1 :])
                yield from _merged(scene, line, node, first, second, partial(_filled, frame))


@dataclass(frozen=True)
class _Slot(Node):
    """Where a sum stood in a product, transposed or not."""

    turned: bool


def _filled(frame: tuple[Node, ...], *bodies: Node) -> Node:
    """The product with the bodies of the sums in their places."""
    rest = iter(bodies)
    factors = []
    for factor in frame:
        if isinstance(factor, _Slot):
            body = next(rest)
            factor = Transpose(body) if factor.turned else body
        factors.append(factor)
    return product(*factors)


def _merged(scene: Scene, line: Node, node: Node, first: Big, second: Big, join: Callable[..., Node]) -> Iterator[Repair]:
    if len(first.bound) != 1 or len(second.bound) != 1 or first.conditions != second.conditions:
        return
    letter, other = first.bound[0], second.bound[0]
    fresh = other if other != letter else scene.unused(letter, scene.before)
    if fresh is None:
        return
    body = join(_as_factor(first.body), _as_factor(renamed(second.body, {other: letter})))
    slip = exchange(line, node, replace(first, body=body, span=None))
    apart = join(_as_factor(first.body), _as_factor(renamed(second.body, {other: fresh})))
    inner = replace(first, bound=(fresh,), body=apart, conditions=_conditions(first, letter, fresh), span=None)
    right = exchange(line, node, replace(first, body=inner, span=None))
    yield Repair(right, KIND, partial(_two_sums, letter), slip)


def _conditions(big: Big, letter: str, fresh: str) -> tuple[Comparison, ...]:
    return tuple(cast(Comparison, renamed(condition, {letter: fresh})) for condition in big.conditions)


def _as_factor(node: Node) -> Node:
    inside = stripped(node)
    return Group(inside) if isinstance(inside, Sum | Negative | Product | Ratio) else inside


def _kept(scene: Scene, big: Big, letter: str, fresh: str, kept: tuple[Place, ...]) -> Repair:
    """The sum with its index renamed, but for the letters that were meant for the one outside."""
    marker = f"{letter} outside"
    marked = exchanged(big.body, {id(spot.node): Name(marker) for spot in kept})
    body = renamed(renamed(marked, {letter: fresh}), {marker: letter})
    bound = tuple(fresh if name == letter else name for name in big.bound)
    new = replace(big, bound=bound, body=body, conditions=_conditions(big, letter, fresh), span=None)
    return Repair(exchange(scene.line, big, new), KIND, partial(_collides, scene, letter))


def _in_variable(spot: Place) -> bool:
    """Whether the letter names what a derivative is taken by."""
    for outer, inner in zip(spot.above, (*spot.above[1:], spot.node), strict=True):
        if isinstance(outer, Partial) and any(variable is inner for variable in outer.variables):
            return True
    return False


def _collides(scene: Scene, letter: str) -> str:
    if any(isinstance(node, Partial | Differential) for node in walk(scene.before_expanded)):
        taken = f"{letter} is the index of the derivative, and the sum takes it again"
        return f"{taken}: every term is differentiated by its own variable"
    return f"{letter} is a free index, and the sum takes it again"


def _two_sums(letter: str) -> str:
    return f"both sums run over {letter} of their own: merged into one only the diagonal of the double sum is left"
