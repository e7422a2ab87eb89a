r"""Deltas that were dropped: X_{id} \delta_{ik} -> X_{kd} although no sum runs over i or k."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import combinations, permutations
from typing import cast

from tensorderiv.checker.explain.edits import (
    Place,
    exchanged,
    letters_in,
    places,
    plain,
    product,
    renamed,
    term_places,
    terms_of,
    times,
    unmarked,
    unsigned,
)
from tensorderiv.checker.explain.repair import Repair
from tensorderiv.checker.explain.scene import Scene
from tensorderiv.checker.tree import Big, Delta, Name, Node, Product, Sum, walk

MOST_TERMS = 8


def one_delta(scene: Scene) -> Iterator[Repair]:
    """A delta that one term, or the whole line, lacks: those of the line before first."""
    for lost in _deltas(scene):
        for place in term_places(scene.line):
            if _fits(scene, place, lost):
                yield _repair(scene, [(place, lost)])


def two_deltas(scene: Scene) -> Iterator[Repair]:
    """Deltas that two terms of a sum lack, or two in one place."""
    known = _of_before(scene)
    for place in places(scene.line):
        if isinstance(place.node, Sum) and len(place.node.terms) <= MOST_TERMS:
            inside = [Place(term, place.bound, (*place.above, place.node)) for term in place.node.terms]
            lacking = [term for term in inside if not any(isinstance(part, Delta) for part in walk(term.node))]
            for a, b in combinations(lacking, 2):
                for first in known:
                    for second in known:
                        yield _repair(scene, [(a, first), (b, second)])
    pairs = _deltas(scene)
    for place in term_places(scene.line)[:4]:
        for first, second in combinations(pairs, 2):
            if _fits(scene, place, first) and _fits(scene, place, second):
                node = exchanged(scene.line, {id(place.node): times(times(place.node, first), second)})
                yield Repair(node, "dropped delta", partial(_two_lost, scene, first, second))


def delta(left: str, right: str) -> Delta:
    return Delta(Name(left), Name(right))


def _of_before(scene: Scene) -> list[Delta]:
    """The deltas of the line before."""
    found: list[Delta] = []
    for node in walk(scene.before):
        if isinstance(node, Delta) and node.left != node.right and node not in found:
            found.append(cast(Delta, unmarked(node)))
    return found


def _deltas(scene: Scene) -> list[Delta]:
    """Deltas that may be missing: those of the line before; then of two free letters; then of a summed and a free one."""
    found = _of_before(scene)
    other = sorted(letters_in(scene.line, scene.letters) - set(scene.free))
    for left, right in (*combinations(scene.free, 2), *((letter, free) for letter in other for free in scene.free)):
        pair = {delta(left, right), delta(right, left)}
        if scene.extent(left) == scene.extent(right) and not pair & set(found):
            found.append(delta(left, right))
    return found


def _letters(lost: Delta) -> list[str]:
    return [side.name for side in (lost.left, lost.right) if isinstance(side, Name)]


def _fits(scene: Scene, place: Place, lost: Delta) -> bool:
    """Whether both letters are known at the place; a bound one only inside its sum."""
    return set(_letters(lost)) <= scene.letters_within(place.node, place.bound) - _bound_below(place)


def _bound_below(place: Place) -> set[str]:
    return {name for node in walk(place.node) if isinstance(node, Big) for name in node.bound} - set(place.bound)


def _repair(scene: Scene, lacking: list[tuple[Place, Delta]]) -> Repair:
    new = {id(place.node): times(place.node, lost) for place, lost in lacking}
    return Repair(exchanged(scene.line, new), "dropped delta", partial(_lost, scene, lacking))


def _lost(scene: Scene, lacking: list[tuple[Place, Delta]]) -> str:
    told = []
    for place, lost in lacking:
        text = scene.write(lost)
        source = sifted_from(scene, place.node, lost)
        summed = [letter for letter in _letters(lost) if letter in place.bound]
        if source is not None and not summed:
            became = f"{scene.write(source)} became {scene.write(unsigned(place.node)[0])}"
            told.append(f"{became}: {text} has no summed index, so it cannot be sifted away")
        elif summed and place.node is not scene.line:
            selected = scene.write(lost.right if isinstance(lost.left, Name) and lost.left.name == summed[0] else lost.left)
            told.append(f"{text} was lost, so the sum over {summed[0]} no longer selects {selected}")
        else:
            what = "the line" if place.node is scene.line else f"the term {scene.write(place.node)}"
            told.append(f"{text} was lost: {what} is 0 unless {scene.write(lost.left)} = {scene.write(lost.right)}")
    return "; ".join(told)


def _two_lost(scene: Scene, first: Delta, second: Delta) -> str:
    return f"{scene.write(product(first, second))} was lost"


def sifted_from(scene: Scene, term: Node, lost: Delta) -> Node | None:
    """The term of the line before that became this one when the delta was left out and its index renamed."""
    wanted = plain(unsigned(term)[0])
    for node in walk(scene.before):
        for candidate in terms_of(node) if isinstance(node, Sum) else (node,):
            source = unsigned(candidate)[0]
            if not isinstance(source, Product):
                continue
            deltas = [part for _, part in source.factors if isinstance(part, Delta) and plain(part) == lost]
            if not deltas:
                continue
            rest = product(*(part for _, part in source.factors if part is not deltas[0]))
            letters = _letters(lost)
            ways = [{}, *({a: b} for a, b in permutations(letters, 2))]
            if any(plain(renamed(rest, new)) == wanted for new in ways):
                return source
    return None
